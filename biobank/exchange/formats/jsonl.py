"""JSON Lines: reader and writer of people, and of reference records."""

import codecs
import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import count
from typing import IO, Any

from biobank.accounts import audit
from biobank.accounts.identity import Identity
from biobank.common.strict_json import DuplicateKeyError, loads
from biobank.editorial.reference.bulk_import import import_records, iter_parents_first
from biobank.errors import FieldError, RecordRefused
from biobank.exchange.exports.context import ExportContext
from biobank.exchange.imports.items import MAX_LINE_BYTES, UTF_16_BOMS, ImportItem
from biobank.exchange.imports.messages import (
    ImportMessage,
    UnreadableFile,
    classify_json_error,
    import_message,
)
from biobank.exchange.imports.runs import ImportReport
from biobank.records.people.record import PersonRecord
from biobank.records.reference.kinds import (
    ORGANISATION_KIND,
    PLACE_KIND,
    SOURCE_KIND,
    TERM_KIND,
    ReferenceKind,
    ReferenceRecord,
)
from biobank.records.reference.usage import load_unreviewed
from biobank.records.validation import load_validated
from biobank.store.session import Database


def parse_line(line: bytes) -> tuple[Any, ImportMessage | None]:
    """Return the JSON value of `line` and None, or None and the error."""
    try:
        return loads(line.decode("utf-8")), None
    except UnicodeDecodeError as error:
        return None, import_message("not_utf_8", at=error.start + 1)
    except DuplicateKeyError as error:
        return None, import_message("key_twice", key=error.key)
    except json.JSONDecodeError as error:
        return None, import_message("no_json", fault=classify_json_error(error.msg), at=error.pos + 1)
    except (RecursionError, ValueError):
        return None, import_message("json_deep")


def iter_lines(stream: IO[bytes]) -> Iterator[tuple[str, bytes, ImportMessage | None]]:
    """Yield the label and the bytes of each non-blank line, and an error if it is too long.

    A byte order mark at the start is skipped.

    Raises:
        UnreadableFile: if the byte order mark is that of UTF-16.
    """
    for number in count(1):
        if not (line := stream.readline(MAX_LINE_BYTES + 1)):
            return
        label = f"line {number}"
        if len(line) > MAX_LINE_BYTES:
            while line and not line.endswith(b"\n"):
                line = stream.readline(MAX_LINE_BYTES)
            yield label, b"", import_message("line_long", most=MAX_LINE_BYTES)
            continue
        if number == 1:
            if line.startswith(UTF_16_BOMS):
                raise UnreadableFile("utf_16")
            line = line.removeprefix(codecs.BOM_UTF8)
        if line.strip():
            yield label, line, None


def read_jsonl(stream: IO[bytes]) -> Iterator[ImportItem]:
    """Yield one item for each non-blank line.

    Raises:
        UnreadableFile: if it is UTF-16.
    """
    for label, line, too_long in iter_lines(stream):
        data, error = (None, too_long) if too_long else parse_line(line)
        yield ImportItem(label, data, error)


def write_jsonl(records: Iterable[PersonRecord], _context: ExportContext) -> Iterator[str]:
    return map(serialize_line, records)


def serialize_line(record: Mapping[str, Any]) -> str:
    return json.dumps(record, ensure_ascii=False) + "\n"


#: Kinds by their command-line name, in import order.
REFERENCE_KINDS_BY_NAME: Mapping[str, ReferenceKind] = {
    "terms": TERM_KIND,
    "places": PLACE_KIND,
    "organisations": ORGANISATION_KIND,
    "sources": SOURCE_KIND,
}
#: Maximum number of records in one file: all are in memory while compared with the bank.
MAX_REFERENCE_RECORDS = 200_000


def export_references(database: Database, kind: ReferenceKind, *, with_drafts: bool = False) -> Iterator[str]:
    """Serialise every record of a kind as a line; unreviewed ones only with `with_drafts`."""
    with database.read() as session:
        hidden = frozenset() if with_drafts else load_unreviewed(session).get(kind.name, frozenset())
        for record in iter_parents_first(session, kind, hidden):
            yield serialize_line(record)


def import_references(
    database: Database,
    items: Iterable[ImportItem],
    kind: ReferenceKind,
    *,
    file: str,
    actor: Identity,
    publish: bool,
    dry_run: bool = False,
) -> ImportReport:
    """Import every valid record of `items` in one transaction and report the others."""
    report = ImportReport(dry_run=dry_run)
    labels: dict[str, str] = {}
    records = dict(_read(items, kind, labels, report))
    with database.write() as session:
        result = import_records(session, actor, kind, records, publish=publish)
        if report.dry_run:
            session.rollback()
        elif set(result.outcomes.values()) - {"same"}:
            counts = {"brought": len(result.outcomes), "refused": len(result.refused)}
            audit.record_for(session, actor, "imported", "file", file[:200], published=publish, **counts)
    for outcome in result.outcomes.values():
        report.count_outcome(outcome)
    for key, problems in result.refused.items():
        report.add_refusal(labels[key], key, problems)
    return report


def _read(
    items: Iterable[ImportItem], kind: ReferenceKind, labels: dict[str, str], report: ImportReport
) -> Iterator[tuple[str, ReferenceRecord]]:
    """Yield the valid records by key; record the position of each in `labels`."""
    for item in items:
        try:
            key, record = _read_item(item, kind, labels)
        except RecordRefused as refused:
            report.add_refusal(item.label, item.reported_id, list(refused.problems))
        else:
            labels[key] = item.label
            yield key, record


def _read_item(
    item: ImportItem, kind: ReferenceKind, labels: Mapping[str, str]
) -> tuple[str, ReferenceRecord]:
    if item.error:
        raise RecordRefused([item.error])
    if len(labels) >= MAX_REFERENCE_RECORDS:
        message = f"At most {MAX_REFERENCE_RECORDS:,} records can be imported at once. Split the file."
        raise RecordRefused([FieldError("", "too_many", message)])
    record = load_validated(kind.schema, item.data)
    key = kind.get_key(record)
    if key in labels:
        raise RecordRefused(
            [FieldError("id", "repeated", f"This record is already in the file: {labels[key]}.")]
        )
    return key, record
