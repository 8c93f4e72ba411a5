"""Three-way merge: no change is lost, and conflicts are reported."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from biobank.editorial.conflicts import apply_choices, merge_records
from biobank.editorial.revisions.record_diff import iter_leaves
from tests.support.records import records

BASE: dict[str, Any] = {
    "id": "sinaq-sinaqov",
    "names": [{"text": "Sınaq Sınaqov", "lang": "az", "kind": "preferred"}],
    "gender": "male",
    "professions": ["poet", "publicist"],
    "headline": {"az": "şair", "en": "poet"},
    "works": [
        {"title": {"az": "Birinci"}, "date": "1901"},
        {"title": {"az": "İkinci"}, "date": "1902"},
        {"title": {"az": "Üçüncü"}, "date": "1903"},
    ],
}


def work(title: str, date: str) -> dict[str, Any]:
    return {"title": {"az": title}, "date": date}


@given(records(), records())
def test_change_of_one_side_is_accepted(base: dict[str, Any], edit: dict[str, Any]) -> None:
    for merged in (
        merge_records(base, edit, base),
        merge_records(base, base, edit),
        merge_records(base, edit, edit),
    ):
        assert merged.record == edit
        assert merged.conflicts == ()


@given(records(), records(), records())
def test_merge_loses_no_change(base: dict[str, Any], ours: dict[str, Any], theirs: dict[str, Any]) -> None:
    merged = merge_records(base, ours, theirs)
    merged_values = {repr(value) for _, value in iter_leaves(merged.record)}
    clashing = {repr(value) for conflict in merged.conflicts for _, value in iter_leaves(conflict.ours)}
    old = {repr(value) for _, value in iter_leaves(base)}
    for side, present in ((ours, merged_values | clashing), (theirs, merged_values)):
        assert {repr(value) for _, value in iter_leaves(side)} - old <= present


@given(records(), records(), records())
def test_conflicts_are_symmetric(base: dict[str, Any], ours: dict[str, Any], theirs: dict[str, Any]) -> None:
    forward, backward = merge_records(base, ours, theirs), merge_records(base, theirs, ours)
    assert {conflict.path for conflict in forward.conflicts} == {
        conflict.path for conflict in backward.conflicts
    }
    assert {
        (conflict.path, repr(conflict.ours), repr(conflict.theirs)) for conflict in forward.conflicts
    } == {(conflict.path, repr(conflict.theirs), repr(conflict.ours)) for conflict in backward.conflicts}


@given(records(), records(), records(), st.booleans())
def test_choices_resolve_all_conflicts(
    base: dict[str, Any], ours: dict[str, Any], theirs: dict[str, Any], prefer_ours: bool
) -> None:
    merged = merge_records(base, ours, theirs)
    chosen = {
        conflict.path: conflict.ours if prefer_ours else conflict.theirs for conflict in merged.conflicts
    }
    record = apply_choices(merged, chosen)
    repeated = merge_records(theirs, record, theirs)
    assert repeated.conflicts == ()
    assert prefer_ours or record == merged.record


def test_changes_of_different_fields_are_both_accepted() -> None:
    merged = merge_records(BASE, {**BASE, "gender": "other"}, {**BASE, "headline": {"az": "böyük şair"}})
    assert merged.record == {**BASE, "gender": "other", "headline": {"az": "böyük şair"}}
    assert merged.conflicts == ()
    assert merged.from_ours == (("gender",),)
    assert merged.from_theirs == (("headline", "az"), ("headline", "en"))


def test_conflict_keeps_theirs_until_resolved() -> None:
    ours = {**BASE, "headline": {"az": "şair və tərcüməçi", "en": "poet"}}
    theirs = {**BASE, "headline": {"az": "xalq şairi", "en": "poet"}}
    merged = merge_records(BASE, ours, theirs)
    (conflict,) = merged.conflicts
    assert (conflict.path, conflict.base) == (("headline", "az"), "şair")
    assert merged.record["headline"]["az"] == "xalq şairi"
    chosen = apply_choices(merged, {("headline", "az"): "şair və tərcüməçi"})
    assert chosen["headline"] == {"az": "şair və tərcüməçi", "en": "poet"}
    assert "headline" not in apply_choices(
        merge_records(BASE, {**BASE, "headline": {"az": "x"}}, {**BASE, "headline": {"az": "y"}}),
        {("headline", "az"): None},
    )


def test_lists_are_merged_by_item() -> None:
    first, second, third = BASE["works"]
    ours = {**BASE, "works": [work("Birinci", "1900"), second, third, work("Dördüncü", "1904")]}
    theirs = {**BASE, "works": [first, work("İkinci", "1912"), work("Sıfırıncı", "1899")]}
    merged = merge_records(BASE, ours, theirs)
    assert merged.conflicts == ()
    assert merged.record["works"] == [
        work("Birinci", "1900"),
        work("İkinci", "1912"),
        work("Sıfırıncı", "1899"),
        work("Dördüncü", "1904"),
    ]


def test_item_changed_by_both_is_a_conflict() -> None:
    _first, second, third = BASE["works"]
    ours = {**BASE, "works": [work("Birinci", "1900"), second, third]}
    theirs = {**BASE, "works": [work("Birinci", "1899"), second, third]}
    assert [conflict.path for conflict in merge_records(BASE, ours, theirs).conflicts] == [("works",)]
    shortened = {**BASE, "works": [second, third]}
    assert [conflict.path for conflict in merge_records(BASE, ours, shortened).conflicts] == [("works",)]


def test_item_added_differently_by_both_is_a_conflict() -> None:
    ours = {**BASE, "works": [*BASE["works"], work("Yeni", "1910")]}
    theirs = {**BASE, "works": [*BASE["works"], work("Yeni", "1911")]}
    assert [conflict.path for conflict in merge_records(BASE, ours, theirs).conflicts] == [("works",)]
    assert merge_records(BASE, ours, ours).record == ours


def test_reordering_by_one_side_is_kept() -> None:
    first, second, third = BASE["works"]
    ours = {**BASE, "works": [third, first, second]}
    theirs = {**BASE, "works": [first, second, third, work("Yeni", "1911")]}
    assert merge_records(BASE, ours, theirs).record["works"] == [third, first, second, work("Yeni", "1911")]
    assert merge_records(BASE, theirs, ours).record["works"] == [third, first, second, work("Yeni", "1911")]
    other = {**BASE, "works": [second, first, third]}
    assert [conflict.path for conflict in merge_records(BASE, ours, other).conflicts] == [("works",)]


def test_item_added_by_both_is_not_repeated() -> None:
    ours = {**BASE, "professions": ["poet", "translator", "teacher"]}
    theirs = {**BASE, "professions": ["poet", "publicist", "translator"]}
    assert merge_records(BASE, ours, theirs).record["professions"] == ["poet", "translator", "teacher"]
