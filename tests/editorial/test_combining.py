"""The merged record of two people: nothing is lost unless deselected."""

from collections.abc import Mapping
from itertools import permutations
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from biobank.editorial.merging.combining import combine, redirected
from biobank.editorial.merging.parts import parts
from biobank.records.people.schemas import person_schema
from biobank.records.problems import load
from tests.support import seed
from tests.support.records import records

KEPT, GONE = "kept-person", "gone-person"

Record = dict[str, Any]


def person(person_id: str, **fields: Any) -> Record:
    names = [{"text": "Ağabəy Sınaq", "lang": "az", "kind": "preferred"}]
    return load(person_schema, {"id": person_id, "names": names, **fields})


def whole(data: Record, person_id: str) -> Record:
    """Return a generated record as one of the two, without relations to either."""
    return load(person_schema, {**data, "id": person_id})


def lost(record: Record, result: Record, other: str) -> list[Any]:
    """Return the values of `record` missing from `result`, except relations to the other person."""
    missing: list[Any] = []
    for name, value in record.items():
        if isinstance(value, list):
            items = [it for it in value if not (name == "relations" and it["person"] == other)]
            missing += [it for it in items if not any(says(name, i, it) for i in result[name])]
        elif name != "id" and not says(name, result.get(name), value):
            missing.append((name, value))
    return missing


def says(name: str, more: Any, less: Any) -> bool:
    """Return whether `larger` contains all data of `smaller`."""
    if isinstance(less, Mapping) and isinstance(more, Mapping):
        return all(key in more and says(key, more[key], value) for key, value in less.items())
    if isinstance(less, list) and isinstance(more, list):
        return all(it in more for it in less)
    # The kind of a name may change between preferred and variant.
    return more == less or (name == "kind" and less in ("preferred", "variant"))


@given(records())
def test_a_record_and_itself_make_itself(data: Record) -> None:
    one = load(person_schema, data)
    assume(all(tie["person"] != one["id"] for tie in one.get("relations", ())))
    assert combine(one, one, {}) == one


@given(records(), records())
def test_all_of_the_kept_record_stays_unless_chosen_otherwise(left: Record, right: Record) -> None:
    kept, gone = whole(left, KEPT), whole(right, GONE)
    result = combine(kept, gone, {})
    assert result["id"] == KEPT
    assert lost(kept, result, GONE) == []
    assert load(person_schema, result) == result


@given(records(), records())
def test_all_of_the_other_record_comes_where_it_is_chosen(left: Record, right: Record) -> None:
    kept, gone = whole(left, KEPT), whole(right, GONE)
    every = {
        part.key: "both" if "both" in part.offers and part.path[0] != "biography" else "gone"
        for part in parts(kept, gone)
    }
    assert lost(gone, combine(kept, gone, every), KEPT) == []


@given(records(), records())
def test_what_is_lost_is_what_a_choice_left_out(left: Record, right: Record) -> None:
    """By default only one of two contradicting values is lost."""
    kept, gone = whole(left, KEPT), whole(right, GONE)
    chosen = {part.path[0] for part in parts(kept, gone) if "gone" in part.options}
    for name in lost(gone, combine(kept, gone, {}), KEPT):
        assert isinstance(name, tuple), name
        assert name[0] in chosen


@given(records(), records(), st.data())
def test_whatever_is_chosen_makes_a_record(
    left: Record, right: Record, data: st.DataObject
) -> None:
    kept, gone = whole(left, KEPT), whole(right, GONE)
    choices = {
        part.key: data.draw(st.sampled_from(part.options))
        for part in parts(kept, gone)
        if part.options
    }
    result = combine(kept, gone, choices)
    assert load(person_schema, result) == result
    assert set(result.get("sources", ())) >= {*kept.get("sources", ()), *gone.get("sources", ())}


def test_people_of_the_seed_lose_nothing() -> None:
    people = [load(person_schema, record) for record in list(seed.people().values())[:6]]
    for kept, gone in permutations(people, 2):
        result = combine(kept, gone, {})
        assert lost(kept, result, gone["id"]) == []
        assert {text["text"] for text in result["names"]} >= {it["text"] for it in gone["names"]}


def by_kind(record: Record) -> dict[str, str]:
    return {name["kind"]: name["text"] for name in record["names"]}


def test_one_stays_preferred_and_the_other_becomes_a_variant() -> None:
    other = {"text": "Ağa Bəy Sınaq", "lang": "az", "kind": "preferred"}
    kept, gone = person(KEPT), person(GONE, names=[other])
    assert by_kind(combine(kept, gone, {})) == {
        "preferred": "Ağabəy Sınaq",
        "variant": "Ağa Bəy Sınaq",
    }
    assert by_kind(combine(kept, gone, {"preferred.az": "gone"})) == {
        "preferred": "Ağa Bəy Sınaq",
        "variant": "Ağabəy Sınaq",
    }


def test_a_name_left_out_leaves_the_other_preferred() -> None:
    other = {"text": "Ağa Bəy Sınaq", "lang": "az", "kind": "preferred"}
    kept, gone = person(KEPT), person(GONE, names=[other])
    result = combine(kept, gone, {"preferred.az": "gone", "names.0": "kept"})
    assert result["names"] == kept["names"]


def test_the_same_work_is_told_once_with_all_that_both_say() -> None:
    kept = person(KEPT, works=[{"title": {"az": "Sınaq"}, "date": "1937"}])
    gone = person(
        GONE, works=[{"title": {"az": "Sınaq", "en": "A Test"}, "cites": [{"source": "a"}]}]
    )
    assert combine(kept, gone, {})["works"] == [
        {"title": {"az": "Sınaq", "en": "A Test"}, "date": "1937", "cites": [{"source": "a"}]}
    ]


def test_works_of_one_title_and_two_dates_both_stand_unless_one_is_chosen() -> None:
    works = [{"title": {"az": "Sınaq"}, "date": date} for date in ("1936", "1937")]
    kept, gone = person(KEPT, works=works[:1]), person(GONE, works=works[1:])
    assert combine(kept, gone, {})["works"] == works
    assert combine(kept, gone, {"works.0": "kept"})["works"] == works[:1]
    assert combine(kept, gone, {"works.0": "gone"})["works"] == works[1:]


def test_two_premieres_are_not_made_one() -> None:
    kept = person(KEPT, events=[{"type": "premiere", "date": "1908"}])
    gone = person(GONE, events=[{"type": "premiere", "place": "baku"}])
    assert len(combine(kept, gone, {})["events"]) == 2


def test_a_citation_goes_with_what_it_supports() -> None:
    kept = person(KEPT, birth={"date": "1885", "cites": [{"source": "a"}]})
    gone = person(GONE, birth={"date": "1886", "cites": [{"source": "b"}]})
    assert combine(kept, gone, {})["birth"] == kept["birth"]
    assert combine(kept, gone, {"birth.date": "gone"})["birth"] == gone["birth"]
    gone["birth"]["place"] = "baku"
    both = combine(kept, gone, {})
    assert both["birth"] == {
        "date": "1885",
        "place": "baku",
        "cites": [{"source": "a"}, {"source": "b"}],
    }
    assert both["sources"] == ["a", "b"]


@pytest.mark.parametrize(
    ("choice", "text"), [("kept", "One."), ("gone", "Two."), ("both", "One.\n\nTwo.")]
)
def test_a_life_is_chosen_by_language(choice: str, text: str) -> None:
    kept = person(KEPT, biography={"en": "One."})
    gone = person(GONE, biography={"en": "Two.", "ru": "Два."})
    result = combine(kept, gone, {"biography.en": choice})
    assert result["biography"] == {"en": text, "ru": "Два."}


def test_ties_between_the_two_go() -> None:
    kept = person(KEPT, relations=[{"type": "teacher", "person": GONE}])
    gone = person(GONE, relations=[{"type": "sibling", "person": KEPT}])
    assert "relations" not in combine(kept, gone, {})


def test_ties_of_others_lead_to_the_kept_one_and_say_the_same_once() -> None:
    ties = [
        {"type": "teacher", "person": KEPT},
        {"type": "teacher", "person": GONE, "date": "1900"},
        {"type": "sibling", "person": GONE},
        {"type": "sibling", "person": "somebody"},
    ]
    assert redirected(person("other", relations=ties), GONE, KEPT)["relations"] == [
        {"type": "teacher", "person": KEPT, "date": "1900"},
        {"type": "sibling", "person": KEPT},
        {"type": "sibling", "person": "somebody"},
    ]
