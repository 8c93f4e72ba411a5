"""What undoing a merge would do, before it is done: what goes back, and what was edited since."""

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
    """A revision of a person that the merge rewrote, and what it will say.

    `conflicts` are the fields that were edited since: they stay as they are now. A draft `ends`
    where it then says no more than what is public.
    """

    revision: Revision
    record: dict[str, Any]
    public: bool
    conflicts: tuple[Conflict, ...] = ()
    ends: bool = False


@dataclass(frozen=True)
class UndoPlan:
    """`left` is the number of what was written of the one that went since, which history keeps."""

    row: Merge
    steps: tuple[Step, ...]
    left: int | None = None


def plan_undo(session: Session, row: Merge) -> UndoPlan:
    """What undoing a merge comes to.

    Raises:
        MergeRefused: where it cannot be undone, or was already.
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
    """What of a person goes back: what is public, and the draft above it."""
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
        # It stays on top of what is public, whether or not it changes itself.
        if changes or step.record != newest.record or step.conflicts or ends:
            yield replace(step, ends=ends)


def _step(
    session: Session, now: Revision, lanes: Sequence[tuple[int, int]], *, public: bool
) -> Step:
    """What `now` says without what the merge brought; as it is where it never had that."""
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
        # Fields that fit one by one and not together, e.g. a birth and a death edited since.
        return Step(now, now.record, public, _all(after, before, now.record))
    return Step(now, record, public, merged.conflicts)


def _all(after: Mapping[str, Any], before: Mapping[str, Any], now: Mapping[str, Any]) -> Any:
    """Everything that the merge changed, as what cannot go back."""
    return tuple(
        Conflict((name,), after.get(name), now.get(name), before.get(name))
        for name in dict.fromkeys((*after, *before))
        if after.get(name) != before.get(name)
    )


def record_at(session: Session, person_id: str, number: int) -> dict[str, Any]:
    revision = revision_at(session, person_id, number)
    return revision.record if revision else {}
