"""Time of the search page with answers to questions, divided by the time without them.

Run: `python -m benchmarks.answers` with the settings of a bank (see the README), e.g. one made by `make run`.
Prints the median and the 95th percentile in milliseconds of a processor, warm, and their ratio: for
judged queries, of which few are questions, and for questions of fact.
"""

import statistics
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final
from unittest import mock
from urllib.parse import quote

import yaml
from flask.testing import FlaskClient

from biobank.app.factory import create_app
from biobank.bootstrap import open_services

TESTS: Final = Path(__file__).parents[1] / "tests" / "relevance"
ROUNDS: Final = 5


def page_times(client: FlaskClient, queries: Sequence[dict[str, Any]]) -> list[float]:
    """Return the shortest time of the page of each query in milliseconds of a processor."""
    times = []
    for query in queries:
        rounds = []
        for _ in range(ROUNDS):
            started = time.process_time()
            client.get(f"/{query.get('lang', 'en')}/search?q={quote(query['q'])}")
            rounds.append((time.process_time() - started) * 1000)
        times.append(min(rounds))
    return times


def main() -> None:
    with open_services() as services:
        client = create_app(services).test_client()
        for name in ("questions.yaml", "fact_questions.yaml"):
            queries = yaml.safe_load((TESTS / name).read_text("utf-8"))
            answered = page_times(client, queries)
            with mock.patch.object(services.answers, "find", return_value=None):
                plain = page_times(client, queries)
            for label, measure in (
                ("p50", statistics.median),
                ("p95", lambda times: sorted(times)[int(0.95 * len(times))]),
            ):
                with_ms, without_ms = measure(answered), measure(plain)
                print(f"{name} {label}: {with_ms:.1f} / {without_ms:.1f} ms = {with_ms / without_ms:.2f}")


if __name__ == "__main__":
    main()
