"""The checks of a recorded history against the revisions that are stored at its end.

All functions are pure. An operation without an answer may have happened or not.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise, zip_longest
from typing import Any, Literal

Outcome = Literal["done", "refused", "gone", "failed", "unknown"]


@dataclass(frozen=True)
class Operation:
    """What an editor or reader asked for, when, and the answer.

    `number` is the revision that an edit made, a publication published or a reader got; `mark` the
    identifier that an edit added, or the headline of a page; `record` what a reader got. Times are in
    seconds of one clock.
    """

    kind: Literal["edit", "publish", "read", "page", "merge", "undo"]
    actor: str
    person: str
    start: float
    end: float | None
    outcome: Outcome
    number: int = 0
    mark: str = ""
    record: Any = None

    @property
    def latest_end(self) -> float:
        return math.inf if self.end is None else self.end


@dataclass(frozen=True)
class StoredRevision:
    """A revision at the end; `join` is the message of the merge or undo that wrote it, else empty."""

    person: str
    number: int
    author: str
    record: Mapping[str, Any]
    published: bool
    join: str = ""

    @property
    def marks(self) -> set[str]:
        return set(self.record.get("identifiers", {}))


@dataclass
class History:
    """Operations, the stored revisions by person and number, and the stored merges and undos."""

    operations: Sequence[Operation]
    revisions: Mapping[tuple[str, int], StoredRevision]
    merges: int = 0
    undos: int = 0
    by_person: dict[str, list[StoredRevision]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for key in sorted(self.revisions):
            self.by_person.setdefault(key[0], []).append(self.revisions[key])


def find_violations(history: History) -> list[str]:
    """Return what contradicts the promises of the bank; empty if nothing does."""
    return [
        *_failures(history),
        *_chain_violations(history),
        *_edit_violations(history),
        *_order_violations(history),
        *_publication_violations(history),
        *_read_violations(history),
        *_merge_violations(history),
    ]


def _failures(history: History) -> Iterator[str]:
    for operation in history.operations:
        if operation.outcome == "failed":
            yield f"answered with an error: {operation}"


def _chain_violations(history: History) -> Iterator[str]:
    """Yield gaps of the numbers, and marks of a person that a later revision lacks."""
    for person, revisions in history.by_person.items():
        if [item.number for item in revisions] != list(range(1, len(revisions) + 1)):
            yield f"numbers of {person} have gaps"
        # A merge or undo may write the public revision and then the draft on top of it.
        latest = [
            item
            for item, following in zip_longest(revisions, revisions[1:])
            if not item.join or following is None or following.join != item.join
        ]
        for before, after in pairwise(latest):
            lost = before.marks - after.marks
            # An undo takes back what the merge brought from the other person.
            own = {mark for mark in lost if not after.join or mark.startswith(person)}
            if own:
                yield f"{person} {after.number} lost {sorted(own)}"


def _edit_violations(history: History) -> Iterator[str]:
    numbers: dict[tuple[str, str], int] = {}
    for person, revisions in history.by_person.items():
        seen: set[str] = set()
        for revision in revisions:
            added = revision.marks - seen
            seen |= revision.marks
            if revision.join:
                continue
            numbers |= dict.fromkeys(((person, mark) for mark in added), revision.number)
            if len(added) != 1 and revision.number > 1:
                # None: an edit was applied twice.
                yield f"{person} {revision.number} has {len(added)} edits: {sorted(added)}"
    for operation in (item for item in history.operations if item.kind == "edit"):
        number = numbers.get((operation.person, operation.mark), 0)
        if operation.outcome == "done" and number != operation.number:
            yield f"acknowledged as {operation.number}, stored as {number}: {operation}"
        elif operation.outcome == "refused" and number:
            yield f"refused but stored: {operation}"
        elif number and history.revisions[operation.person, number].author != operation.actor:
            yield f"stored in another name: {operation}"


def _order_violations(history: History) -> Iterator[str]:
    """Yield acknowledged edits whose numbers contradict the order in which they happened."""
    edits = [item for item in history.operations if item.kind == "edit" and item.outcome == "done"]
    for earlier in edits:
        for later in edits:
            is_after = earlier.person == later.person and earlier.latest_end < later.start
            if is_after and earlier.number >= later.number:
                yield f"out of order: {earlier} and {later}"


def _publication_violations(history: History) -> Iterator[str]:
    for operation in history.operations:
        if operation.kind == "publish" and operation.outcome == "done":
            revision = history.revisions.get((operation.person, operation.number))
            if revision is None or not revision.published:
                yield f"acknowledged but not published: {operation}"


def _read_violations(history: History) -> Iterator[str]:
    reads = [item for item in history.operations if item.kind in ("read", "page") and item.outcome == "done"]
    publications = [item for item in history.operations if item.kind == "publish" and item.outcome == "done"]
    for read in reads:
        seen = _seen_revisions(history, read)
        if not seen:
            yield f"read what was never published: {read}"
            continue
        known = [item for item in (*publications, *reads) if item.person == read.person]
        # A page shows its text, not its number, which two revisions may share.
        earlier = [item.number for item in known if item.latest_end < read.start and item.kind != "page"]
        if max(seen) < max(earlier, default=0):
            yield f"read an older version than {max(earlier)}: {read}"


def _seen_revisions(history: History, read: Operation) -> list[int]:
    """Return the numbers of the published revisions that a reader may have got."""
    return [
        item.number
        for item in history.by_person.get(read.person, ())
        if item.published
        and (
            item.record.get("headline", {}).get("en", "") == read.mark
            if read.kind == "page"
            else (item.number, item.record) == (read.number, read.record)
        )
    ]


def _merge_violations(history: History) -> Iterator[str]:
    for kind, stored in (("merge", history.merges), ("undo", history.undos)):
        operations = [item for item in history.operations if item.kind == kind]
        done = sum(item.outcome == "done" for item in operations)
        possible = done + sum(item.outcome == "unknown" for item in operations)
        if not done <= stored <= possible:
            yield f"{stored} stored of {kind}, {done} acknowledged, at most {possible} possible"
    undos = [item for item in history.operations if item.kind == "undo" and item.outcome != "refused"]
    for merge in (item for item in history.operations if item.kind == "merge" and item.outcome == "done"):
        for read in history.operations:
            if read.kind not in ("read", "page") or read.person != merge.person or read.outcome != "done":
                continue
            may_be_back = any(
                undo.start < read.latest_end and undo.latest_end > merge.start for undo in undos
            )
            if read.start > merge.latest_end and not may_be_back:
                yield f"read although merged: {read}"
