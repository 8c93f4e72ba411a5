"""Any text is a valid query: it is parsed, and its problems are reported with their position."""

import pytest
from hypothesis import example, given, settings

from biobank.bootstrap import Services
from biobank.i18n import LANGUAGES
from biobank.names.folding import tokens
from biobank.search.asking import asked
from biobank.search.language.limits import CONDITIONS_MOST, WORDS_MOST
from biobank.search.language.parsing import parse
from biobank.search.language.problems import MESSAGES, Trouble
from biobank.search.language.tree import AllOf, AnyOf, Node, Not, Words, leaves, render, tidy
from biobank.search.language.values import Labels
from biobank.search.query import SearchQuery
from tests.support.questions import sentences, texts

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
def labels(services: Services) -> Labels:
    return services.search.labels()


def hard(test):  # type: ignore[no-untyped-def]
    """Apply each text of HARD as a Hypothesis example."""
    for text in HARD:
        test = example(text=text)(test)
    return test


@hard
@settings(max_examples=300)
@given(text=texts())
def test_any_text_is_read_and_its_problems_stand_in_it(labels: Labels, text: str) -> None:
    for lang in LANGUAGES:
        found = asked(SearchQuery(text=text, lang=lang), labels)
        _check_problems(text, found.problems)
        assert found.typed == text


@hard
@settings(max_examples=300)
@given(text=texts())
def test_the_language_of_the_reader_changes_messages_and_nothing_else(
    labels: Labels, text: str
) -> None:
    az, en, ru = (asked(SearchQuery(text=text, lang=lang), labels) for lang in LANGUAGES)
    assert az.tree == en.tree == ru.tree
    assert az.address() == en.address() == ru.address()
    assert [(it.start, it.end, it.code) for it in az.problems] == [
        (it.start, it.end, it.code) for it in ru.problems
    ]


@hard
@settings(max_examples=300)
@given(text=texts())
def test_no_question_is_beyond_the_limits(labels: Labels, text: str) -> None:
    tree = asked(SearchQuery(text=text), labels).tree
    plain = [leaf for leaf in leaves(tree) if isinstance(leaf, Words) and not leaf.field]
    assert sum(len(tokens(leaf.text)) for leaf in plain) <= WORDS_MOST
    assert len(list(leaves(tree))) - len(plain) <= CONDITIONS_MOST


@hard
@settings(max_examples=300)
@given(text=texts())
def test_every_tree_has_one_form_whose_text_is_read_as_that_tree(text: str) -> None:
    tree = parse(text).tree
    assert tidy(tree) == tree
    _check_shape(tree)
    again = parse(render(tree))
    assert again.tree == tree
    assert render(again.tree) == render(tree)


@settings(max_examples=300)
@given(text=sentences())
def test_a_well_made_question_has_problems_of_its_values_and_its_size_alone(
    labels: Labels, text: str
) -> None:
    codes = {problem.code for problem in asked(SearchQuery(text=text), labels).problems}
    assert codes <= {"unknown_value", "bad_date", "bad_age", "bad_distance", "too_many", "too_deep"}


def _check_problems(text: str, problems: tuple[Trouble, ...]) -> None:
    for problem in problems:
        assert 0 <= problem.start <= problem.end <= len(text), problem
        assert problem.code in MESSAGES
        assert problem.message
        assert "{" not in problem.message or "{" in text
    assert [it.start for it in problems] == sorted(it.start for it in problems)


def _check_shape(node: Node) -> None:
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
