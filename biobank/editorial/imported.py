"""Decide what an import does with each record: save, merge with edits made here, or refuse.

An import never undoes edits made here. Each imported revision carries the number of its run; the
last one is what the file contained at the last import. If the latest revision differs from it, the
record was edited since: the changes of the file and the edits are merged three-way, and the record
is refused if both changed the same field.

A merge writes two revisions of one run: the contents of the file, as the base of the next import,
and the merged record on top of it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from sqlalchemy import Row, Select, and_, func, select
from sqlalchemy.orm import Session, aliased

from biobank.editorial.merging.leading import led_on
from biobank.editorial.models import Revision
from biobank.editorial.three_way import merge
from biobank.errors import Problem, RecordRefused
from biobank.records.people.models import Person
from biobank.records.people.schemas import person_schema
from biobank.records.problems import load
from biobank.records.reference.redirects import load_redirects, readdressed

Record = Mapping[str, Any]
Outcome = Literal["new", "changed", "same", "refused"]


@dataclass(frozen=True)
class Standing:
    """The stored state of a person: the latest revision and the record of the last import."""

    revision_id: int
    number: int
    state: str
    record: Record
    by_a_user: bool
    #: Ids of users with contributions in it that were never public.
    writers: tuple[int, ...]
    base: Record | None


@dataclass(frozen=True)
class Decision:
    """What happens to one record: `record` is from the file, `merged` includes edits made here."""

    person_id: str
    outcome: Outcome
    record: Record
    joined: Record | None = None
    #: Sources that the record contains in full, by id.
    sources: Mapping[str, Any] = field(default_factory=dict)
    #: Fields that were edited here and keep their edited value.
    kept_edits: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    standing: Standing | None = None


def decide(session: Session, records: Sequence[Record], *, publish: bool) -> list[Decision]:
    """Return what an import of validated `records` with ids would do, without writing anything."""
    redirects = load_redirects(session)
    told = [readdressed(record, redirects) for record in records]
    clean = led_on(session, [_with_source_ids(record) for record in told])
    ids = [record["id"] for record in clean]
    held = standings(session, ids)
    public = _public(session, ids) if publish else {}
    return [
        replace(
            _decide(record, held.get(record["id"]), public.get(record["id"]), publish=publish),
            sources={
                it["id"]: it["csl"] for it in whole.get("sources", ()) if isinstance(it, dict)
            },
        )
        for record, whole in zip(clean, told, strict=True)
    ]


def standings(session: Session, ids: Collection[str]) -> dict[str, Standing]:
    """Return the stored state of those of `ids` that have a revision."""
    rows = list(session.execute(_newest(ids)))
    apart = [row.person_id for row in rows if row.import_run is None or _is_join(row)]
    bases = _last_imported(session, apart) if apart else {}
    return {
        row.person_id: Standing(
            row.id,
            row.number,
            row.state,
            row.record,
            row.author_id is not None and row.import_run is None,
            () if row.published_at else tuple(row.writers),
            bases.get(row.person_id) if row.person_id in set(apart) else row.record,
        )
        for row in rows
    }


def _decide(
    record: Record, held: Standing | None, public: Record | None, *, publish: bool
) -> Decision:
    def decided(outcome: Outcome, **more: Any) -> Decision:
        return Decision(record["id"], outcome, record, standing=held, **more)

    if held is None:
        return decided("new")
    if record == (public if publish else held.record):
        return decided("same")
    if held.base is None and held.by_a_user:
        message = (
            f"{record['id']!r} was written here, not brought in; edit it at the desk, or merge "
            "the two there."
        )
        return decided("refused", problems=(Problem("id", "written_here", message),))
    if held.base is None or held.base == held.record:
        return decided("changed")
    if publish and held.state in ("draft", "review"):
        message = (
            f"Somebody edits {record['id']!r} here, and revision {held.number} is not public yet; "
            "publish or withdraw that first."
        )
        return decided("refused", problems=(Problem("id", "being_edited", message),))
    if record == held.base:
        return decided("same")
    return _join(record, held.base, held)


def _join(record: Record, base: Record, held: Standing) -> Decision:
    """Merge the changes of the file with the edits made here; refuse if they conflict."""
    both = merge(base, record, held.record)
    problems = [
        Problem(
            ".".join(conflict.path),
            "edited_here",
            "Was edited here since the last import, and is changed otherwise in the file; "
            "decide at the desk.",
        )
        for conflict in both.conflicts
    ]
    joined: Record = both.record
    if not problems:
        try:
            joined = load(person_schema, both.record)
        except RecordRefused as refused:
            problems = list(refused.problems)
    if problems:
        return Decision(record["id"], "refused", record, problems=tuple(problems), standing=held)
    if joined == held.record:
        return Decision(record["id"], "same", record, standing=held)
    edits = tuple(".".join(path) for path in both.from_theirs)
    return Decision(record["id"], "changed", record, joined=joined, kept_edits=edits, standing=held)


def _with_source_ids(record: dict[str, Any]) -> Record:
    refs = record.get("sources")
    if not refs:
        return record
    return {**record, "sources": [it["id"] if isinstance(it, dict) else it for it in refs]}


def _public(session: Session, ids: Sequence[str]) -> dict[str, Record]:
    """Return the public record of each person that has one."""
    query = (
        select(Revision.person_id, Revision.number, Revision.record)
        .join(Person, and_(Person.id == Revision.person_id, Person.published == Revision.number))
        .where(Person.id.in_(ids))
    )
    return {row.person_id: row.record for row in session.execute(query)}


def _newest(ids: Collection[str]) -> Select[Any]:
    """Return a query for the latest revisions, with the import run of the previous one."""
    last = (
        select(Revision.person_id, func.max(Revision.number).label("number"))
        .where(Revision.person_id.in_(ids))
        .group_by(Revision.person_id)
        .subquery()
    )
    return _with_previous(last)


def _with_previous(last: Any) -> Select[Any]:
    before = aliased(Revision)
    return (
        select(
            Revision.id,
            Revision.person_id,
            Revision.number,
            Revision.state,
            Revision.record,
            Revision.author_id,
            Revision.writers,
            Revision.published_at,
            Revision.import_run,
            before.import_run.label("run_before"),
        )
        .join(
            last,
            (last.c.person_id == Revision.person_id) & (last.c.number == Revision.number),
        )
        .outerjoin(
            before,
            (before.person_id == Revision.person_id) & (before.number == Revision.number - 1),
        )
    )


def _is_join(row: Row[Any]) -> bool:
    """Return whether the revision is a merge: its predecessor belongs to the same import run."""
    return bool(row.import_run) and row.import_run == row.run_before


def _last_imported(session: Session, ids: Collection[str]) -> dict[str, Record]:
    """Return the record of each person's last import, unless redacted."""
    last = (
        select(Revision.person_id, func.max(Revision.number).label("number"))
        .where(Revision.person_id.in_(ids), Revision.import_run.is_not(None))
        .group_by(Revision.person_id)
        .subquery()
    )
    rows = list(session.execute(_with_previous(last)))
    found = {row.person_id: row.record for row in rows if not _is_join(row)}
    joins = {row.person_id: row.number - 1 for row in rows if _is_join(row)}
    if joins:
        query = select(Revision.person_id, Revision.number, Revision.record).where(
            Revision.person_id.in_(joins), Revision.import_run.is_not(None)
        )
        for row in session.execute(query):
            if joins[row.person_id] == row.number:
                found[row.person_id] = row.record
    return {id_: record for id_, record in found.items() if record.get("names")}
