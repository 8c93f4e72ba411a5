"""Import and export of terms, places, organisations and sources as JSON Lines."""

import json
from collections.abc import Iterable, Iterator, Mapping

from biobank.accounts import audit
from biobank.accounts.identity import Identity
from biobank.editorial.reference.bringing import bring, in_order
from biobank.errors import Problem, RecordRefused
from biobank.exchange.importing.reading import Item
from biobank.exchange.importing.report import Report
from biobank.records.problems import load, shown
from biobank.records.reference.kinds import ORGANISATION, PLACE, SOURCE, TERM, Kind, Record
from biobank.records.reference.unreviewed import unreviewed
from biobank.store.session import Database

#: Kinds by their command-line name, in import order.
KINDS: Mapping[str, Kind] = {
    "terms": TERM,
    "places": PLACE,
    "organisations": ORGANISATION,
    "sources": SOURCE,
}
#: Maximum number of records in one file: all are in memory while compared with the bank.
RECORDS_MOST = 200_000


def reference_lines(database: Database, kind: Kind, *, with_drafts: bool = False) -> Iterator[str]:
    """Serialise every record of a kind as a line; unreviewed ones only with `with_drafts`."""
    with database.read() as session:
        hidden = frozenset() if with_drafts else unreviewed(session).get(kind.name, frozenset())
        for record in in_order(session, kind, hidden):
            yield json.dumps(record, ensure_ascii=False) + "\n"


def import_references(
    database: Database,
    items: Iterable[Item],
    kind: Kind,
    *,
    file: str,
    who: Identity,
    publish: bool,
    dry_run: bool = False,
) -> Report:
    """Import every valid record of `items` in one transaction and report the others."""
    report = Report(dry_run=dry_run)
    labels: dict[str, str] = {}
    records = dict(_read(items, kind, labels, report))
    with database.write() as session:
        brought = bring(session, who, kind, records, publish=publish)
        if report.dry_run:
            session.rollback()
        elif set(brought.outcomes.values()) - {"same"}:
            done = {"brought": len(brought.outcomes), "refused": len(brought.refused)}
            audit.note_about(
                session, who, "imported", "file", file[:200], published=publish, **done
            )
    for outcome in brought.outcomes.values():
        setattr(report, outcome, getattr(report, outcome) + 1)
    for key, problems in brought.refused.items():
        report.refuse(labels[key], key, problems)
    return report


def _read(
    items: Iterable[Item], kind: Kind, labels: dict[str, str], report: Report
) -> Iterator[tuple[str, Record]]:
    """Yield the valid records by key; record the position of each in `labels`."""
    for item in items:
        try:
            key, record = _one(item, kind, labels)
        except RecordRefused as refused:
            report.refuse(item.label, _id_of(item), list(refused.problems))
        else:
            labels[key] = item.label
            yield key, record


def _one(item: Item, kind: Kind, labels: Mapping[str, str]) -> tuple[str, Record]:
    if item.fault:
        raise RecordRefused([item.fault])
    if len(labels) >= RECORDS_MOST:
        message = f"At most {RECORDS_MOST:,} are brought in at once; split the file."
        raise RecordRefused([Problem("", "too_many", message)])
    record = load(kind.schema, item.data)
    key = kind.key(record)
    if key in labels:
        raise RecordRefused([Problem("id", "repeated", f"Stands at {labels[key]} already.")])
    return key, record


def _id_of(item: Item) -> str | None:
    given = item.data.get("id") if isinstance(item.data, dict) else None
    return shown(given, 120) if isinstance(given, str) else None
