"""The merged record of two people: nothing is lost unless deselected."""

from collections.abc import Mapping
from itertools import permutations
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from biobank.editorial.merging.field_choices import build_field_choices
from biobank.editorial.merging.record_merge import merge_two_records, redirect_relations
from biobank.records.people.schemas import person_schema
from biobank.records.validation import load_validated
from tests.support import seed
from tests.support.records import records

SURVIVOR, DUPLICATE = "kept-person", "gone-person"

Record = dict[str, Any]


def person(person_id: str, **fields: Any) -> Record:
    names = [{"text": "Ağabəy Sınaq", "lang": "az", "kind": "preferred"}]
    return load_validated(person_schema, {"id": person_id, "names": names, **fields})


def complete(data: Record, person_id: str) -> Record:
    """Return a generated record as one of the two, without relations to either."""
    return load_validated(person_schema, {**data, "id": person_id})


def find_missing(record: Record, result: Record, other_id: str) -> list[Any]:
    """Return the values of `record` missing from `result`, except relations to the other person."""
    missing: list[Any] = []
    for name, value in record.items():
        if isinstance(value, list):
            items = [item for item in value if not (name == "relations" and item["person"] == other_id)]
            missing += [item for item in items if not any(contains(name, i, item) for i in result[name])]
        elif name != "id" and not contains(name, result.get(name), value):
            missing.append((name, value))
    return missing


def contains(name: str, larger: Any, smaller: Any) -> bool:
    """Return whether `larger` contains all data of `smaller`."""
    if isinstance(smaller, Mapping) and isinstance(larger, Mapping):
        return all(key in larger and contains(key, larger[key], value) for key, value in smaller.items())
    if isinstance(smaller, list) and isinstance(larger, list):
        return all(item in larger for item in smaller)
    # The kind of a name may change between preferred and variant.
    return larger == smaller or (name == "kind" and smaller in ("preferred", "variant"))


@given(records())
def test_merging_a_record_with_itself_changes_nothing(data: Record) -> None:
    expected = load_validated(person_schema, data)
    assume(all(relation["person"] != expected["id"] for relation in expected.get("relations", ())))
    assert merge_two_records(expected, expected, {}) == expected


@given(records(), records())
def test_survivor_data_is_kept_by_default(left: Record, right: Record) -> None:
    survivor, duplicate = complete(left, SURVIVOR), complete(right, DUPLICATE)
    result = merge_two_records(survivor, duplicate, {})
    assert result["id"] == SURVIVOR
    assert find_missing(survivor, result, DUPLICATE) == []
    assert load_validated(person_schema, result) == result


@given(records(), records())
def test_duplicate_data_is_used_if_chosen(left: Record, right: Record) -> None:
    survivor, duplicate = complete(left, SURVIVOR), complete(right, DUPLICATE)
    every = {
        part.key: "both" if "both" in part.offers and part.path[0] != "biography" else "gone"
        for part in build_field_choices(survivor, duplicate)
    }
    assert find_missing(duplicate, merge_two_records(survivor, duplicate, every), SURVIVOR) == []


@given(records(), records())
def test_only_deselected_values_are_lost(left: Record, right: Record) -> None:
    """By default only one of two contradicting values is lost."""
    survivor, duplicate = complete(left, SURVIVOR), complete(right, DUPLICATE)
    chosen = {part.path[0] for part in build_field_choices(survivor, duplicate) if "gone" in part.options}
    for name in find_missing(duplicate, merge_two_records(survivor, duplicate, {}), SURVIVOR):
        assert isinstance(name, tuple), name
        assert name[0] in chosen


@given(records(), records(), st.data())
def test_any_choices_make_a_valid_record(left: Record, right: Record, data: st.DataObject) -> None:
    survivor, duplicate = complete(left, SURVIVOR), complete(right, DUPLICATE)
    choices = {
        part.key: data.draw(st.sampled_from(part.options))
        for part in build_field_choices(survivor, duplicate)
        if part.options
    }
    result = merge_two_records(survivor, duplicate, choices)
    assert load_validated(person_schema, result) == result
    assert set(result.get("sources", ())) >= {*survivor.get("sources", ()), *duplicate.get("sources", ())}


def test_merging_seed_people_loses_nothing() -> None:
    people = [load_validated(person_schema, record) for record in list(seed.people().values())[:6]]
    for survivor, duplicate in permutations(people, 2):
        result = merge_two_records(survivor, duplicate, {})
        assert find_missing(survivor, result, duplicate["id"]) == []
        assert {text["text"] for text in result["names"]} >= {name["text"] for name in duplicate["names"]}


def by_kind(record: Record) -> dict[str, str]:
    return {name["kind"]: name["text"] for name in record["names"]}


def test_one_preferred_name_remains() -> None:
    other = {"text": "Ağa Bəy Sınaq", "lang": "az", "kind": "preferred"}
    survivor, duplicate = person(SURVIVOR), person(DUPLICATE, names=[other])
    assert by_kind(merge_two_records(survivor, duplicate, {})) == {
        "preferred": "Ağabəy Sınaq",
        "variant": "Ağa Bəy Sınaq",
    }
    assert by_kind(merge_two_records(survivor, duplicate, {"preferred.az": "gone"})) == {
        "preferred": "Ağa Bəy Sınaq",
        "variant": "Ağabəy Sınaq",
    }


def test_deselected_name_leaves_other_preferred() -> None:
    other = {"text": "Ağa Bəy Sınaq", "lang": "az", "kind": "preferred"}
    survivor, duplicate = person(SURVIVOR), person(DUPLICATE, names=[other])
    result = merge_two_records(survivor, duplicate, {"preferred.az": "gone", "names.0": "kept"})
    assert result["names"] == survivor["names"]


def test_equal_works_are_combined() -> None:
    survivor = person(SURVIVOR, works=[{"title": {"az": "Sınaq"}, "date": "1937"}])
    duplicate = person(
        DUPLICATE, works=[{"title": {"az": "Sınaq", "en": "A Test"}, "cites": [{"source": "a"}]}]
    )
    assert merge_two_records(survivor, duplicate, {})["works"] == [
        {"title": {"az": "Sınaq", "en": "A Test"}, "date": "1937", "cites": [{"source": "a"}]}
    ]


def test_works_with_different_dates_are_both_kept_by_default() -> None:
    works = [{"title": {"az": "Sınaq"}, "date": date} for date in ("1936", "1937")]
    survivor, duplicate = person(SURVIVOR, works=works[:1]), person(DUPLICATE, works=works[1:])
    assert merge_two_records(survivor, duplicate, {})["works"] == works
    assert merge_two_records(survivor, duplicate, {"works.0": "kept"})["works"] == works[:1]
    assert merge_two_records(survivor, duplicate, {"works.0": "gone"})["works"] == works[1:]


def test_ambiguous_events_are_not_combined() -> None:
    survivor = person(SURVIVOR, events=[{"type": "premiere", "date": "1908"}])
    duplicate = person(DUPLICATE, events=[{"type": "premiere", "place": "baku"}])
    assert len(merge_two_records(survivor, duplicate, {})["events"]) == 2


def test_citations_follow_their_values() -> None:
    survivor = person(SURVIVOR, birth={"date": "1885", "cites": [{"source": "a"}]})
    duplicate = person(DUPLICATE, birth={"date": "1886", "cites": [{"source": "b"}]})
    assert merge_two_records(survivor, duplicate, {})["birth"] == survivor["birth"]
    assert merge_two_records(survivor, duplicate, {"birth.date": "gone"})["birth"] == duplicate["birth"]
    duplicate["birth"]["place"] = "baku"
    both = merge_two_records(survivor, duplicate, {})
    assert both["birth"] == {"date": "1885", "place": "baku", "cites": [{"source": "a"}, {"source": "b"}]}
    assert both["sources"] == ["a", "b"]


@pytest.mark.parametrize(("choice", "text"), [("kept", "One."), ("gone", "Two."), ("both", "One.\n\nTwo.")])
def test_biography_is_chosen_per_language(choice: str, text: str) -> None:
    survivor = person(SURVIVOR, biography={"en": "One."})
    duplicate = person(DUPLICATE, biography={"en": "Two.", "ru": "Два."})
    result = merge_two_records(survivor, duplicate, {"biography.en": choice})
    assert result["biography"] == {"en": text, "ru": "Два."}


def test_relations_between_the_two_are_removed() -> None:
    survivor = person(SURVIVOR, relations=[{"type": "teacher", "person": DUPLICATE}])
    duplicate = person(DUPLICATE, relations=[{"type": "sibling", "person": SURVIVOR}])
    assert "relations" not in merge_two_records(survivor, duplicate, {})


def test_redirected_relations_are_deduplicated() -> None:
    relations = [
        {"type": "teacher", "person": SURVIVOR},
        {"type": "teacher", "person": DUPLICATE, "date": "1900"},
        {"type": "sibling", "person": DUPLICATE},
        {"type": "sibling", "person": "somebody"},
    ]
    assert redirect_relations(person("other", relations=relations), DUPLICATE, SURVIVOR)["relations"] == [
        {"type": "teacher", "person": SURVIVOR, "date": "1900"},
        {"type": "sibling", "person": SURVIVOR},
        {"type": "sibling", "person": "somebody"},
    ]
