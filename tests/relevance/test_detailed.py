"""Each detailed query matches exactly the people whose records meet its conditions."""

from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from tests.relevance.bank import Bank, who
from tests.relevance.detailed import QUESTIONS, Question

#: Maximum number of queries without matches in this bank.
EMPTY_MOST = 3

each_question = pytest.mark.parametrize("question", QUESTIONS, ids=lambda one: one.meaning)


def ask(client: FlaskClient, question: Question) -> dict[str, Any]:
    """Return the whole result set as one page."""
    address = quote(question.address, safe="=&")
    answer = client.get(f"/api/v1/search?{address}&lang={question.lang}&size=100")
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.get_json()
    return body


@each_question
def test_exactly_those_are_found_whose_records_say_so(
    client: FlaskClient, store: Bank, question: Question
) -> None:
    expected = who(store, *question.conditions)
    body = ask(client, question)
    found = {hit["id"] for hit in body["hits"]}
    assert body["query"]["problems"] == []
    assert (sorted(found - expected), sorted(expected - found)) == ([], []), question.meaning
    assert (body["total"], body["match"]) == (len(expected), "found")


@each_question
def test_no_condition_of_a_question_is_idle(store: Bank, question: Question) -> None:
    expected, conditions = who(store, *question.conditions), question.conditions
    for at in range(len(conditions)):
        more = who(store, *conditions[:at], *conditions[at + 1 :])
        assert more > expected or not expected, f"condition {at + 1}: {question.meaning}"


def test_the_table_asks_much_and_mostly_of_somebody(store: Bank) -> None:
    sizes = [len(who(store, *question.conditions)) for question in QUESTIONS]
    assert len({(question.address, question.lang) for question in QUESTIONS}) >= 44
    assert sizes.count(0) <= EMPTY_MOST
    assert max(sizes) < len(store.people) / 4
