"""Import: every record is checked first, then the good ones are kept in batches.

Killed half-way, each batch is there whole or not at all, and the same import again ends the same.
"""

import json
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import IO, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from biobank.accounts import audit
from biobank.accounts.identity import Identity
from biobank.editorial.models import ImportKey
from biobank.editorial.publishing import known_people, save_many
from biobank.errors import Problem, RecordRefused
from biobank.exchange.importing.identity import Identities
from biobank.exchange.importing.reading import Item
from biobank.exchange.importing.report import Report
from biobank.records.dates import DateError, moment
from biobank.records.people.checks import Known, check_references, dangling, load_known
from biobank.records.people.models import Person
from biobank.records.people.schemas import person_schema
from biobank.records.problems import load, shown
from biobank.store.session import Database

#: Records in one transaction: large enough to be quick, small enough to let other writers in.
BATCH = 200
#: Characters of an id that a report repeats; the longest id has as many.
ID_SHOWN = 120

#: Told after every step: what is being done, how much of it is done, of how many if known.
Progress = Callable[[str, int, int | None], None]


def silent(_step: str, _done: int, _total: int | None) -> None:
    """A progress that tells nobody."""


@dataclass
class _Accepted:
    """What is remembered of a good record between the two passes; the record is in the spool."""

    label: str
    #: Ids it points at; kept only where there are any.
    relations: list[dict[str, Any]] = field(default_factory=list)


def import_people(
    database: Database,
    items: Iterable[Item],
    *,
    file: str,
    who: Identity,
    publish: bool,
    dry_run: bool = False,
    progress: Progress = silent,
) -> Report:
    """Keeps every good record of `items`, as drafts or public, and reports the rest.

    Relations may point forward within `items`; a record with one that points nowhere is refused.
    """
    report = Report(dry_run=dry_run)
    with tempfile.TemporaryFile("w+", encoding="utf-8") as spool:
        with database.read() as session:
            accepted = _check(session, items, file, spool, report, progress)
        good = _without_dangling(database, accepted, report)
        _keep(database, spool, good, file, who, report, progress, publish=publish)
    if not dry_run:
        _note(database, who, file, report, publish=publish)
    return report


def _check(
    session: Session,
    items: Iterable[Item],
    file: str,
    spool: IO[str],
    report: Report,
    progress: Progress,
) -> dict[str, _Accepted]:
    """First pass: shape, references and id of each record; good ones go to the spool."""
    known = load_known(session)
    identities = Identities(session, file, known_people(session))
    accepted: dict[str, _Accepted] = {}
    brought: dict[str, Any] = {}
    for index, item in enumerate(items, 1):
        try:
            record, key = _read(item, known, identities, accepted, brought)
        except RecordRefused as refused:
            report.refuse(item.label, _id_of(item), list(refused.problems))
        else:
            for message in (*item.notices, *_notices(item.data)):
                report.notice(item.label, message)
            accepted[record["id"]] = _Accepted(item.label, record.get("relations", []))
            spool.write(json.dumps([key, record], ensure_ascii=False) + "\n")
        if index % BATCH == 0:
            progress("checked", index, None)
    progress("checked", len(accepted) + report.refused, None)
    return accepted


def _read(
    item: Item,
    known: Known,
    identities: Identities,
    accepted: dict[str, _Accepted],
    brought: dict[str, Any],
) -> tuple[dict[str, Any], str | None]:
    """The record of `item` with its id, and its key; `brought` collects the sources of the file."""
    if item.fault:
        raise RecordRefused([Problem("", "unreadable", item.fault)])
    record = load(person_schema, item.data)
    person_id, key = identities.identify(record, item.key)
    if problems := check_references(record, known):
        raise RecordRefused(problems)
    if person_id in accepted:
        message = f"{person_id!r} stands in this file already, at {accepted[person_id].label}."
        raise RecordRefused([Problem("id", "repeated", message)])
    inline = {ref["id"]: ref["csl"] for ref in record.get("sources", []) if isinstance(ref, dict)}
    known.sources.update(inline)
    brought.update(inline)
    return _with_sources({"id": person_id, **record}, brought), key


def _with_sources(record: dict[str, Any], brought: dict[str, Any]) -> dict[str, Any]:
    """`record` with the sources that earlier lines brought, as those may yet be refused."""
    refs = [
        {"id": ref, "csl": brought[ref]} if isinstance(ref, str) and ref in brought else ref
        for ref in record.get("sources", [])
    ]
    return {**record, "sources": refs} if refs else record


def _without_dangling(
    database: Database, accepted: dict[str, _Accepted], report: Report
) -> set[str]:
    """Ids that stay once every record that points at nobody is refused, until none is left."""
    with database.read() as session:
        stored = known_people(session)
    good = set(accepted)
    pointing = {id_: entry for id_, entry in accepted.items() if entry.relations}
    while True:
        everyone = stored | good
        refused = {
            id_: problems
            for id_, entry in pointing.items()
            if id_ in good
            and (problems := dangling({"id": id_, "relations": entry.relations}, everyone))
        }
        if not refused:
            return good
        for id_, problems in refused.items():
            report.refuse(accepted[id_].label, id_, problems)
            good.discard(id_)


def _keep(
    database: Database,
    spool: IO[str],
    good: set[str],
    file: str,
    who: Identity,
    report: Report,
    progress: Progress,
    *,
    publish: bool,
) -> None:
    """Second pass: batches of good records, each in a transaction of its own."""
    spool.seek(0)
    lines = ((key, record) for key, record in map(json.loads, spool) if record["id"] in good)
    done = 0
    while batch := list(islice(lines, BATCH)):
        with database.write() as session:
            records = [record for _, record in batch]
            _make_room_for_targets(session, records)
            outcomes = save_many(session, records, who, f"import of {file}", publish=publish)
            _remember(session, file, {key: record["id"] for key, record in batch if key})
            if report.dry_run:
                session.rollback()
        for outcome in outcomes:
            setattr(report, outcome, getattr(report, outcome) + 1)
        done += len(batch)
        progress("kept", done, len(good))


def _note(database: Database, who: Identity, file: str, report: Report, *, publish: bool) -> None:
    """An import that changed something stands in the audit, with what it did."""
    if report.new or report.changed:
        done = {"new": report.new, "changed": report.changed, "refused": report.refused}
        with database.write() as session:
            audit.note_about(
                session, who, "imported", "file", file[:200], published=publish, **done
            )


def _make_room_for_targets(session: Session, records: list[dict[str, Any]]) -> None:
    """Bare rows for people that relations point at and that come later in the file.

    A bare row has no revision and shows nowhere, so a kill between two batches leaves no trace.
    """
    targets = {
        relation["person"] for record in records for relation in record.get("relations", [])
    } | {record["id"] for record in records}
    known = set(session.scalars(select(Person.id).where(Person.id.in_(targets))))
    session.add_all(Person(id=id_) for id_ in sorted(targets - known))
    session.flush()


def _remember(session: Session, file: str, keys: dict[str, str]) -> None:
    query = select(ImportKey.key).where(ImportKey.file == file, ImportKey.key.in_(keys))
    known = set(session.scalars(query))
    session.add_all(
        ImportKey(file=file, key=key, person_id=person_id)
        for key, person_id in keys.items()
        if key not in known
    )


def _id_of(item: Item) -> str | None:
    given = item.data.get("id") if isinstance(item.data, dict) else None
    return shown(given, ID_SHOWN) if isinstance(given, str) else None


def _notices(data: dict[str, Any]) -> Iterator[str]:
    """What was read otherwise than it was written: a birth or death given as an interval."""
    for role in ("birth", "death"):
        date = (data.get(role) or {}).get("date")
        try:
            notice = moment(str(date).strip())[1] if date else None
        except DateError:
            notice = None
        if notice:
            yield f"{role}.date: {notice}"
