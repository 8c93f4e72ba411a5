"""Export of the audit log: CSV for spreadsheets, JSON Lines for programs, oldest first."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from biobank.accounts.models import AuditEvent
from biobank.common.clock import as_utc
from biobank.exchange.formats.csv.writer import write_rows

AUDIT_COLUMNS = (
    "id",
    "at",
    "what",
    "kind",
    "subject",
    "subject_id",
    "actor",
    "actor_id",
    "address",
    "detail",
    "hash",
)


@dataclass(frozen=True)
class AuditFormat:
    media_type: str
    write: Callable[[Iterable[AuditEvent]], Iterator[str]]


def event_fields(event: AuditEvent) -> dict[str, Any]:
    """Return the fields of one event; `at` is ISO 8601 in UTC."""
    values = {name: getattr(event, name) for name in AUDIT_COLUMNS}
    return {**values, "at": as_utc(event.at).isoformat()}


def write_csv(events: Iterable[AuditEvent]) -> Iterator[str]:
    """Write one row per event; `detail` is JSON."""
    return write_rows(AUDIT_COLUMNS, (_cells(event_fields(event)) for event in events))


def write_json_lines(events: Iterable[AuditEvent]) -> Iterator[str]:
    for event in events:
        yield json.dumps(event_fields(event), ensure_ascii=False) + "\n"


def _cells(fields: Mapping[str, Any]) -> Iterator[str | int]:
    for name, value in fields.items():
        if name == "detail":
            yield json.dumps(value, ensure_ascii=False) if value else ""
        else:
            yield "" if value is None else value


AUDIT_FORMATS: Final[Mapping[str, AuditFormat]] = {
    "csv": AuditFormat("text/csv; charset=utf-8", write_csv),
    "jsonl": AuditFormat("application/x-ndjson", write_json_lines),
}
