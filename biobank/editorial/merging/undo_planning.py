"""The plan of undoing a merge: what is reverted, and what was edited since."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from biobank.editorial import three_way
from biobank.editorial.merging.keeping import agreed
from biobank.editorial.merging.models import Merge
from biobank.editorial.models import Revision
from biobank.editorial.saving import head, revision_at
from biobank.editorial.three_way import Conflict
from biobank.errors import MergeRefused, RecordRefused
from biobank.records.people.models import Person
from biobank.records.people.schemas import person_schema
from biobank.records.problems import load


@dataclass(frozen=True)
class Step:
    """A revision of a person that the merge rewrote, and its record after the undo.

    `conflicts` are the fields edited since, which keep their current values. A draft `ends` if it
    then equals the public record.
    """

    revision: Revision
    record: dict[str, Any]
    public: bool
    conflicts: tuple[Conflict, ...] = ()
    ends: bool = False


@dataclass(frozen=True)
class UndoPlan:
    """The plan of an undo; `later_number` is a revision of the duplicate saved after the merge."""

    row: Merge
    steps: tuple[Step, ...]
    left: int | None = None


def plan_undo(session: Session, row: Merge) -> UndoPlan:
    """Return the plan of undoing a merge.

    Raises:
        MergeRefused: if it cannot be undone, or already was.
    """
    if row.undone_at is not None:
        raise MergeRefused("undone", "This merge was undone already.")
    kept, gone = session.get_one(Person, row.kept_id), session.get_one(Person, row.gone_id)
    if kept.withdrawn_at is not None:
        message = f"Bring {row.kept_id!r} back first: it was taken out, or merged itself."
        raise MergeRefused("kept_absent", message, row.kept_id)
    if gone.withdrawal != "merged":
        message = f"{row.gone_id!r} is in the bank again; there is nothing to undo."
        raise MergeRefused("back", message, row.gone_id)
    for number in {row.gone_number, row.gone_published or row.gone_number}:
        if not record_at(session, row.gone_id, number):
            message = f"What {row.gone_id!r} said was redacted."
            raise MergeRefused("redacted", message, row.gone_id)
    newest = head(session, row.gone_id)
    left = newest.number if newest and newest.number > row.gone_number else None
    lanes: dict[str, list[tuple[int, int]]] = {}
    for person_id, before, after in row.rewritten:
        lanes.setdefault(person_id, []).append((before, after))
    steps = [step for id_, its in lanes.items() for step in _steps(session, id_, its)]
    return UndoPlan(row, tuple(steps), left)


def _steps(session: Session, person_id: str, lanes: Sequence[tuple[int, int]]) -> Iterator[Step]:
    """Yield the steps of a person: for the public revision, and for the draft on top of it."""
    person, newest = session.get_one(Person, person_id), head(session, person_id)
    if person.withdrawn_at is not None or newest is None:
        return
    public = revision_at(session, person_id, person.published)
    changes, then = False, None
    if public is not None:
        step = _step(session, public, lanes, public=True)
        changes, then = step.record != public.record, step.record
        if changes or step.conflicts:
            yield step
    if newest.state in ("draft", "review"):
        step = _step(session, newest, lanes, public=False)
        ends = step.record == then and not agreed(session, newest)
        # The draft stays on top of the public revision, even if it does not change itself.
        if changes or step.record != newest.record or step.conflicts or ends:
            yield replace(step, ends=ends)


def _step(
    session: Session, now: Revision, lanes: Sequence[tuple[int, int]], *, public: bool
) -> Step:
    """Return the step that removes the changes of the merge from a revision.

    The record is unchanged if the revision never had them.
    """
    begun = [lane for lane in sorted(lanes, key=lambda lane: lane[1]) if lane[1] <= now.number]
    if not begun:
        return Step(now, now.record, public)
    before, after = (record_at(session, now.person_id, number) for number in begun[-1])
    if not before or not after:
        return Step(now, now.record, public)  # redacted since
    merged = three_way.merge(after, now.record, before)
    stay = {conflict.path: conflict.ours for conflict in merged.conflicts}
    try:
        record = load(person_schema, three_way.choose(merged, stay))
    except RecordRefused:
        # The merged fields are invalid in combination, e.g. a birth and a death edited since.
        return Step(now, now.record, public, _all(after, before, now.record))
    return Step(now, record, public, merged.conflicts)


def _all(after: Mapping[str, Any], before: Mapping[str, Any], now: Mapping[str, Any]) -> Any:
    """Return everything that the merge changed as conflicts."""
    return tuple(
        Conflict((name,), after.get(name), now.get(name), before.get(name))
        for name in dict.fromkeys((*after, *before))
        if after.get(name) != before.get(name)
    )


def record_at(session: Session, person_id: str, number: int) -> dict[str, Any]:
    revision = revision_at(session, person_id, number)
    return revision.record if revision else {}
