"""Undoing of merges of reference records, including the references of people.

Records edited since keep their edits; references that cannot be distinguished any more are left as
they are and reported.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from biobank.accounts import audit
from biobank.accounts.identity import Identity
from biobank.accounts.policy import Action, require
from biobank.editorial.models import Revision
from biobank.editorial.reference.checking import without_what_is_gone
from biobank.editorial.reference.keeping import index_anew, is_used, lock, put, take_away
from biobank.editorial.reference.rewriting import BATCH, Standing, Wanted, standings, write
from biobank.editorial.three_way import merge
from biobank.errors import NotFound, RecordRefused, WrongState
from biobank.records.people.schemas import person_schema
from biobank.records.problems import load
from biobank.records.reference.kinds import BY_NAME, Kind, one_record
from biobank.records.reference.models import ReferenceMerge, ReferenceRedirect
from biobank.records.reference.uses import affected
from biobank.store import outbox
from biobank.store.base import Base
from biobank.store.session import Database

Record = Mapping[str, Any]


@dataclass(frozen=True)
class Undone:
    """The reinstated key, and the people and records left unchanged because of later edits."""

    kind: Kind
    key: str
    people_left: tuple[str, ...]
    records_left: tuple[str, ...]


def undo(database: Database, who: Identity, merge_id: int) -> Undone:
    """Undo a merge.

    Raises:
        NotFound: if the merge does not exist.
        WrongState: if it is already undone, the survivor was removed, or the old id is taken.
    """
    require(who, Action.EDIT_REFERENCE)
    with database.write() as session:
        lock(session)
        done = session.get(ReferenceMerge, merge_id)
        if done is None:
            raise NotFound("There was no such merge.")
        kind = BY_NAME[done.kind]
        _check(session, kind, done)
        _lead_back(session, done)
        records_left = _records_back(session, who, done)
        people_left = _people_back(session, who, done)
        _rows_back(session, done)
        if done.renamed and not is_used(session, kind, done.kept):
            take_away(session, who, kind, "removed", one_record(session, kind, done.kept) or {})
        done.undone_at = outbox.now()
        session.flush()
        index_anew(session, affected(session, kind, [done.kept, done.gone]))
        audit.note_about(session, who, "merge_undone", kind.name, done.gone, kept=done.kept)
        return Undone(kind, done.gone, tuple(people_left), tuple(records_left))


def merges_of(session: Session, kind: Kind, key: str) -> Sequence[ReferenceMerge]:
    """Return the merges into a record that are not undone, newest first."""
    query = select(ReferenceMerge).where(
        ReferenceMerge.kind == kind.name,
        ReferenceMerge.kept == key,
        ReferenceMerge.undone_at.is_(None),
    )
    return session.scalars(query.order_by(ReferenceMerge.id.desc())).all()


def _check(session: Session, kind: Kind, done: ReferenceMerge) -> None:
    if done.undone_at is not None:
        raise WrongState("This merge is undone already.")
    if one_record(session, kind, done.kept) is None:
        raise WrongState("What it was merged into is gone; undo that first.")
    if one_record(session, kind, done.gone) is not None:
        raise WrongState("Its old id is taken by now.")


def _lead_back(session: Session, done: ReferenceMerge) -> None:
    here = ReferenceRedirect.kind == done.kind
    session.execute(delete(ReferenceRedirect).where(here, ReferenceRedirect.old_key == done.gone))
    older = update(ReferenceRedirect).where(
        here,
        ReferenceRedirect.old_key.in_(done.followed),
        ReferenceRedirect.new_key == done.kept,
    )
    session.execute(older.values(new_key=done.gone))


def _records_back(session: Session, who: Identity, done: ReferenceMerge) -> list[str]:
    """Restore reference records; return the keys of those changed since."""
    left: list[str] = []
    # The merged record is the last entry; others refer to it.
    for name, key, before, after in reversed(done.changed):
        kind = BY_NAME[name]
        now = one_record(session, kind, key)
        if now != after:
            left.append(key)
            continue
        whole = without_what_is_gone(session, kind, before)
        put(session, who, kind, "changed" if now else "restored", now, whole)
    return left


def _people_back(session: Session, who: Identity, done: ReferenceMerge) -> list[str]:
    """Restore people's records; return the ids of those that could only be restored partly."""
    left: list[str] = []
    message = f"{done.kind} {done.gone} is apart from {done.kept} again"
    for portion in outbox.batched(done.people, BATCH):
        entries = {entry["id"]: entry for entry in portion}
        wanted = []
        for standing in standings(session, sorted(entries)):
            back = _Back(session, standing, entries[standing.person.id])
            wanted.append(back.wanted())
            if not back.whole:
                left.append(standing.person.id)
        write(session, who, wanted, message)
    return left


class _Back:
    """One person's records after the undo; `is_complete` is false if something is ambiguous."""

    def __init__(self, session: Session, standing: Standing, entry: Mapping[str, Any]) -> None:
        self.standing = standing
        self.public = _said(session, entry["id"], entry["public"])
        self.draft = _said(session, entry["id"], entry["draft"])
        self.draft_made = entry["draft"][-1] if entry["draft"] else None
        self.whole = standing.public is not None or standing.draft is not None

    def wanted(self) -> Wanted:
        public = self._back(self.standing.public, self._seen_by_public())
        return Wanted(
            self.standing, public, self._back(self.standing.draft, self.draft or self.public)
        )

    def _seen_by_public(self) -> tuple[Record, Record] | None:
        """Return the versions for the public record: the draft's if it was published since."""
        public = self.standing.public
        if public and self.draft and self.draft_made and public.number >= self.draft_made:
            return self.draft
        return self.public

    def _back(
        self, revision: Revision | None, said: tuple[Record, Record] | None
    ) -> dict[str, Any] | None:
        if revision is None or said is None:
            return None
        before, after = said
        if not before or not after:
            self.whole = False  # redacted since
            return None
        if revision.record == after:
            return dict(before) if before != after else None
        merged = merge(after, before, revision.record)
        self.whole = self.whole and not merged.conflicts
        try:
            record = load(person_schema, merged.record)
        except RecordRefused:
            self.whole = False
            return None
        return record if record != revision.record else None


def _said(session: Session, person_id: str, numbers: Sequence[int]) -> tuple[Record, Record] | None:
    """Return the records before and after the merge."""
    if len(numbers) != 2:
        return None
    query = select(Revision.number, Revision.record).where(
        Revision.person_id == person_id, Revision.number.in_(numbers)
    )
    records: dict[int, Record] = {row[0]: row[1] for row in session.execute(query)}
    return records.get(numbers[0], {}), records.get(numbers[1], {})


def _rows_back(session: Session, done: ReferenceMerge) -> None:
    for name, column, keys in done.rows:
        table = Base.metadata.tables.get(name)
        if table is not None:
            (key,) = table.primary_key.columns
            rows = update(table).where(key.in_(keys), table.c[column] == done.kept)
            session.execute(rows.values({column: done.gone}))
