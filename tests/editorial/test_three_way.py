"""Three-way merge: no change is lost, and conflicts are reported."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from biobank.editorial.differences import leaves
from biobank.editorial.three_way import choose, merge
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
def test_what_one_side_alone_changed_is_taken(base: dict[str, Any], edit: dict[str, Any]) -> None:
    for merged in (merge(base, edit, base), merge(base, base, edit), merge(base, edit, edit)):
        assert merged.record == edit
        assert merged.conflicts == ()


@given(records(), records(), records())
def test_nothing_that_either_side_wrote_is_lost(
    base: dict[str, Any], ours: dict[str, Any], theirs: dict[str, Any]
) -> None:
    merged = merge(base, ours, theirs)
    here = {repr(value) for _, value in leaves(merged.record)}
    clashing = {repr(value) for it in merged.conflicts for _, value in leaves(it.ours)}
    old = {repr(value) for _, value in leaves(base)}
    for side, told in ((ours, here | clashing), (theirs, here)):
        assert {repr(value) for _, value in leaves(side)} - old <= told


@given(records(), records(), records())
def test_the_same_fields_clash_whoever_comes_first(
    base: dict[str, Any], ours: dict[str, Any], theirs: dict[str, Any]
) -> None:
    here, there = merge(base, ours, theirs), merge(base, theirs, ours)
    assert {it.path for it in here.conflicts} == {it.path for it in there.conflicts}
    assert {(it.path, repr(it.ours), repr(it.theirs)) for it in here.conflicts} == {
        (it.path, repr(it.theirs), repr(it.ours)) for it in there.conflicts
    }


@given(records(), records(), records(), st.booleans())
def test_a_choice_for_every_clash_leaves_none(
    base: dict[str, Any], ours: dict[str, Any], theirs: dict[str, Any], mine: bool
) -> None:
    merged = merge(base, ours, theirs)
    chosen = {it.path: it.ours if mine else it.theirs for it in merged.conflicts}
    record = choose(merged, chosen)
    again = merge(theirs, record, theirs)
    assert again.conflicts == ()
    assert mine or record == merged.record


def test_fields_that_one_side_each_changed_are_both_taken() -> None:
    merged = merge(BASE, {**BASE, "gender": "other"}, {**BASE, "headline": {"az": "böyük şair"}})
    assert merged.record == {**BASE, "gender": "other", "headline": {"az": "böyük şair"}}
    assert merged.conflicts == ()
    assert merged.from_ours == (("gender",),)
    assert merged.from_theirs == (("headline", "az"), ("headline", "en"))


def test_a_field_that_both_changed_otherwise_clashes_and_theirs_stands_until_one_chooses() -> None:
    ours = {**BASE, "headline": {"az": "şair və tərcüməçi", "en": "poet"}}
    theirs = {**BASE, "headline": {"az": "xalq şairi", "en": "poet"}}
    merged = merge(BASE, ours, theirs)
    (conflict,) = merged.conflicts
    assert (conflict.path, conflict.base) == (("headline", "az"), "şair")
    assert merged.record["headline"]["az"] == "xalq şairi"
    chosen = choose(merged, {("headline", "az"): "şair və tərcüməçi"})
    assert chosen["headline"] == {"az": "şair və tərcüməçi", "en": "poet"}
    assert "headline" not in choose(
        merge(BASE, {**BASE, "headline": {"az": "x"}}, {**BASE, "headline": {"az": "y"}}),
        {("headline", "az"): None},
    )


def test_items_of_a_list_are_put_together_one_by_one() -> None:
    first, second, third = BASE["works"]
    ours = {**BASE, "works": [work("Birinci", "1900"), second, third, work("Dördüncü", "1904")]}
    theirs = {**BASE, "works": [first, work("İkinci", "1912"), work("Sıfırıncı", "1899")]}
    merged = merge(BASE, ours, theirs)
    assert merged.conflicts == ()
    assert merged.record["works"] == [
        work("Birinci", "1900"),
        work("İkinci", "1912"),
        work("Sıfırıncı", "1899"),
        work("Dördüncü", "1904"),
    ]


def test_one_item_that_both_changed_otherwise_makes_the_list_clash() -> None:
    _first, second, third = BASE["works"]
    ours = {**BASE, "works": [work("Birinci", "1900"), second, third]}
    theirs = {**BASE, "works": [work("Birinci", "1899"), second, third]}
    assert [it.path for it in merge(BASE, ours, theirs).conflicts] == [("works",)]
    gone = {**BASE, "works": [second, third]}
    assert [it.path for it in merge(BASE, ours, gone).conflicts] == [("works",)]


def test_the_same_work_that_both_added_in_two_ways_clashes() -> None:
    ours = {**BASE, "works": [*BASE["works"], work("Yeni", "1910")]}
    theirs = {**BASE, "works": [*BASE["works"], work("Yeni", "1911")]}
    assert [it.path for it in merge(BASE, ours, theirs).conflicts] == [("works",)]
    assert merge(BASE, ours, ours).record == ours


def test_an_order_that_one_side_gave_a_list_stays() -> None:
    first, second, third = BASE["works"]
    ours = {**BASE, "works": [third, first, second]}
    theirs = {**BASE, "works": [first, second, third, work("Yeni", "1911")]}
    assert merge(BASE, ours, theirs).record["works"] == [third, first, second, work("Yeni", "1911")]
    assert merge(BASE, theirs, ours).record["works"] == [third, first, second, work("Yeni", "1911")]
    other = {**BASE, "works": [second, first, third]}
    assert [it.path for it in merge(BASE, ours, other).conflicts] == [("works",)]


def test_what_both_sides_add_to_a_set_stands_there_once() -> None:
    ours = {**BASE, "professions": ["poet", "translator", "teacher"]}
    theirs = {**BASE, "professions": ["poet", "publicist", "translator"]}
    assert merge(BASE, ours, theirs).record["professions"] == ["poet", "translator", "teacher"]
