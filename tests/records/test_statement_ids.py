"""Ids of statements, which are fragments of the page of the person."""

import pytest

from biobank.records.people.statement_ids import fact_id, page_fragment, sentence_id


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("birth.place", "birth"),
        ("birth", "birth"),
        ("events[0]", "event-1"),
        ("works[11]", "work-12"),
        ("memberships[2]", "membership-3"),
        ("names[1]", ""),
        ("professions", ""),
        ("headline.az", ""),
    ],
)
def test_the_id_of_a_fact_follows_from_its_path(path: str, expected: str) -> None:
    assert fact_id(path) == expected


def test_a_sentence_is_shown_in_its_paragraph() -> None:
    assert sentence_id("en", 3, 2) == "biography-en-3-2"
    assert page_fragment("biography-en-3-2") == page_fragment("biography-en-3") == "biography-en-3"
    assert page_fragment("event-2") == "event-2"
    assert page_fragment("") == ""
