"""Record diffs: empty for equal records, reversible, and with items paired by identity."""

from copy import deepcopy
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from biobank.editorial.revisions.record_diff import (
    RecordChange,
    apply_changes,
    diff_records,
    format_path,
    iter_leaves,
)
from tests.support.records import records

NAMES = [
    {"text": "Üzeyir Hacıbəyov", "lang": "az", "kind": "preferred"},
    {"text": "Uzeyir Hajibeyov", "lang": "en", "kind": "preferred"},
    {"text": "Узеир Гаджибеков", "lang": "ru", "kind": "preferred"},
]


def diff_field(field: str, before: Any, after: Any) -> list[tuple[str, str, Any, Any]]:
    changes = diff_records({field: before}, {field: after})
    assert apply_changes({field: before}, changes) == {field: after}
    return [(format_path(change.path), change.kind, change.before, change.after) for change in changes]


@given(records())
def test_equal_records_have_no_changes(record: dict[str, Any]) -> None:
    assert diff_records(record, deepcopy(record)) == []


@given(records(), records())
def test_applied_changes_give_the_new_record(before: dict[str, Any], after: dict[str, Any]) -> None:
    original = deepcopy(before)
    changes = diff_records(before, after)
    assert apply_changes(before, changes) == after
    assert before == original


@given(records(), st.randoms(use_true_random=False))
def test_shuffled_lists_only_have_moves(record: dict[str, Any], random: Any) -> None:
    shuffled = {
        key: random.sample(value, len(value)) if isinstance(value, list) else value
        for key, value in record.items()
    }
    changes = diff_records(record, shuffled)
    assert {change.kind for change in changes} <= {"moved"}
    assert apply_changes(record, changes) == shuffled


@given(records(), records())
def test_every_new_value_is_in_a_change(before: dict[str, Any], after: dict[str, Any]) -> None:
    changes = diff_records(before, after)
    old = {repr(value) for _, value in iter_leaves(before)}
    changed_paths = [change.path for change in changes if change.kind in ("added", "changed")]
    for path, value in iter_leaves(after):
        if repr(value) not in old:
            assert any(path[: len(changed_path)] == changed_path for changed_path in changed_paths), path


@given(records(), records())
def test_every_removed_value_is_in_a_change(before: dict[str, Any], after: dict[str, Any]) -> None:
    new = {repr(value) for _, value in iter_leaves(after)}
    removed = [
        repr(value)
        for change in diff_records(before, after)
        if change.kind in ("removed", "changed")
        for _, value in iter_leaves(change.before)
    ]
    for _path, value in iter_leaves(before):
        assert repr(value) in new or repr(value) in removed


def test_inserted_name_is_one_addition() -> None:
    more = {"text": "عزیر حاجی‌بیوف", "lang": "az", "script": "Arab", "kind": "variant"}
    assert diff_field("names", NAMES, [more, *NAMES]) == [("names[0]", "added", None, more)]


def test_name_moved_to_front_is_one_move() -> None:
    assert diff_field("names", NAMES, [NAMES[2], *NAMES[:2]]) == [("names[0]", "moved", 2, 0)]


def test_respelled_name_is_changed_not_replaced() -> None:
    spelt = {**NAMES[1], "text": "Uzeyir Hajibeyli"}
    assert diff_field("names", NAMES, [NAMES[0], spelt, NAMES[2]]) == [
        ("names[1].text", "changed", "Uzeyir Hajibeyov", "Uzeyir Hajibeyli")
    ]


def test_items_are_paired_by_identity() -> None:
    premiere = {"date": "1908-01-25", "type": "premiere", "place": "baku"}
    birth = {"date": "1913", "type": "performance", "text": {"en": "Arshin Mal Alan"}}
    assert diff_field("events", [premiere, birth], [{**birth, "place": "baku"}, premiere]) == [
        ("events[0]", "moved", 1, 0),
        ("events[0].place", "added", None, "baku"),
    ]
    relation = {"type": "teacher", "person": "nizami-gencevi"}
    assert diff_field("relations", [relation], [{**relation, "type": "student"}]) == [
        ("relations[0].type", "changed", "teacher", "student")
    ]
    work = {"title": {"az": "Koroğlu"}, "date": "1936"}
    translated = {"title": {"az": "Koroğlu", "en": "Koroghlu"}, "date": "1937"}
    assert diff_field("works", [work], [{"title": {"az": "Leyli"}}, translated]) == [
        ("works[0]", "added", None, {"title": {"az": "Leyli"}}),
        ("works[1].title.en", "added", None, "Koroghlu"),
        ("works[1].date", "changed", "1936", "1937"),
    ]


def test_citation_locator_changes_alone() -> None:
    before = {"date": "1885", "cites": [{"source": "a", "locator": "p. 1"}, {"source": "b"}]}
    after = {"date": "1885", "cites": [{"source": "b"}, {"source": "a", "locator": "p. 2"}]}
    kinds = [(path, kind) for path, kind, *_ in diff_field("birth", before, after)]
    assert ("birth.cites[1].locator", "changed") in kinds
    assert {kind for _, kind in kinds} == {"changed", "moved"}


def test_repeated_item_counts_twice() -> None:
    award = {"award": "order-of-lenin"}
    assert diff_field("awards", [award], [award, award]) == [("awards[1]", "added", None, award)]
    assert diff_field("awards", [award, award], [award]) == [("awards[1]", "removed", award, None)]


def test_text_change_names_its_language() -> None:
    before, after = {"az": "A", "en": "B"}, {"en": "C", "ru": "D"}
    assert diff_records({"biography": before}, {"biography": after}) == [
        RecordChange(("biography", "az"), "removed", "A", None),
        RecordChange(("biography", "en"), "changed", "B", "C"),
        RecordChange(("biography", "ru"), "added", None, "D"),
    ]
