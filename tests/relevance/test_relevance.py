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
from biobank.common.i18n import LANGUAGES
from biobank.records.people import queries
from biobank.search.query import SearchQuery
from tests.relevance.measures import ndcg

DEPTH = 10
MIN_MEAN_NDCG, MIN_LANGUAGE_NDCG = 0.90, 0.85
#: Number of worst queries, and of their first results, listed in a failure message.
SHOWN_QUERIES, SHOWN_RESULTS = 10, 5

QUESTIONS: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "questions.yaml").read_text("utf-8")
)


@dataclass(frozen=True)
class JudgedResult:
    """A judged query with its ranked results."""

    text: str
    lang: str
    judged: Mapping[str, int]
    ranked: list[str]

    @property
    def value(self) -> float:
        return ndcg(self.ranked, self.judged, DEPTH)

    def __str__(self) -> str:
        first = (f"{id_}:{self.judged.get(id_, 0)}" for id_ in self.ranked[:SHOWN_RESULTS])
        return f"{self.value:.3f} [{self.lang}] {self.text} -> {' '.join(first) or 'nobody'}"


def search_ids(services: Services, text: str, lang: str) -> list[str]:
    """Return the ids of the results in order."""
    response = services.search.search(SearchQuery(text=text, lang=lang, size=DEPTH))
    return [hit.id for hit in response.hits]


@pytest.fixture(scope="module")
def results(services: Services) -> list[JudgedResult]:
    return [
        JudgedResult(
            query["q"], query["lang"], query["judged"], search_ids(services, query["q"], query["lang"])
        )
        for query in QUESTIONS
    ]


def mean_and_worst(results: list[JudgedResult]) -> tuple[float, str]:
    """Return the mean score, and a text that lists the worst queries first."""
    mean = fmean(result.value for result in results)
    worst = sorted(results, key=lambda result: result.value)[:SHOWN_QUERIES]
    lines = "\n".join(str(result) for result in worst)
    return mean, f"mean nDCG@{DEPTH} {mean:.4f} of {len(results)} questions; the worst:\n{lines}"


def test_questions_are_answered_well(results: list[JudgedResult]) -> None:
    mean, message = mean_and_worst(results)
    assert mean >= MIN_MEAN_NDCG, message


@pytest.mark.parametrize("lang", LANGUAGES)
def test_questions_of_each_language_are_answered_well(results: list[JudgedResult], lang: str) -> None:
    mean, message = mean_and_worst([result for result in results if result.lang == lang])
    assert mean >= MIN_LANGUAGE_NDCG, message


def test_judged_people_exist(services: Services) -> None:
    with services.database.read() as session:
        known = set(
            queries.published_revisions(session, {id_ for query in QUESTIONS for id_ in query["judged"]})
        )
    assert {id_ for query in QUESTIONS for id_ in query["judged"]} == known


def test_queries_are_unique_with_a_best_result() -> None:
    assert not [query["q"] for query in QUESTIONS if 3 not in query["judged"].values()]
    assert {grade for query in QUESTIONS for grade in query["judged"].values()} == {1, 2, 3}
    assert set(Counter((query["q"], query["lang"]) for query in QUESTIONS).values()) == {1}


def test_each_language_has_at_least_a_quarter_of_queries() -> None:
    counts = Counter(query["lang"] for query in QUESTIONS)
    assert min(counts[lang] for lang in LANGUAGES) >= len(QUESTIONS) / 4
