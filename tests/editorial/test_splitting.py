"""Splitting of a record into two: nothing is lost, and merging restores it."""

from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from biobank.accounts.identity import Identity
from biobank.editorial import saving
from biobank.editorial.merging.combining import combine
from biobank.editorial.merging.dividing import WHOSE, divide, pieces
from biobank.editorial.merging.split import split
from biobank.editorial.publishing import save_many
from biobank.errors import EditConflict, Forbidden, RecordRefused
from biobank.records.people import queries
from biobank.records.people.schemas import person_schema
from biobank.records.problems import load
from biobank.store.session import Database
from tests.editorial.test_combining import lost
from tests.support.records import records

EDITOR = Identity("editor", "session", "an editor", 1)
TWO = "two-people"

NAMES = [
    {"text": "Sınaq Birinci", "lang": "az", "kind": "preferred"},
    {"text": "Sınaq İkinci", "lang": "az", "kind": "variant"},
]


def two(**fields: Any) -> dict[str, Any]:
    return load(person_schema, {"id": TWO, "names": NAMES, **fields})


@given(records(), st.data())
def test_whatever_is_given_away_stands_in_one_of_the_two(
    data: dict[str, Any], draw: st.DataObject
) -> None:
    record = load(person_schema, {**data, "id": TWO})
    assume(all(tie["person"] != TWO for tie in record.get("relations", ())))
    chosen = {it.key: draw.draw(st.sampled_from(WHOSE)) for it in pieces(record)}
    # Both records need a name.
    chosen["names.0"] = "both"
    stays, goes = divide(record, chosen)
    again = combine(stays, {"id": "new-person", **goes}, {})
    assert lost(record, again, "new-person") == []


def test_a_split_makes_two_drafts_and_leaves_what_is_public(database: Database) -> None:
    works = [
        {"title": {"az": title}, "cites": [{"source": "1917-org-narimanov"}]} for title in "ab"
    ]
    record = two(works=works, gender="male", biography={"en": "One."})
    with database.write() as session:
        save_many(session, [record], EDITOR, "", publish=True)
    chosen = {"names.1": "goes", "works.1": "goes", "gender": "both"}
    made = split(database, EDITOR, TWO, 1, chosen, "Two cousins")
    with database.read() as session:
        assert queries.record(session, TWO) == record
        stays, goes = saving.head(session, TWO), saving.head(session, made.new_id)
    assert stays is not None
    assert goes is not None
    assert (stays.number, stays.state, goes.number, goes.state) == (2, "draft", 1, "draft")
    assert stays.record == {**record, "names": NAMES[:1], "works": works[:1]}
    assert made.new_id == "sinaq-ikinci"
    assert goes.record == {
        "id": made.new_id,
        "names": NAMES[1:],
        "gender": "male",
        "works": works[1:],
        "sources": ["1917-org-narimanov"],
    }


@pytest.mark.parametrize(
    "chosen", [{}, {"works.0": "goes"}, {"names.0": "goes", "names.1": "goes"}]
)
def test_each_of_the_two_has_a_name(chosen: dict[str, str]) -> None:
    with pytest.raises(RecordRefused):
        divide(two(works=[{"title": {"az": "Bir"}}]), chosen)


def test_a_stale_base_and_a_contributor_are_refused(database: Database) -> None:
    with database.write() as session:
        save_many(session, [two()], EDITOR, "", publish=True)
    with pytest.raises(EditConflict):
        split(database, EDITOR, TWO, 2, {"names.1": "goes"})
    with pytest.raises(Forbidden):
        split(database, Identity("contributor", "session"), TWO, 1, {"names.1": "goes"})
