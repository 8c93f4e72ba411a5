"""Export of the audit log: CSV for spreadsheets, JSON Lines for programs, oldest first."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from biobank.accounts.clock import as_utc
from biobank.accounts.models import AuditEvent
from biobank.exchange.csv_rows import csv_rows

COLUMNS = (
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


def fields_of(event: AuditEvent) -> dict[str, Any]:
    """Return the fields of one event; `at` is ISO 8601 in UTC."""
    values = {name: getattr(event, name) for name in COLUMNS}
    return {**values, "at": as_utc(event.at).isoformat()}


def as_csv(events: Iterable[AuditEvent]) -> Iterator[str]:
    """Write one row per event; `detail` is JSON."""
    return csv_rows(COLUMNS, (_cells(fields_of(event)) for event in events))


def as_json_lines(events: Iterable[AuditEvent]) -> Iterator[str]:
    for event in events:
        yield json.dumps(fields_of(event), ensure_ascii=False) + "\n"


def _cells(fields: Mapping[str, Any]) -> Iterator[str | int]:
    for name, value in fields.items():
        if name == "detail":
            yield json.dumps(value, ensure_ascii=False) if value else ""
        else:
            yield "" if value is None else value


FORMATS: Final[Mapping[str, AuditFormat]] = {
    "csv": AuditFormat("text/csv; charset=utf-8", as_csv),
    "jsonl": AuditFormat("application/x-ndjson", as_json_lines),
}
