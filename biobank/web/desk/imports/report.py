"""The report of an import: rows on the page, with paging, and exports as JSON and CSV."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask import g, request, url_for

from biobank.common.clock import as_utc
from biobank.editorial.duplicates.candidates import DuplicateCandidate, DuplicateReason
from biobank.editorial.revisions.latest_revisions import LatestRevision, get_latest_revisions
from biobank.exchange.formats.csv import write_rows
from biobank.exchange.imports import service
from biobank.exchange.imports.models import REPORT_LINE_KINDS, ImportRun
from biobank.http.auth import identity
from biobank.http.extensions import services
from biobank.records.people.mapping import preferred_name
from biobank.web.core.pagination import Pagination, make_pagination, page_number
from biobank.web.core.urls import with_query
from biobank.web.desk.duplicates.pages import reason_labels, record_url
from biobank.web.desk.imports.labels import location_label, message_text, problem_text

#: Report rows of each kind per page.
REPORT_ROWS_PER_PAGE: Final = 50
#: Lists of a report in page order: URL value to row kind.
REPORT_LISTS: Final = {"duplicates": "duplicate", "refusals": "refusal", "notices": "notice"}


@dataclass(frozen=True)
class ImportPairSide:
    """One side of a possible duplicate; `url` is empty if there is no record yet."""

    name: str
    id: str
    at: str
    url: str


@dataclass(frozen=True)
class ImportPairRow:
    """Two records that may describe the same person."""

    first: ImportPairSide
    second: ImportPairSide
    reasons: tuple[str, ...]
    merge_url: str


@dataclass(frozen=True)
class ImportNoticeRow:
    """A value that was read differently from how it was written, with its field."""

    at: str
    path: str
    text: str


@dataclass(frozen=True)
class RefusedRecordRow:
    """A refused record: its location, and the field and message of each problem."""

    at: str
    id: str
    url: str
    problems: tuple[tuple[str, str], ...]


def report_lists(run: ImportRun, selected: str) -> list[dict[str, Any]]:
    """Return the lists of a report by kind; a selected one alone, and page by page."""
    lists = []
    for name, kind in REPORT_LISTS.items():
        if selected and selected != name:
            continue
        page = page_number(request.args) if selected else 1
        entries, total = service.list_report_lines(
            services.database, identity(), run.id, kind, page, REPORT_ROWS_PER_PAGE
        )
        if total:
            lists.append(
                {
                    "name": name,
                    "total": total,
                    "rows": _rows(kind, entries, run),
                    "whole_url": _run_url(run, show=name),
                    "paging": _paging(run, name, page, total) if selected else None,
                }
            )
    return lists


def _rows(kind: str, entries: Sequence[Mapping[str, Any]], run: ImportRun) -> list[Any]:
    if kind == "notice":
        return [_notice_row(entry) for entry in entries]
    ids = [id_ for entry in entries for id_ in (entry.get("id"), entry.get("like")) if id_]
    with services.database.read() as session:
        latest_by_id = get_latest_revisions(session, ids)
    if kind == "refusal":
        return [_refused_row(entry, latest_by_id) for entry in entries]
    return [_pair_row(entry, latest_by_id, run) for entry in entries]


def _notice_row(entry: Mapping[str, Any]) -> ImportNoticeRow:
    return ImportNoticeRow(location_label(entry["at"]), entry.get("path", ""), message_text(entry))


def _refused_row(entry: Mapping[str, Any], latest_by_id: Mapping[str, LatestRevision]) -> RefusedRecordRow:
    latest = latest_by_id.get(entry["id"] or "")
    return RefusedRecordRow(
        at=location_label(entry["at"]),
        id=entry["id"] or "",
        url=record_url(latest, g.lang) if latest else "",
        problems=tuple((problem["path"], problem_text(problem)) for problem in entry["problems"]),
    )


def _pair_row(
    entry: Mapping[str, Any], latest_by_id: Mapping[str, LatestRevision], run: ImportRun
) -> ImportPairRow:
    first = _side(entry["like"], entry["like_name"] or entry["like"], entry["like_at"], latest_by_id)
    second = _side(entry["id"], entry["name"], entry["at"], latest_by_id)
    reasons = [DuplicateReason(reason["kind"], reason["value"]) for reason in entry["reasons"]]
    candidate = DuplicateCandidate(entry["like"], entry["score"], tuple(reasons))
    name_reasons = [name_reason] if (name_reason := entry["why"].get(g.lang, "")) else []
    merge_url = ""
    if first.url and second.url and run.state == "done":
        merge_url = url_for("desk.merge", lang=g.lang, kept=first.id, gone=second.id)
    fact_labels = reason_labels(candidate, services.catalogue(), g.lang)
    return ImportPairRow(first, second, (*name_reasons, *fact_labels), merge_url)


def _side(id_: str, name: str, at: str | None, latest_by_id: Mapping[str, LatestRevision]) -> ImportPairSide:
    latest = latest_by_id.get(id_)
    if latest is None:
        return ImportPairSide(name, id_, location_label(at or ""), "")
    name = preferred_name(latest.record, g.lang)
    return ImportPairSide(name, id_, location_label(at or ""), record_url(latest, g.lang))


def _paging(run: ImportRun, name: str, page: int, total: int) -> Pagination:
    return make_pagination(
        page, REPORT_ROWS_PER_PAGE, total, lambda target_page: _run_url(run, show=name, page=str(target_page))
    )


def _run_url(run: ImportRun, **parameters: str) -> str:
    url = url_for("desk.import_run", lang=g.lang, run_id=run.id)
    return with_query(url, list(parameters.items()))


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
    return write_rows(REPORT_CSV_COLUMNS, _csv_rows(run))


def records_per_second(run: ImportRun) -> int:
    """Return the number of records read per second."""
    read_count = run.new + run.changed + run.same + run.refused
    return round(read_count / run.seconds) if run.seconds else 0


def _csv_rows(run: ImportRun) -> Iterator[tuple[str, ...]]:
    for kind, entry in service.iter_report_lines(services.database, identity(), run.id):
        location, id_ = location_label(entry.get("at", "")), entry.get("id") or ""
        if kind == "refusal":
            for item in entry["problems"]:
                yield (kind, location, id_, item["path"], item["code"], problem_text(item), "", "", "")
        elif kind == "duplicate":
            reasons = [f"{item['kind']} {item['value']}" for item in entry["reasons"]]
            explanation = "; ".join(filter(None, (entry["why"].get(g.lang, ""), *reasons)))
            match_cells = (entry["like"], entry["like_at"] or "", str(entry["score"]))
            yield (kind, location, id_, "", "", explanation, *match_cells)
        else:
            code, path = entry.get("code", ""), entry.get("path", "")
            yield (kind, location, id_, path, code, message_text(entry), "", "", "")
