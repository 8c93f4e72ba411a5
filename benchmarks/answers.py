"""Time of the search page with answers to questions, divided by the time without them.

Run: `python -m benchmarks.answers` with the settings of a bank (see the README), e.g. one made by `make run`.
Prints the median and the 95th percentile in milliseconds of a processor, warm, and their ratio: for
judged queries, of which few are questions, and for questions of fact.
"""

import statistics
import time
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final
from unittest import mock
from urllib.parse import quote

import yaml
from flask.testing import FlaskClient

from biobank.app.factory import create_app
from biobank.bootstrap import Services, open_services

TESTS: Final = Path(__file__).parents[1] / "tests" / "relevance"
ROUNDS: Final = 5


def page_ms(client: FlaskClient, query: dict[str, Any]) -> float:
    """Return the time of the page of a query in milliseconds of a processor."""
    started = time.process_time()
    response = client.get(f"/{query.get('lang', 'en')}/search?q={quote(query['q'])}")
    elapsed = (time.process_time() - started) * 1000
    # A refused request is fast.
    assert response.status_code == HTTPStatus.OK, response.status
    return elapsed


def page_times(services: Services, client: FlaskClient, query: dict[str, Any]) -> tuple[float, float]:
    """Return the shortest times of the page of a query with and without answers.

    Both are measured in turn, so that other programs slow both.
    """
    rounds = []
    for _ in range(ROUNDS):
        answered = page_ms(client, query)
        with mock.patch.object(services.answers, "find", return_value=None):
            rounds.append((answered, page_ms(client, query)))
    return min(answered for answered, _ in rounds), min(plain for _, plain in rounds)


def main() -> None:
    with open_services() as services:
        client = create_app(services).test_client()
        for name in ("questions.yaml", "fact_questions.yaml"):
            queries = yaml.safe_load((TESTS / name).read_text("utf-8"))
            answered, plain = zip(*(page_times(services, client, query) for query in queries), strict=True)
            for label, measure in (
                ("p50", statistics.median),
                ("p95", lambda times: sorted(times)[int(0.95 * len(times))]),
            ):
                with_ms, without_ms = measure(answered), measure(plain)
                print(f"{name} {label}: {with_ms:.1f} / {without_ms:.1f} ms = {with_ms / without_ms:.2f}")


if __name__ == "__main__":
    main()
