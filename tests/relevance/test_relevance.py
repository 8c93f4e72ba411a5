"""Ranking quality on judged queries over the seed (questions.yaml)."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

import pytest
import yaml

from biobank.bootstrap import Services
from biobank.i18n import LANGUAGES
from biobank.records.people import queries
from biobank.search.query import SearchQuery
from tests.relevance.measures import ndcg

DEPTH = 10
OVERALL, EACH_LANGUAGE = 0.90, 0.85
#: Number of worst queries, and of their first results, listed in a failure message.
WORST, FIRST = 10, 5

QUESTIONS: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "questions.yaml").read_text("utf-8")
)


@dataclass(frozen=True)
class Result:
    """A judged query with its ranked results."""

    text: str
    lang: str
    judged: Mapping[str, int]
    ranked: list[str]

    @property
    def value(self) -> float:
        return ndcg(self.ranked, self.judged, DEPTH)

    def __str__(self) -> str:
        first = (f"{id_}:{self.judged.get(id_, 0)}" for id_ in self.ranked[:FIRST])
        return f"{self.value:.3f} [{self.lang}] {self.text} -> {' '.join(first) or 'nobody'}"


def ask(services: Services, text: str, lang: str) -> list[str]:
    """Return the ids of the results in order."""
    answer = services.search.search(SearchQuery(text=text, lang=lang, size=DEPTH))
    return [hit.id for hit in answer.hits]


@pytest.fixture(scope="module")
def results(services: Services) -> list[Result]:
    return [
        Result(one["q"], one["lang"], one["judged"], ask(services, one["q"], one["lang"]))
        for one in QUESTIONS
    ]


def mean_and_worst(results: list[Result]) -> tuple[float, str]:
    """Return the mean score, and a text that lists the worst queries first."""
    mean = fmean(result.value for result in results)
    worst = sorted(results, key=lambda result: result.value)[:WORST]
    lines = "\n".join(str(result) for result in worst)
    return mean, f"mean nDCG@{DEPTH} {mean:.4f} of {len(results)} questions; the worst:\n{lines}"


def test_questions_are_answered_well(results: list[Result]) -> None:
    mean, message = mean_and_worst(results)
    assert mean >= OVERALL, message


@pytest.mark.parametrize("lang", LANGUAGES)
def test_questions_of_each_language_are_answered_well(results: list[Result], lang: str) -> None:
    mean, message = mean_and_worst([result for result in results if result.lang == lang])
    assert mean >= EACH_LANGUAGE, message


def test_every_judgement_is_of_somebody_in_the_bank(services: Services) -> None:
    with services.database.read() as session:
        known = set(queries.versions(session, {id_ for one in QUESTIONS for id_ in one["judged"]}))
    assert {id_ for one in QUESTIONS for id_ in one["judged"]} == known


def test_every_question_has_a_best_answer_and_stands_once() -> None:
    assert not [one["q"] for one in QUESTIONS if 3 not in one["judged"].values()]
    assert {grade for one in QUESTIONS for grade in one["judged"].values()} == {1, 2, 3}
    assert set(Counter((one["q"], one["lang"]) for one in QUESTIONS).values()) == {1}


def test_no_language_is_asked_in_less_than_a_quarter() -> None:
    asked = Counter(one["lang"] for one in QUESTIONS)
    assert min(asked[lang] for lang in LANGUAGES) >= len(QUESTIONS) / 4
