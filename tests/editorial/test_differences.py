"""Record diffs: empty for equal records, reversible, and with items paired by identity."""

from copy import deepcopy
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from biobank.editorial.differences import Change, apply, difference, leaves, path_text
from tests.support.records import records

NAMES = [
    {"text": "Üzeyir Hacıbəyov", "lang": "az", "kind": "preferred"},
    {"text": "Uzeyir Hajibeyov", "lang": "en", "kind": "preferred"},
    {"text": "Узеир Гаджибеков", "lang": "ru", "kind": "preferred"},
]


def between(field: str, before: Any, after: Any) -> list[tuple[str, str, Any, Any]]:
    found = difference({field: before}, {field: after})
    assert apply({field: before}, found) == {field: after}
    return [(path_text(it.path), it.kind, it.before, it.after) for it in found]


@given(records())
def test_a_record_does_not_differ_from_itself(record: dict[str, Any]) -> None:
    assert difference(record, deepcopy(record)) == []


@given(records(), records())
def test_the_changes_make_the_new_record_of_the_old(
    before: dict[str, Any], after: dict[str, Any]
) -> None:
    kept = deepcopy(before)
    changes = difference(before, after)
    assert apply(before, changes) == after
    assert before == kept


@given(records(), st.randoms(use_true_random=False))
def test_a_record_whose_lists_are_shuffled_only_moved(record: dict[str, Any], random: Any) -> None:
    shuffled = {
        key: random.sample(value, len(value)) if isinstance(value, list) else value
        for key, value in record.items()
    }
    changes = difference(record, shuffled)
    assert {change.kind for change in changes} <= {"moved"}
    assert apply(record, changes) == shuffled


@given(records(), records())
def test_every_value_that_is_new_is_in_a_change(
    before: dict[str, Any], after: dict[str, Any]
) -> None:
    changes = difference(before, after)
    old = {repr(value) for _, value in leaves(before)}
    told = [change.path for change in changes if change.kind in ("added", "changed")]
    for path, value in leaves(after):
        if repr(value) not in old:
            assert any(path[: len(way)] == way for way in told), path


@given(records(), records())
def test_every_value_that_went_is_in_a_change(
    before: dict[str, Any], after: dict[str, Any]
) -> None:
    new = {repr(value) for _, value in leaves(after)}
    gone = [
        repr(value)
        for change in difference(before, after)
        if change.kind in ("removed", "changed")
        for _, value in leaves(change.before)
    ]
    for _path, value in leaves(before):
        assert repr(value) in new or repr(value) in gone


def test_one_more_name_at_the_front_is_one_addition() -> None:
    more = {"text": "عزیر حاجی‌بیوف", "lang": "az", "script": "Arab", "kind": "variant"}
    assert between("names", NAMES, [more, *NAMES]) == [("names[0]", "added", None, more)]


def test_a_name_put_first_moved_and_the_others_stayed() -> None:
    assert between("names", NAMES, [NAMES[2], *NAMES[:2]]) == [("names[0]", "moved", 2, 0)]


def test_a_name_spelt_anew_is_changed_not_replaced() -> None:
    spelt = {**NAMES[1], "text": "Uzeyir Hajibeyli"}
    assert between("names", NAMES, [NAMES[0], spelt, NAMES[2]]) == [
        ("names[1].text", "changed", "Uzeyir Hajibeyov", "Uzeyir Hajibeyli")
    ]


def test_items_are_paired_by_what_they_are() -> None:
    premiere = {"date": "1908-01-25", "type": "premiere", "place": "baku"}
    birth = {"date": "1913", "type": "performance", "text": {"en": "Arshin Mal Alan"}}
    assert between("events", [premiere, birth], [{**birth, "place": "baku"}, premiere]) == [
        ("events[0]", "moved", 1, 0),
        ("events[0].place", "added", None, "baku"),
    ]
    tie = {"type": "teacher", "person": "nizami-gencevi"}
    assert between("relations", [tie], [{**tie, "type": "student"}]) == [
        ("relations[0].type", "changed", "teacher", "student")
    ]
    work = {"title": {"az": "Koroğlu"}, "date": "1936"}
    translated = {"title": {"az": "Koroğlu", "en": "Koroghlu"}, "date": "1937"}
    assert between("works", [work], [{"title": {"az": "Leyli"}}, translated]) == [
        ("works[0]", "added", None, {"title": {"az": "Leyli"}}),
        ("works[1].title.en", "added", None, "Koroghlu"),
        ("works[1].date", "changed", "1936", "1937"),
    ]


def test_the_pages_of_a_citation_change_alone() -> None:
    before = {"date": "1885", "cites": [{"source": "a", "locator": "p. 1"}, {"source": "b"}]}
    after = {"date": "1885", "cites": [{"source": "b"}, {"source": "a", "locator": "p. 2"}]}
    kinds = [(path, kind) for path, kind, *_ in between("birth", before, after)]
    assert ("birth.cites[1].locator", "changed") in kinds
    assert {kind for _, kind in kinds} == {"changed", "moved"}


def test_the_same_entry_twice_is_two_entries() -> None:
    tie = {"award": "order-of-lenin"}
    assert between("awards", [tie], [tie, tie]) == [("awards[1]", "added", None, tie)]
    assert between("awards", [tie, tie], [tie]) == [("awards[1]", "removed", tie, None)]


def test_a_text_in_one_language_is_a_change_of_that_language() -> None:
    before, after = {"az": "A", "en": "B"}, {"en": "C", "ru": "D"}
    assert difference({"biography": before}, {"biography": after}) == [
        Change(("biography", "az"), "removed", "A", None),
        Change(("biography", "en"), "changed", "B", "C"),
        Change(("biography", "ru"), "added", None, "D"),
    ]
