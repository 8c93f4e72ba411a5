"""Merging and renaming of reference records; a rename is a merge into a new record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from biobank.accounts import audit
from biobank.accounts.identity import Identity
from biobank.accounts.policy import Action, require
from biobank.editorial.reference.checking import above, check, lies_within_itself
from biobank.editorial.reference.drafts import drafts_using
from biobank.editorial.reference.joining import joined, repointed
from biobank.editorial.reference.keeping import (
    check_free,
    existing,
    index_anew,
    lock,
    put,
    take_away,
)
from biobank.editorial.reference.rewriting import rewrite
from biobank.errors import Problem, RecordRefused
from biobank.records.problems import load
from biobank.records.reference.kinds import TERM, Kind
from biobank.records.reference.models import ReferenceMerge, ReferenceRedirect
from biobank.records.reference.redirects import led_here
from biobank.records.reference.unreviewed import mark_reviewed
from biobank.records.reference.uses import (
    Referring,
    affected,
    outside,
    parents,
    people_using,
    referring,
)
from biobank.store import outbox
from biobank.store.session import Database

Record = Mapping[str, Any]


@dataclass(frozen=True)
class Plan:
    """The plan of a merge; `after` is the survivor's record afterwards."""

    kind: Kind
    kept: Record
    gone: Record
    after: dict[str, Any]
    referring: Sequence[Referring]

    @property
    def kept_key(self) -> str:
        return self.kind.key(self.kept)

    @property
    def gone_key(self) -> str:
        return self.kind.key(self.gone)


@dataclass(frozen=True)
class Preview:
    """A plan, and the ids of the public people and of the drafts to rewrite."""

    plan: Plan
    people: Sequence[str]
    drafts: Sequence[str]


def preview(
    database: Database, who: Identity, kind: Kind, kept: str, gone: str, *, keep_names: bool = True
) -> Preview:
    """Return the effects of `merge_references`, without writing anything.

    Raises:
        NotFound: if one of the two does not exist.
        RecordRefused: if they cannot be merged.
    """
    require(who, Action.EDIT_REFERENCE)
    with database.read() as session:
        plan = _planned(session, kind, kept, gone, keep_names=keep_names)
        people = sorted(people_using(session, kind, [gone]))
        return Preview(plan, people, drafts_using(session, kind, gone))


def merge(
    database: Database, who: Identity, kind: Kind, kept: str, gone: str, *, keep_names: bool = True
) -> int:
    """Merge one record into another, redirect its key and return the id of the merge.

    Raises:
        NotFound: if one of the two does not exist.
        RecordRefused: if they cannot be merged.
    """
    require(who, Action.EDIT_REFERENCE)
    with database.write() as session:
        lock(session)
        plan = _planned(session, kind, kept, gone, keep_names=keep_names)
        return _merge(session, who, plan)


def rename(database: Database, who: Identity, kind: Kind, key: str, new_id: str) -> str:
    """Give a record another id, redirect the old one and return the new key.

    Raises:
        NotFound: if the record does not exist.
        RecordRefused: if the new id is invalid or taken, or was merged into another.
    """
    require(who, Action.EDIT_REFERENCE)
    with database.write() as session:
        lock(session)
        old = existing(session, kind, key)
        new = load(kind.schema, {**old, "id": new_id})
        if kind is TERM and old.get("inverse") == old["id"]:
            new["inverse"] = new["id"]
        check_free(session, kind, kind.key(new))
        check(session, kind, new)
        put(session, who, kind, "added", None, new)
        plan = _planned(session, kind, kind.key(new), key, keep_names=False)
        _merge(session, who, plan, renamed=True)
        return kind.key(new)


def _planned(session: Session, kind: Kind, kept: str, gone: str, *, keep_names: bool) -> Plan:
    keeping, going = existing(session, kind, kept), existing(session, kind, gone)
    if kept == gone:
        raise RecordRefused([Problem("merge", "same", "It is one and the same already.")])
    if keeping.get("vocabulary") != going.get("vocabulary"):
        message = "They are of two vocabularies; what is an award is no profession."
        raise RecordRefused([Problem("merge", "vocabulary", message)])
    after = joined(kind, keeping, going, keep_names=keep_names)
    found = [it for it in referring(session, kind, gone) if (it.kind, it.key) != (kind, kept)]
    _check_no_ring(session, kind, kept, gone, after)
    return Plan(kind, keeping, going, after, found)


def _check_no_ring(session: Session, kind: Kind, kept: str, gone: str, after: Record) -> None:
    """Check that the survivor does not become its own ancestor.

    Raises:
        RecordRefused: if it does.
    """
    up = {
        key: {kept if each == gone else each for each in broader}
        for key, broader in parents(session, kind).items()
        if key != gone
    }
    up[kept] = above(kind, after)
    if lies_within_itself(up, kept):
        message = "The one would lie within itself; change what is broader first."
        raise RecordRefused([Problem("merge", "cycle", message)])


def _merge(session: Session, who: Identity, plan: Plan, *, renamed: bool = False) -> int:
    kind, kept, gone = plan.kind, plan.kept_key, plan.gone_key
    changed = _change_records(session, who, plan)
    followed = led_here(session, kind.name, gone)
    message = f"{kind.name} {gone} merged into {kept}"
    people = rewrite(session, who, {kind.name: {gone: kept}}, message)
    rows = _move_rows(session, kind, kept, gone)
    take_away(session, who, kind, "merged", plan.gone)
    changed.append([kind.name, gone, plan.gone, None])
    _redirect(session, kind, kept, gone)
    mark_reviewed(session, kind, kept)
    made = ReferenceMerge(
        kind=kind.name,
        kept=kept,
        gone=gone,
        renamed=renamed,
        changed=changed,
        people=people,
        rows=rows,
        followed=followed,
        author=who.name,
        author_id=who.user_id,
        at=outbox.now(),
    )
    session.add(made)
    session.flush()
    index_anew(session, affected(session, kind, [kept]))
    what = "renamed" if renamed else "merged"
    audit.note_about(session, who, what, kind.name, gone, into=kept, people=len(people))
    return made.id


def _change_records(session: Session, who: Identity, plan: Plan) -> list[list[Any]]:
    """Update the survivor and all referring records; return kind, key, before and after of each."""
    old, new = plan.gone["id"], plan.kept["id"]
    changed: list[list[Any]] = []
    if plan.after != plan.kept:
        put(session, who, plan.kind, "changed", plan.kept, plan.after)
        changed.append([plan.kind.name, plan.kept_key, plan.kept, plan.after])
    for it in plan.referring:
        after = repointed(it.kind, it.record, old, new)
        put(session, who, it.kind, "changed", it.record, after)
        changed.append([it.kind.name, it.key, it.record, after])
    return changed


def _redirect(session: Session, kind: Kind, kept: str, gone: str) -> None:
    older = update(ReferenceRedirect).where(
        ReferenceRedirect.kind == kind.name, ReferenceRedirect.new_key == gone
    )
    session.execute(older.values(new_key=kept))
    session.add(ReferenceRedirect(kind=kind.name, old_key=gone, new_key=kept, at=outbox.now()))
    session.flush()


def _move_rows(session: Session, kind: Kind, kept: str, gone: str) -> list[list[Any]]:
    """Update rows of other tables; return table, column and primary keys of the changed rows."""
    moved: list[list[Any]] = []
    for table, column in outside(kind):
        (key,) = table.primary_key.columns
        keys = list(session.scalars(select(key).where(column == gone)))
        if keys:
            session.execute(update(table).where(column == gone).values({column.name: kept}))
            moved.append([table.name, column.name, keys])
    return moved
