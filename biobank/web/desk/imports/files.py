"""Exports of the report of an import run as JSON or CSV."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from flask import g

from biobank.access import identity
from biobank.accounts.clock import as_utc
from biobank.exchange.csv_rows import csv_rows
from biobank.exchange.importing import desk
from biobank.exchange.importing.models import LINE_KINDS, ImportRun
from biobank.extensions import services
from biobank.web.desk.imports.places import at_words
from biobank.web.desk.imports.said_words import said_words
from biobank.web.desk.imports.words import said_of

COLUMNS = ("kind", "at", "id", "field", "code", "message", "like", "like_at", "score")


def report_as_json(run: ImportRun) -> Iterator[str]:
    """Yield the report as JSON with the fields of `Report.as_dict`; lists as far as stored."""
    found: dict[str, list[Mapping[str, Any]]] = {kind: [] for kind in LINE_KINDS}
    for kind, told in desk.walk_lines(services.database, identity(), run.id):
        found[kind].append(told)
    read = run.new + run.changed + run.same + run.refused
    facts = {
        "file": run.file,
        "format": run.format,
        "sha256": run.sha256,
        "mapping": run.mapping,
        "who": run.author,
        "at": as_utc(run.created_at).isoformat(timespec="seconds"),
        "run": run.id,
        "state": run.state,
        "dry_run": run.state != "done",
        "read": read,
        "new": run.new,
        "changed": run.changed,
        "same": run.same,
        "refused": run.refused,
        "joined": run.joined,
        "brought": run.brought_kinds,
        "duplicates_found": run.duplicates,
        "seconds": round(run.seconds, 1),
        "rate": rate_of(run),
        "refusals": found["refusal"],
        "duplicates": found["duplicate"],
        "notices": found["notice"],
        "trouble": next(iter(found["trouble"]), None),
    }
    yield json.dumps(facts, ensure_ascii=False, indent=1) + "\n"


def report_as_csv(run: ImportRun) -> Iterator[str]:
    """Yield the report as CSV, one row per problem, pair or notice."""
    return csv_rows(COLUMNS, _rows(run))


def rate_of(run: ImportRun) -> int:
    """Return the number of records read per second."""
    read = run.new + run.changed + run.same + run.refused
    return round(read / run.seconds) if run.seconds else 0


def _rows(run: ImportRun) -> Iterator[tuple[str, ...]]:
    for kind, told in desk.walk_lines(services.database, identity(), run.id):
        at, id_ = at_words(told.get("at", "")), told.get("id") or ""
        if kind == "refusal":
            for it in told["problems"]:
                yield (kind, at, id_, it["path"], it["code"], said_of(it), "", "", "")
        elif kind == "duplicate":
            facts = [f"{it['kind']} {it['value']}" for it in told["reasons"]]
            why = "; ".join(filter(None, (told["why"].get(g.lang, ""), *facts)))
            like = (told["like"], told["like_at"] or "", str(told["score"]))
            yield (kind, at, id_, "", "", why, *like)
        else:
            code, path = told.get("code", ""), told.get("path", "")
            yield (kind, at, id_, path, code, said_words(told), "", "", "")
