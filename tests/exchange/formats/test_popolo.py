"""Popolo persons become records: names, dates, memberships; doubts are reported, not guessed."""

import io
import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biobank.exchange.formats import popolo
from biobank.exchange.formats.popolo import read_popolo
from biobank.exchange.imports.decompression import open_decompressed
from biobank.exchange.imports.items import ImportItem, UnreadableFile
from biobank.exchange.imports.place_resolver import PlaceResolver
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


def read(content: Any) -> list[ImportItem]:
    if not isinstance(content, str | bytes):
        content = json.dumps(content)
    content = content.encode() if isinstance(content, str) else content
    return list(read_popolo(open_decompressed(io.BytesIO(content)), PlaceResolver()))


def read_person(**changes: Any) -> ImportItem:
    (result,) = read({"persons": [{**PERSON, **changes}]})
    return result


def record(item: ImportItem) -> dict[str, Any]:
    assert not item.error, item.error
    loaded = person_schema.load(item.data)
    assert isinstance(loaded, dict)
    return loaded


def test_a_person_becomes_a_record() -> None:
    result = read_person()
    assert record(result) == {
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
    assert (result.key, result.notices) == ("p1", [])


@pytest.mark.parametrize(
    "content",
    [
        DOCUMENT,
        json.dumps(DOCUMENT, indent=2),
        json.dumps(dict(reversed(DOCUMENT.items()))),
        {"persons": [{**PERSON, "memberships": [MEMBER]}], "organizations": [SOVIET]},
    ],
)
def test_memberships_bundle_their_organisations(content: Any) -> None:
    (result,) = read(content)
    assert record(result)["memberships"] == [
        {"organisation": "supreme-soviet", "role": {"en": "member"}, "date": "1937-12-12/1946"}
    ]
    (organisation,) = result.bundled_records["organisations"]
    assert organisation_schema.load(organisation)["kind"] == "parliament"


def test_memberships_in_unsupported_organisations_are_reported() -> None:
    club = {**SOVIET, "classification": "club"}
    (result,) = read({**DOCUMENT, "organizations": [club]})
    assert "memberships" not in record(result)
    assert str(result.notices[0]).startswith(
        "memberships: Memberships left out because the organisation has no name"
    )
    assert result.bundled_records == {}


@pytest.mark.parametrize("content", [json.dumps(PERSON) + "\n" + json.dumps(PERSON) + "\n", [PERSON, PERSON]])
def test_lines_and_lists_of_people_are_read(content: Any) -> None:
    assert [record(result)["gender"] for result in read(content)] == ["male", "male"]


def test_january_first_is_read_as_a_year() -> None:
    result = read_person(birth_date="1885-01-01", death_date="1948-11-23T00:00:00Z")
    assert record(result)["birth"] == {"date": "1885"}
    assert record(result)["death"] == {"date": "1948-11-23"}
    assert [str(notice) for notice in result.notices] == [
        "birth.date: 1885-01-01 was interpreted as the year 1885."
    ]


def test_unknown_values_are_reported_and_left_out() -> None:
    result = read_person(gender="?", birth_date="18.09.1885", death_date=None)
    assert record(result).keys() == {"names", "identifiers"}
    assert [notice.path for notice in result.notices] == ["gender", "birth.date"]


def test_a_person_without_a_name_is_refused() -> None:
    assert str(read_person(name="", other_names=[]).error) == "The name is missing."
    assert str(read_person(name="12", other_names=None).error) == "The name is missing."


def test_given_and_family_name_are_a_name() -> None:
    result = read_person(name=None, given_name="Uzeyir", family_name="Hajibeyov", other_names=[])
    assert record(result)["names"][0]["text"] == "Uzeyir Hajibeyov"
    # The ending shows this surname; another one is taken over.
    assert "family" not in record(result)["names"][0]
    result = read_person(name="Reza Deghati", given_name="Reza", family_name="Deghati", other_names=[])
    assert record(result)["names"][0]["family"] == "Deghati"


def test_too_many_memberships_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(popolo, "MAX_INDEXED_ENTRIES", 1)
    with pytest.raises(UnreadableFile, match=r"organisations and memberships. Split the file"):
        read(DOCUMENT)


def test_excess_memberships_are_reported() -> None:
    members = [{**MEMBER, "role": f"member {number}"} for number in range(103)]
    [item] = read({**DOCUMENT, "memberships": members})
    assert len(item.data["memberships"]) == 100
    assert "Values left out: 3. A record can have at most 100." in [notice.message for notice in item.notices]


def test_unmatched_memberships_are_reported_for_the_file() -> None:
    unmatched = [{**MEMBER, "person_id": "p9"}, {"organization_id": "o1"}, 7]
    *_, last = read({**DOCUMENT, "memberships": [MEMBER, *unmatched]})
    assert [last.label, last.is_file_notice] == ["the file", True]
    assert [notice.values for notice in last.notices] == [{"count": 3}]


def test_a_duplicate_key_in_a_membership_is_reported() -> None:
    text = '{"persons": [{"id": "p1", "name": "A B"}], "memberships": [{"role": 1, "role": 2}]}'
    good, bad = read_popolo(io.BytesIO(text.encode()), PlaceResolver())
    assert good.data["names"]
    assert (bad.label, bad.error.code) == ("memberships[0]", "key_twice")


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "name", "other_names", "lang", "birth_date", "memberships", "gender"])
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
def test_any_document_is_read_or_refused(document: Any) -> None:
    for result in read(document):
        assert result.error or result.is_file_notice or result.data["names"]


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    with suppress(UnreadableFile):
        assert all(result.error for result in read(content))
