"""Recognition of conditions in the plain questions (plain_questions.yaml), by kind and by language."""

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import fmean

import pytest

from biobank.bootstrap import Services
from biobank.common.i18n import LANGUAGES
from biobank.names.folding import fold, tokens
from biobank.records.dates import parse_date_range
from biobank.search.analysis import analyse
from biobank.search.language.fields import FIELD_KINDS, QueryFieldKind
from biobank.search.language.tree import AnyOf, Phrase, QueryNode, Value, Words, plain_words, top_parts
from biobank.search.query import SearchQuery
from biobank.search.query_words import query_words
from tests.relevance.plain_questions import KINDS, PlainQuestion, plain_questions

MIN_RIGHT = 0.95
#: Share of questions with a right person at rank one, of those that name one.
MIN_FIRST = 0.95
#: A kind has so few questions that one wrong one may be a fifth of them.
MIN_RIGHT_OF_KIND = 0.75

QUESTIONS = plain_questions()


@dataclass(frozen=True)
class ReadQuestion:
    """A question, what was recognised in it, the words that are left, and who is found first."""

    question: PlainQuestion
    conditions: frozenset[object]
    words: tuple[str, ...]
    is_right: bool
    first: str

    @property
    def is_first_right(self) -> bool:
        return not self.question.first or self.first in self.question.first

    def __str__(self) -> str:
        question = self.question
        return (
            f"[{question.lang}] {question.kind}: {question.q} -> {sorted(map(str, self.conditions))}"
            f" + {list(self.words)}, first {self.first}"
        )


def comparable(node: QueryNode, lang: str) -> object:
    """Return a condition in a form that is equal for conditions that mean the same."""
    if isinstance(node, AnyOf):
        return frozenset(comparable(part, lang) for part in node.parts)
    if isinstance(node, Words | Phrase):
        return node.field, tuple(token.terms[0] for token in analyse(node.text, lang) if not token.stop)
    assert isinstance(node, Value), node
    if FIELD_KINDS[node.field] is QueryFieldKind.DATES:
        return node.field, parse_date_range(node.value)
    return node.field, node.value


def all_conditions(query: SearchQuery) -> Iterable[QueryNode]:
    """Yield the conditions of a normalized query, those in facets and dates included."""
    for facet, choice in query.choices.items():
        values = tuple(Value(facet, value) for value in choice.include)
        yield values[0] if len(values) == 1 else AnyOf(values)
    for field, dates in (("born", query.born), ("died", query.died)):
        if dates:
            yield Value(field, dates.text)
    plain = plain_words(query.tree)
    yield from (part for part in top_parts(query.tree) if part is not plain and query.text)


def read(services: Services, question: PlainQuestion) -> ReadQuestion:
    """Return what the search recognises in a question."""
    normalized = services.search.normalize(SearchQuery(text=question.q, lang=question.lang))
    conditions = frozenset(comparable(node, question.lang) for node in all_conditions(normalized))
    plain = plain_words(normalized.tree)
    left = () if plain is None else tuple(word.text for word in query_words(plain.text) if not word.stop)
    expected = {
        frozenset(
            comparable(node, question.lang)
            for text in reading
            for node in all_conditions(
                services.search.normalize(SearchQuery(text=text, lang=question.lang, literal=True))
            )
        )
        for reading in question.readings
    }
    expected_words = [fold(token.text) for word in question.words for token in tokens(word)]
    is_right = conditions in expected and sorted(map(fold, left)) == sorted(expected_words)
    hits = services.search.search(SearchQuery(text=question.q, lang=question.lang, size=1)).hits
    return ReadQuestion(question, conditions, left, is_right, hits[0].id if hits else "")


@pytest.fixture(scope="module")
def results(services: Services) -> list[ReadQuestion]:
    return [read(services, question) for question in QUESTIONS]


def share(values: Iterable[bool]) -> float:
    return fmean(map(float, values))


def listed(results: Iterable[ReadQuestion]) -> str:
    return "\n".join(map(str, results))


def test_conditions_are_right(results: list[ReadQuestion]) -> None:
    wrong = [result for result in results if not result.is_right]
    assert share(result.is_right for result in results) >= MIN_RIGHT, listed(wrong)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_conditions_are_right_in_each_language(results: list[ReadQuestion], lang: str) -> None:
    of_lang = [result for result in results if result.question.lang == lang]
    wrong = [result for result in of_lang if not result.is_right]
    assert share(result.is_right for result in of_lang) >= MIN_RIGHT, listed(wrong)


@pytest.mark.parametrize("kind", KINDS)
def test_conditions_of_each_kind_are_right(results: list[ReadQuestion], kind: str) -> None:
    of_kind = [result for result in results if result.question.kind == kind]
    wrong = [result for result in of_kind if not result.is_right]
    assert share(result.is_right for result in of_kind) >= MIN_RIGHT_OF_KIND, listed(wrong)


def test_questions_of_the_issue_are_right(results: list[ReadQuestion]) -> None:
    assert not [str(result) for result in results if result.question.named and not result.is_right]


def test_expected_people_come_first(results: list[ReadQuestion]) -> None:
    named = [result for result in results if result.question.first]
    wrong = [result for result in named if not result.is_first_right]
    assert share(result.is_first_right for result in named) >= MIN_FIRST, listed(wrong)
