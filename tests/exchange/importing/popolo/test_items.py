"""Popolo persons become records: names, dates, memberships; doubts are reported, not guessed."""

import io
import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biobank.exchange.importing.bank import Bank
from biobank.exchange.importing.opening import opened
from biobank.exchange.importing.popolo import memberships
from biobank.exchange.importing.popolo.items import popolo_items
from biobank.exchange.importing.reading import Item, UnreadableFile
from biobank.records.organisations.schemas import organisation_schema
from biobank.records.people.schemas import person_schema

PERSON = {
    "id": "p1",
    "name": "Uzeyir Hajibeyov",
    "other_names": [
        {"name": "Üzeyir Hacıbəyov", "lang": "az", "note": "multilingual"},
        {"name": "Uzeyir Hajibeyov", "lang": "en", "note": "multilingual"},
        {"name": "Узеир Гаджибеков", "lang": "ru"},
        {"name": "Uzeir Hajibekov", "lang": "en", "note": "alternate"},
        {"name": "Hajibeyli", "note": "birth name"},
    ],
    "gender": "M",
    "birth_date": "1885-09-18",
    "death_date": "1948-11",
    "identifiers": [{"scheme": "wikidata", "identifier": "Q199"}, {"scheme": "", "identifier": 7}],
}
SOVIET = {"id": "o1", "name": "Supreme Soviet", "classification": "legislature"}
MEMBER = {
    "person_id": "p1",
    "organization_id": "o1",
    "role": "member",
    "start_date": "1937-12-12",
    "end_date": "1946",
}
DOCUMENT = {"persons": [PERSON], "organizations": [SOVIET], "memberships": [MEMBER]}


def read(content: Any) -> list[Item]:
    if not isinstance(content, str | bytes):
        content = json.dumps(content)
    content = content.encode() if isinstance(content, str) else content
    return list(popolo_items(opened(io.BytesIO(content)), Bank()))


def one(**changes: Any) -> Item:
    (found,) = read({"persons": [{**PERSON, **changes}]})
    return found


def record(found: Item) -> dict[str, Any]:
    assert not found.fault, found.fault
    loaded = person_schema.load(found.data)
    assert isinstance(loaded, dict)
    return loaded


def test_a_person_becomes_a_record() -> None:
    found = one()
    assert record(found) == {
        "names": [
            {"text": "Uzeyir Hajibeyov", "lang": "en", "kind": "preferred"},
            {"text": "Üzeyir Hacıbəyov", "lang": "az", "kind": "preferred"},
            {"text": "Узеир Гаджибеков", "lang": "ru", "kind": "preferred"},
            {"text": "Uzeir Hajibekov", "lang": "en", "kind": "variant"},
            {"text": "Hajibeyli", "lang": "und", "kind": "birth"},
        ],
        "gender": "male",
        "birth": {"date": "1885-09-18"},
        "death": {"date": "1948-11"},
        "identifiers": {"wikidata": "Q199"},
    }
    assert (found.key, found.notices) == ("p1", [])


@pytest.mark.parametrize(
    "content",
    [
        DOCUMENT,
        json.dumps(DOCUMENT, indent=2),
        json.dumps(dict(reversed(DOCUMENT.items()))),
        {"persons": [{**PERSON, "memberships": [MEMBER]}], "organizations": [SOVIET]},
    ],
)
def test_memberships_come_with_their_organisations(content: Any) -> None:
    (found,) = read(content)
    assert record(found)["memberships"] == [
        {
            "organisation": "supreme-soviet",
            "role": {"en": "member"},
            "date": "1937-12-12/1946",
        }
    ]
    (organisation,) = found.brings["organisations"]
    assert organisation_schema.load(organisation)["kind"] == "parliament"


def test_memberships_in_what_the_bank_has_no_kind_for_are_told() -> None:
    club = {**SOVIET, "classification": "club"}
    (found,) = read({**DOCUMENT, "organizations": [club]})
    assert "memberships" not in record(found)
    assert str(found.notices[0]).startswith("memberships: 1 left out")
    assert found.brings == {}


@pytest.mark.parametrize(
    "content", [json.dumps(PERSON) + "\n" + json.dumps(PERSON) + "\n", [PERSON, PERSON]]
)
def test_lines_and_lists_of_people_are_read(content: Any) -> None:
    assert [record(found)["gender"] for found in read(content)] == ["male", "male"]


def test_a_first_of_january_is_read_as_the_year_it_stands_for() -> None:
    found = one(birth_date="1885-01-01", death_date="1948-11-23T00:00:00Z")
    assert record(found)["birth"] == {"date": "1885"}
    assert record(found)["death"] == {"date": "1948-11-23"}
    assert [str(it) for it in found.notices] == [
        "birth.date: 1885-01-01 is read as the year 1885, for which it stands"
    ]


def test_what_is_not_known_is_told_and_left_out() -> None:
    found = one(gender="?", birth_date="18.09.1885", death_date=None)
    assert record(found).keys() == {"names", "identifiers"}
    assert [notice.path for notice in found.notices] == ["gender", "birth.date"]


def test_a_person_without_a_name_is_refused() -> None:
    assert str(one(name="", other_names=[]).fault) == "Has no name."
    assert str(one(name="12", other_names=None).fault) == "Has no name."


def test_given_and_family_name_are_a_name() -> None:
    found = one(name=None, given_name="Uzeyir", family_name="Hajibeyov", other_names=[])
    assert record(found)["names"][0]["text"] == "Uzeyir Hajibeyov"


def test_too_many_memberships_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memberships, "HELD_MOST", 1)
    with pytest.raises(UnreadableFile, match="organisations and memberships; split the file"):
        read(DOCUMENT)


def test_memberships_beyond_those_of_a_record_are_told() -> None:
    many = [{**MEMBER, "role": f"member {number}"} for number in range(103)]
    [item] = read({**DOCUMENT, "memberships": many})
    assert len(item.data["memberships"]) == 100
    assert "3 left out; a record has at most 100" in [told.message for told in item.notices]


def test_memberships_of_nobody_in_the_file_are_told_of_the_file() -> None:
    alone = [{**MEMBER, "person_id": "p9"}, {"organization_id": "o1"}, 7]
    *_, last = read({**DOCUMENT, "memberships": [MEMBER, *alone]})
    assert [last.label, last.is_remark] == ["the file", True]
    assert [told.values for told in last.notices] == [{"count": 3}]


def test_a_key_that_stands_twice_in_a_membership_is_told_at_its_place() -> None:
    text = '{"persons": [{"id": "p1", "name": "A B"}], "memberships": [{"role": 1, "role": 2}]}'
    good, bad = popolo_items(io.BytesIO(text.encode()), Bank())
    assert good.data["names"]
    assert (bad.label, bad.fault.code) == ("memberships[0]", "key_twice")


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["id", "name", "other_names", "lang", "birth_date", "memberships", "gender"]
            )
            | st.text(max_size=3),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(
    st.dictionaries(
        st.sampled_from(["persons", "organizations", "memberships"]),
        anything | st.lists(anything, max_size=3),
    )
    | anything
)
def test_whatever_a_document_holds_is_read_or_refused(document: Any) -> None:
    for found in read(document):
        assert found.fault or found.is_remark or found.data["names"]


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    with suppress(UnreadableFile):
        assert all(found.fault for found in read(content))
