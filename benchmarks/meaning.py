"""Measure retrieval by meaning: `python -m benchmarks.meaning`, over the bank of the settings.

Needs BIOBANK_SEMANTIC=1, an index and its vectors (`biobank index vectors`). Quality is measured on
the judged questions of `tests/relevance`, with people found by meaning after the hits.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import fmean, median
from typing import Any

import yaml

from benchmarks import memory
from biobank.bootstrap import Services, open_services
from biobank.search.query import SearchQuery
from tests.relevance import test_relevance
from tests.relevance.measures import ndcg

QUESTIONS: list[Mapping[str, Any]] = yaml.safe_load(
    Path(test_relevance.__file__).with_name("questions.yaml").read_text(encoding="utf-8")
)
FIRST_PAGE = 10
BEST_GRADE = 3


def main() -> None:
    with open_services() as services:
        print(f"{services.engine.health().documents} people, {len(QUESTIONS)} questions")
        # Everything that a search without vectors needs is loaded before memory is measured.
        without = [search(services, question, by_meaning=False) for question in QUESTIONS]
        memory_before = memory.resident_mb()
        with_meaning = [search(services, question, by_meaning=True) for question in QUESTIONS]
        print(f"memory          {memory.resident_mb() - memory_before:8.0f} MB for model and vectors")
        report("without", without)
        report("with meaning", with_meaning)
        lost = [
            question["q"]
            for question, before, after in zip(QUESTIONS, without, with_meaning, strict=True)
            if is_best(question, before[0]) and not is_best(question, after[0])
        ]
        print(f"lost at rank one: {', '.join(lost) or 'nobody'}")
        print(f"questions with people found by meaning: {sum(after[1] > 0 for after in with_meaning)}")
        print(
            f"people found by meaning: {sum(after[1] for after in with_meaning)}, judged relevant: "
            f"{sum(after[2] for after in with_meaning)}"
        )
        encoder = services.encoder
        if encoder is not None:
            texts = [f"{question['q']}?" for question in QUESTIONS]
            print(f"encode          {median(map(timed(encoder.encode_question), texts)):8.1f} ms a question")


def search(
    services: Services, question: Mapping[str, Any], *, by_meaning: bool
) -> tuple[Sequence[str], int, int, float]:
    """Return ids, number of people found by meaning and of relevant ones among them, milliseconds."""
    query = SearchQuery(text=question["q"], lang=question["lang"], size=FIRST_PAGE)
    started = time.perf_counter()
    response = services.search.search(query, by_meaning=by_meaning)
    milliseconds = (time.perf_counter() - started) * 1000
    extra = [hit.id for hit in response.by_meaning or ()]
    relevant = sum(id_ in question["judged"] for id_ in extra)
    return [*(hit.id for hit in response.hits), *extra], len(extra), relevant, milliseconds


def report(name: str, results: Sequence[tuple[Sequence[str], int, int, float]]) -> None:
    scores = [
        ndcg(result[0], question["judged"]) for question, result in zip(QUESTIONS, results, strict=True)
    ]
    best = [is_best(question, result[0]) for question, result in zip(QUESTIONS, results, strict=True)]
    print(
        f"{name:15} nDCG@10 {fmean(scores):.4f}  success@1 {fmean(best):.4f}  "
        f"p50 {median(result[3] for result in results):.1f} ms"
    )


def is_best(question: Mapping[str, Any], ranked: Sequence[str]) -> bool:
    return bool(ranked) and question["judged"].get(ranked[0]) == BEST_GRADE


def timed(function: Callable[[str], object]) -> Callable[[str], float]:
    """Return a function that runs `function` and returns the milliseconds it took."""

    def run(text: str) -> float:
        started = time.perf_counter()
        function(text)
        return (time.perf_counter() - started) * 1000

    return run


if __name__ == "__main__":
    main()
