"""The checks of histories accept a right one and refuse every kind of wrong one."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from campaigns.history_checks import History, Operation, StoredRevision, find_violations

FIRST, SECOND, MERGED, APART = 2, 3, 4, 5


def revision(number: int, *marks: str, person: str = "a", **fields: Any) -> StoredRevision:
    record = {"identifiers": dict.fromkeys(marks, "x"), "headline": {"en": f"Headline {number}."}}
    author = fields.pop("author", "Writer")
    return StoredRevision(person, number, author, record, fields.pop("published", True), **fields)


REVISIONS = [
    revision(1),
    revision(FIRST, "a-1"),
    revision(SECOND, "a-1", "a-2", published=False),
    revision(MERGED, "a-1", "a-2", "b-1", join="b → a"),
    revision(APART, "a-1", join="a → a, b"),
    revision(APART + 1, "a-1", "a-2", join="a → a, b", published=False),
    revision(1, "b-1", person="b"),
    revision(2, "b-1", person="b", join="a → a, b"),
]


def edit(mark: str, number: int, start: float, **fields: Any) -> Operation:
    return replace(Operation("edit", "Writer", "a", start, start + 1, "done", number, mark), **fields)


def read(number: int, start: float, **fields: Any) -> Operation:
    record = next(item.record for item in REVISIONS if (item.person, item.number) == ("a", number))
    operation = Operation("read", "Reader", "a", start, start + 1, "done", number, record=record)
    return replace(operation, **fields)


#: Times are 10 apart, so that nothing overlaps.
OPERATIONS = [
    read(1, 0),
    edit("a-1", FIRST, 10),
    Operation("publish", "Publisher", "a", 20, 21, "done", FIRST),
    read(FIRST, 30),
    Operation("page", "Reader", "a", 35, 36, "done", mark=f"Headline {FIRST}."),
    edit("a-3", 0, 40, outcome="refused"),
    edit("a-2", 0, 50, end=None, outcome="unknown"),
    Operation("merge", "Merger", "b", 60, 61, "done"),
    Operation("read", "Reader", "b", 70, 71, "gone"),
    Operation("undo", "Merger", "b", 80, 81, "done"),
    read(APART, 90),
]


def history(operations: list[Operation], revisions: list[StoredRevision], **counts: int) -> History:
    stored = {(item.person, item.number): item for item in revisions}
    return History(operations, stored, **({"merges": 1, "undos": 1} | counts))


def changed_operation(index: int, **fields: Any) -> Callable[[], History]:
    changed = [*OPERATIONS]
    changed[index] = replace(changed[index], **fields)
    return lambda: history(changed, REVISIONS)


def changed_revision(index: int, **fields: Any) -> Callable[[], History]:
    changed = [*REVISIONS]
    changed[index] = replace(changed[index], **fields)
    return lambda: history(OPERATIONS, changed)


def without(*marks: str) -> dict[str, Any]:
    return {"identifiers": dict.fromkeys(marks, "x")}


WRONG: dict[str, tuple[Callable[[], History], str]] = {
    "an error": (changed_operation(1, outcome="failed"), "answered with an error"),
    "a gap": (lambda: history(OPERATIONS, REVISIONS[:3] + REVISIONS[4:]), "gaps"),
    "a lost edit": (changed_revision(2, record=without("a-2")), "lost ['a-1']"),
    "an edit lost in an undo": (changed_revision(5, record=without("a-1")), "lost ['a-2']"),
    "an edit stored nowhere": (changed_operation(1, mark="a-9"), "stored as 0"),
    "an edit under another number": (changed_operation(1, number=SECOND), "acknowledged as 3, stored as 2"),
    "a refused edit that is stored": (changed_operation(1, outcome="refused"), "refused but stored"),
    "an edit in another name": (changed_revision(1, author="Other"), "another name"),
    "two edits in one revision": (changed_revision(1, record=without("a-1", "a-2")), "has 2 edits"),
    "an edit applied twice": (
        lambda: history(OPERATIONS, [*REVISIONS, revision(APART + 2, "a-1", "a-2")]),
        "has 0 edits",
    ),
    "edits out of order": (
        lambda: history([*OPERATIONS, edit("a-2", SECOND, 5, end=6)], REVISIONS),
        "out of order",
    ),
    "a publication that is none": (changed_operation(2, number=SECOND), "not published"),
    "a draft read": (changed_operation(3, **vars(read(SECOND, 30))), "never published"),
    "a mixed record read": (changed_operation(3, record=without("a-1", "a-2")), "never published"),
    "a page of a draft": (changed_operation(4, mark="Headline 3."), "never published"),
    "an old version read": (changed_operation(3, **vars(read(1, 30))), "older version than 2"),
    "an old page read": (changed_operation(4, mark="Headline 1."), "older version than 2"),
    "a merge that is not stored": (lambda: history(OPERATIONS, REVISIONS, merges=0), "0 stored of merge"),
    "an undo too many": (lambda: history(OPERATIONS, REVISIONS, undos=2), "2 stored of undo"),
    "a merged person read": (
        changed_operation(8, outcome="done", number=1, record=REVISIONS[6].record),
        "although merged",
    ),
}


def test_a_right_history_is_accepted() -> None:
    assert find_violations(history(OPERATIONS, REVISIONS)) == []


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_history_is_refused(name: str) -> None:
    build, message = WRONG[name]
    violations = find_violations(build())
    assert any(message in violation for violation in violations), violations
