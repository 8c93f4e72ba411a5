"""Undoing a merge: what it brought goes, what was edited since stays."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from biobank.accounts import audit
from biobank.accounts.identity import Identity
from biobank.accounts.policy import Action, require
from biobank.editorial import three_way
from biobank.editorial.making_public import Pair, make_public
from biobank.editorial.merging.keeping import held, keep, keep_on_top, revision_at
from biobank.editorial.merging.leading import led_on
from biobank.editorial.merging.models import Merge
from biobank.editorial.models import ImportKey, Redirect, Revision
from biobank.editorial.saving import head
from biobank.editorial.three_way import Conflict
from biobank.errors import MergeRefused, NotFound, RecordRefused
from biobank.records.people.models import Person
from biobank.records.people.schemas import person_schema
from biobank.records.problems import load
from biobank.store import outbox
from biobank.store.session import Database


@dataclass(frozen=True)
class Step:
    """A revision of a person that the merge rewrote, and what it will say.

    `conflicts` are the fields that were edited since: they stay as they are now.
    """

    revision: Revision
    record: dict[str, Any]
    public: bool
    conflicts: tuple[Conflict, ...] = ()


@dataclass(frozen=True)
class UndoPlan:
    """`left` is the number of what was written of the one that went since, which history keeps."""

    row: Merge
    steps: tuple[Step, ...]
    left: int | None = None


def preview_undo(database: Database, who: Identity, merge_id: int) -> UndoPlan:
    """What undoing comes to; nothing is written.

    Raises:
        NotFound: where there was no such merge.
        MergeRefused: where it cannot be undone, or was already.
    """
    require(who, Action.MERGE_PEOPLE)
    with database.read() as session:
        return _plan(session, _row(session, merge_id))


def undo(database: Database, who: Identity, merge_id: int) -> Merge:
    """Makes two of the one again. Edits since the merge stay where they are.

    Raises:
        NotFound: where there was no such merge.
        MergeRefused: where it cannot be undone, or was already.
    """
    require(who, Action.MERGE_PEOPLE)
    with database.write() as session:
        row = _row(session, merge_id)
        ids = {row.kept_id, row.gone_id, *(person_id for person_id, *_ in row.rewritten)}
        people = held(session, ids)
        session.expire_all()
        _undo(session, who, people, _plan(session, row))
        return row


def _row(session: Session, merge_id: int) -> Merge:
    row = session.get(Merge, merge_id, with_for_update=True)
    if row is None:
        raise NotFound("There was no such merge.")
    return row


def _plan(session: Session, row: Merge) -> UndoPlan:
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
        if not _record(session, row.gone_id, number):
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
    changes = False
    if public is not None:
        step = _step(session, public, lanes, public=True)
        changes = step.record != public.record
        if changes or step.conflicts:
            yield step
    if newest.state in ("draft", "review"):
        step = _step(session, newest, lanes, public=False)
        # It stays on top of what is public, whether or not it changes itself.
        if changes or step.record != newest.record or step.conflicts:
            yield step


def _step(
    session: Session, now: Revision, lanes: Sequence[tuple[int, int]], *, public: bool
) -> Step:
    """What `now` says without what the merge brought; as it is where it never had that."""
    begun = [lane for lane in sorted(lanes, key=lambda lane: lane[1]) if lane[1] <= now.number]
    if not begun:
        return Step(now, now.record, public)
    before, after = (_record(session, now.person_id, number) for number in begun[-1])
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


def _record(session: Session, person_id: str, number: int) -> dict[str, Any]:
    revision = revision_at(session, person_id, number)
    return revision.record if revision else {}


def _undo(session: Session, who: Identity, people: Mapping[str, Person], found: UndoPlan) -> None:
    row, at = found.row, outbox.now()
    message = f"{row.kept_id} → {row.kept_id}, {row.gone_id}"
    public = _bring_back(session, who, people[row.gone_id], row, message, at)
    for step in found.steps:
        old = step.revision
        if step.record == old.record and step.public:
            continue  # told before, and nothing of it can be done
        if step.public:
            newest = head(session, old.person_id) or old
            new = keep(session, who, newest, step.record, "published", message, at)
            public.append((people[old.person_id], new))
        else:
            keep_on_top(session, old, old.state, step.record, message, at)
    for _person, revision in public:
        revision.reviewer, revision.reviewer_id = who.name, who.user_id
    make_public(session, public, at)
    _lead_back(session, row)
    outbox.add(session, [row.gone_id, row.kept_id])
    row.undone_at, row.undone_by, row.undone_by_id = at, who.name, who.user_id
    audit.note_about(session, who, "unmerged", "person", row.gone_id, kept=row.kept_id)
    session.flush()


def _bring_back(
    session: Session, who: Identity, gone: Person, row: Merge, message: str, at: datetime
) -> list[Pair]:
    """The one that went, as it was; what of it is to be public again."""
    gone.withdrawn_at = gone.withdrawal = None
    written = revision_at(session, gone.id, row.gone_number)
    public = revision_at(session, gone.id, row.gone_published)
    pairs: list[Pair] = []
    if public is not None:
        newest = head(session, gone.id) or public
        public.state = "published"
        record = led_on(session, [public.record])[0]
        pairs.append((gone, keep(session, who, newest, record, "published", message, at)))
    if written is not None and written is not public:
        written.state = "draft"
        record = led_on(session, [written.record])[0]
        keep_on_top(session, written, row.gone_state, record, message, at)
    return pairs


def _lead_back(session: Session, row: Merge) -> None:
    session.execute(delete(Redirect).where(Redirect.old_id == row.gone_id))
    led = update(Redirect).where(Redirect.old_id.in_(row.redirects), Redirect.new_id == row.kept_id)
    session.execute(led.values(new_id=row.gone_id))
    for file, key in row.lines:
        line = update(ImportKey).where(
            ImportKey.file == file, ImportKey.key == key, ImportKey.person_id == row.kept_id
        )
        session.execute(line.values(person_id=row.gone_id))
