"""Any text is a valid query: it is parsed, and its problems are reported with their position."""

from dataclasses import replace

import pytest
from hypothesis import example, given, settings

from biobank.bootstrap import Services
from biobank.common.i18n import LANGUAGES
from biobank.names.folding import tokens
from biobank.search.language.label_index import LabelIndex
from biobank.search.language.parser import parse
from biobank.search.language.problems import PROBLEM_MESSAGES, QueryProblem
from biobank.search.language.tree import (
    MAX_CONDITIONS,
    MAX_QUERY_WORDS,
    AllOf,
    AnyOf,
    Not,
    QueryNode,
    Words,
    leaves,
    render,
    tidy,
)
from biobank.search.normalize import normalize_query
from biobank.search.query import SearchQuery
from tests.support.profiles import scaled
from tests.support.query_texts import sentences, texts

HARD = (
    "",
    " ",
    '"',
    "((((((((((((((((((((a))))))))))))))))))))",
    "(" * 600,
    "-" * 600,
    '"(' * 300,
    "a OR " * 120,
    "NOT " * 150,
    "name:" * 120,
    "NOT OR NOT",
    "-(-opera)",
    'x:"a"b:c*',
    "ad:ad:ad:Üzeyir",
    "near:~km",
    'near:"a"~9999km',
    '-"!"',
    'work:"…"',
    "age:..",
    "\u0301\u0301:\u0301*",
    "İ:İ*",
    "ﬀ*",
    "\ud7ff\ue000\U0010ffff",
)


@pytest.fixture(scope="module")
def labels(services: Services) -> LabelIndex:
    return services.search.labels()


def hard(test):  # type: ignore[no-untyped-def]
    """Apply each text of HARD as a Hypothesis example."""
    for text in HARD:
        test = example(text=text)(test)
    return test


@hard
@settings(max_examples=scaled(300))
@given(text=texts())
def test_any_text_is_parsed_and_problem_positions_are_within_it(labels: LabelIndex, text: str) -> None:
    for lang in LANGUAGES:
        normalized = normalize_query(SearchQuery(text=text, lang=lang), labels)
        _check_problems(text, normalized.problems)
        assert normalized.typed == text


@hard
@settings(max_examples=scaled(300))
@given(text=texts())
def test_reader_language_does_not_change_the_query(labels: LabelIndex, text: str) -> None:
    az, en, ru = (normalize_query(SearchQuery(text=text, lang=lang), labels) for lang in LANGUAGES)
    assert az.tree == en.tree == ru.tree
    assert az.url_params() == en.url_params() == ru.url_params()
    assert [replace(problem, suggestions=()) for problem in az.problems] == [
        replace(problem, suggestions=()) for problem in ru.problems
    ]


@hard
@settings(max_examples=scaled(300))
@given(text=texts())
def test_no_question_is_beyond_the_limits(labels: LabelIndex, text: str) -> None:
    tree = normalize_query(SearchQuery(text=text), labels).tree
    plain = [leaf for leaf in leaves(tree) if isinstance(leaf, Words) and not leaf.field]
    assert sum(len(tokens(leaf.text)) for leaf in plain) <= MAX_QUERY_WORDS
    assert len(list(leaves(tree))) - len(plain) <= MAX_CONDITIONS


@hard
@settings(max_examples=scaled(300))
@given(text=texts())
def test_rendered_tree_parses_to_same_tree(text: str) -> None:
    tree = parse(text).tree
    assert tidy(tree) == tree
    _check_shape(tree)
    reparsed = parse(render(tree))
    assert reparsed.tree == tree
    assert render(reparsed.tree) == render(tree)


@settings(max_examples=scaled(300))
@given(text=sentences())
def test_well_formed_query_has_only_value_and_size_problems(labels: LabelIndex, text: str) -> None:
    codes = {problem.code for problem in normalize_query(SearchQuery(text=text), labels).problems}
    assert codes <= {"unknown_value", "bad_date", "bad_age", "bad_distance", "too_many", "too_deep"}


def _check_problems(text: str, problems: tuple[QueryProblem, ...]) -> None:
    for problem in problems:
        assert 0 <= problem.start <= problem.end <= len(text), problem
        assert problem.code in PROBLEM_MESSAGES
        assert all(problem.message_with_suggestions(lang) for lang in LANGUAGES)
    assert [ordered.start for ordered in problems] == sorted(ordered.start for ordered in problems)


def _check_shape(node: QueryNode) -> None:
    """Check that groups are not trivial or nested in their kind, and negations not doubled."""
    if isinstance(node, Not):
        assert not isinstance(node.part, Not)
        _check_shape(node.part)
    elif isinstance(node, AllOf | AnyOf):
        assert len(node.parts) != 1
        assert len(set(node.parts)) == len(node.parts)
        for part in node.parts:
            assert not isinstance(part, type(node))
            assert part != AllOf()
            _check_shape(part)
