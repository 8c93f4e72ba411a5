"""Each detailed query matches exactly the people whose records meet its conditions."""

from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from tests.relevance.detailed_queries import QUESTIONS, DetailedQuery
from tests.relevance.oracle import RecordBank, matching_ids

#: Maximum number of queries without matches in this bank.
MAX_EMPTY_QUERIES = 3

each_question = pytest.mark.parametrize("question", QUESTIONS, ids=lambda query: query.description)


def search(client: FlaskClient, question: DetailedQuery) -> dict[str, Any]:
    """Return the whole result set as one page."""
    address = quote(question.address, safe="=&")
    response = client.get(f"/api/v1/search?{address}&lang={question.lang}&size=100")
    assert response.status_code == 200, response.text
    body: dict[str, Any] = response.get_json()
    return body


@each_question
def test_matches_equal_conditions_on_records(
    client: FlaskClient, record_bank: RecordBank, question: DetailedQuery
) -> None:
    expected = matching_ids(record_bank, *question.conditions)
    body = search(client, question)
    matching = {hit["id"] for hit in body["hits"]}
    assert body["query"]["problems"] == []
    assert (sorted(matching - expected), sorted(expected - matching)) == ([], []), question.description
    assert (body["total"], body["match"]) == (len(expected), "found")


@each_question
def test_no_condition_of_a_question_is_idle(record_bank: RecordBank, question: DetailedQuery) -> None:
    expected, conditions = matching_ids(record_bank, *question.conditions), question.conditions
    for at in range(len(conditions)):
        more = matching_ids(record_bank, *conditions[:at], *conditions[at + 1 :])
        assert more > expected or not expected, f"condition {at + 1}: {question.description}"


def test_queries_are_varied_and_mostly_not_empty(record_bank: RecordBank) -> None:
    sizes = [len(matching_ids(record_bank, *question.conditions)) for question in QUESTIONS]
    assert len({(question.address, question.lang) for question in QUESTIONS}) >= 44
    assert sizes.count(0) <= MAX_EMPTY_QUERIES
    assert max(sizes) < len(record_bank.people) / 4
