"""Exports of the report of an import run as JSON or CSV."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from flask import g

from biobank.common.clock import as_utc
from biobank.exchange.formats.csv.writer import write_rows
from biobank.exchange.imports import service
from biobank.exchange.imports.models import REPORT_LINE_KINDS, ImportRun
from biobank.http.auth import identity
from biobank.http.extensions import services
from biobank.web.desk.imports.labels import problem_text
from biobank.web.desk.imports.locations import location_label
from biobank.web.desk.imports.message_text import message_text

REPORT_CSV_COLUMNS = ("kind", "at", "id", "field", "code", "message", "like", "like_at", "score")


def report_as_json(run: ImportRun) -> Iterator[str]:
    """Yield the report as JSON with the fields of `Report.as_dict`; lists as far as stored."""
    entries: dict[str, list[Mapping[str, Any]]] = {kind: [] for kind in REPORT_LINE_KINDS}
    for kind, entry in service.iter_report_lines(services.database, identity(), run.id):
        entries[kind].append(entry)
    read_count = run.new + run.changed + run.same + run.refused
    report = {
        "file": run.file,
        "format": run.format,
        "sha256": run.sha256,
        "mapping": run.mapping,
        "who": run.author,
        "at": as_utc(run.created_at).isoformat(timespec="seconds"),
        "run": run.id,
        "state": run.state,
        "dry_run": run.state != "done",
        "read": read_count,
        "new": run.new,
        "changed": run.changed,
        "same": run.same,
        "refused": run.refused,
        "joined": run.joined,
        "brought": run.brought_kinds,
        "duplicates_found": run.duplicates,
        "seconds": round(run.seconds, 1),
        "rate": records_per_second(run),
        "refusals": entries["refusal"],
        "duplicates": entries["duplicate"],
        "notices": entries["notice"],
        "trouble": next(iter(entries["trouble"]), None),
    }
    yield json.dumps(report, ensure_ascii=False, indent=1) + "\n"


def report_as_csv(run: ImportRun) -> Iterator[str]:
    """Yield the report as CSV, one row per problem, pair or notice."""
    return write_rows(REPORT_CSV_COLUMNS, _rows(run))


def records_per_second(run: ImportRun) -> int:
    """Return the number of records read per second."""
    read_count = run.new + run.changed + run.same + run.refused
    return round(read_count / run.seconds) if run.seconds else 0


def _rows(run: ImportRun) -> Iterator[tuple[str, ...]]:
    for kind, entry in service.iter_report_lines(services.database, identity(), run.id):
        location, id_ = location_label(entry.get("at", "")), entry.get("id") or ""
        if kind == "refusal":
            for item in entry["problems"]:
                yield (
                    kind,
                    location,
                    id_,
                    item["path"],
                    item["code"],
                    problem_text(item),
                    "",
                    "",
                    "",
                )
        elif kind == "duplicate":
            reasons = [f"{item['kind']} {item['value']}" for item in entry["reasons"]]
            explanation = "; ".join(filter(None, (entry["why"].get(g.lang, ""), *reasons)))
            match_cells = (entry["like"], entry["like_at"] or "", str(entry["score"]))
            yield (kind, location, id_, "", "", explanation, *match_cells)
        else:
            code, path = entry.get("code", ""), entry.get("path", "")
            yield (kind, location, id_, path, code, message_text(entry), "", "", "")
