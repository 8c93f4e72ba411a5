"""Splitting of a record into two: nothing is lost, and merging restores it."""

from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from biobank.accounts.identity import Identity
from biobank.editorial.merging.record_merge import merge_two_records
from biobank.editorial.merging.split import DESTINATIONS, list_split_items, split_person, split_record
from biobank.editorial.revisions.bulk_save import save_records
from biobank.editorial.revisions.latest_revisions import latest_revision
from biobank.errors import EditConflict, Forbidden, RecordRefused
from biobank.records.people import queries
from biobank.records.people.schemas import person_schema
from biobank.records.validation import load_validated
from biobank.store.session import Database
from tests.editorial.merging.test_record_merge import find_missing
from tests.support.records import records

EDITOR = Identity("editor", "session", "an editor", 1)
TWO = "two-people"

NAMES = [
    {"text": "Sınaq Birinci", "lang": "az", "kind": "preferred"},
    {"text": "Sınaq İkinci", "lang": "az", "kind": "variant"},
]


def two(**fields: Any) -> dict[str, Any]:
    return load_validated(person_schema, {"id": TWO, "names": NAMES, **fields})


@given(records(), st.data())
def test_split_keeps_every_item(data: dict[str, Any], draw: st.DataObject) -> None:
    record = load_validated(person_schema, {**data, "id": TWO})
    assume(all(relation["person"] != TWO for relation in record.get("relations", ())))
    chosen = {item.key: draw.draw(st.sampled_from(DESTINATIONS)) for item in list_split_items(record)}
    # Both records need a name.
    chosen["names.0"] = "both"
    remaining, moved = split_record(record, chosen)
    repeated = merge_two_records(remaining, {"id": "new-person", **moved}, {})
    assert find_missing(record, repeated, "new-person") == []


def test_split_makes_two_drafts_and_keeps_public_record(database: Database) -> None:
    works = [{"title": {"az": title}, "cites": [{"source": "1917-org-narimanov"}]} for title in "ab"]
    record = two(works=works, gender="male", biography={"en": "One."})
    with database.write() as session:
        save_records(session, [record], EDITOR, "", publish=True)
    chosen = {"names.1": "goes", "works.1": "goes", "gender": "both"}
    result = split_person(database, EDITOR, TWO, 1, chosen, "Two cousins")
    with database.read() as session:
        assert queries.load_record(session, TWO) == record
        remaining, moved = (latest_revision(session, TWO), latest_revision(session, result.new_id))
    assert remaining is not None
    assert moved is not None
    assert (remaining.number, remaining.state, moved.number, moved.state) == (2, "draft", 1, "draft")
    assert remaining.record == {**record, "names": NAMES[:1], "works": works[:1]}
    assert result.new_id == "sinaq-ikinci"
    assert moved.record == {
        "id": result.new_id,
        "names": NAMES[1:],
        "gender": "male",
        "works": works[1:],
        "sources": ["1917-org-narimanov"],
    }


@pytest.mark.parametrize("chosen", [{}, {"works.0": "goes"}, {"names.0": "goes", "names.1": "goes"}])
def test_both_records_need_a_name(chosen: dict[str, str]) -> None:
    with pytest.raises(RecordRefused):
        split_record(two(works=[{"title": {"az": "Bir"}}]), chosen)


def test_a_stale_base_and_a_contributor_are_refused(database: Database) -> None:
    with database.write() as session:
        save_records(session, [two()], EDITOR, "", publish=True)
    with pytest.raises(EditConflict):
        split_person(database, EDITOR, TWO, 2, {"names.1": "goes"})
    with pytest.raises(Forbidden):
        split_person(database, Identity("contributor", "session"), TWO, 1, {"names.1": "goes"})
