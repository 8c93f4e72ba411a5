"""Time of recognising conditions in plain words, and of building the phrases of a catalogue.

Run: `python -m benchmarks.recognition` with the settings of a bank (see the README), e.g. one made by
`make run`. Prints milliseconds of a processor, warm: what normalizing each question costs with
recognition and without it.
"""

import statistics
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

import yaml

from biobank.bootstrap import open_services
from biobank.search.query import SearchQuery
from biobank.search.recognition.phrases import PhraseIndex

TESTS: Final = Path(__file__).parents[1] / "tests" / "relevance"
ROUNDS: Final = 7


def best_ms(call: Callable[[], object]) -> float:
    """Return the shortest of several calls in milliseconds of a processor."""
    times = []
    for _ in range(ROUNDS):
        started = time.process_time()
        call()
        times.append((time.process_time() - started) * 1000)
    return min(times)


def main() -> None:
    entries = yaml.safe_load((TESTS / "plain_questions.yaml").read_text("utf-8"))
    queries = [SearchQuery(entry["q"], entry["lang"]) for entry in entries]
    queries.append(SearchQuery("poets born in Baku before 1914 " * 19, "en"))
    with open_services() as services:
        service = services.search
        catalogue = services.catalogue().public
        print(f"phrases of the catalogue built in {best_ms(lambda: PhraseIndex(catalogue)):.0f} ms")
        for recognise in (False, True):
            calls = [partial(service.normalize, query, recognise=recognise) for query in queries]
            times = sorted(map(best_ms, calls[:-1]))
            longest = best_ms(calls[-1])
            print(
                f"{'with' if recognise else 'without'} recognition, {len(times)} questions:"
                f" p50 {statistics.median(times):.2f}, p95 {times[int(len(times) * 0.95)]:.2f},"
                f" max {times[-1]:.2f}; 600 characters {longest:.2f}"
            )


if __name__ == "__main__":
    main()
