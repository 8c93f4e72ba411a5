"""Rows of an import report: duplicates, refusals and notices, with paging."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask import g, request, url_for

from biobank.access import identity
from biobank.editorial.heads import Head, heads
from biobank.editorial.sameness import Reason, Suspect
from biobank.exchange.importing import desk
from biobank.exchange.importing.models import ImportRun
from biobank.extensions import services
from biobank.records.people.mapping import preferred_name
from biobank.web.desk.imports import words
from biobank.web.desk.imports.places import at_words
from biobank.web.desk.imports.said_words import said_words
from biobank.web.desk.tools.duplicates import reasons_in_words, record_url
from biobank.web.links import with_parameters
from biobank.web.paging import Paging, make_paging, page_of

#: Report rows of each kind per page.
LINES: Final = 50
#: Lists of a report in page order: URL value to row kind.
KINDS: Final = {"duplicates": "duplicate", "refusals": "refusal", "notices": "notice"}


@dataclass(frozen=True)
class Side:
    """One side of a possible duplicate; `url` is empty if there is no record yet."""

    name: str
    id: str
    at: str
    url: str


@dataclass(frozen=True)
class PairRow:
    """Two records that may describe the same person."""

    first: Side
    second: Side
    reasons: tuple[str, ...]
    merge_url: str


@dataclass(frozen=True)
class NoticeRow:
    """A value that was read differently from how it was written, with its field."""

    at: str
    path: str
    text: str


@dataclass(frozen=True)
class RefusedRow:
    """A refused record: its location, and the field and message of each problem."""

    at: str
    id: str
    url: str
    problems: tuple[tuple[str, str], ...]


def lists_of(run: ImportRun, chosen: str) -> list[dict[str, Any]]:
    """Return the lists of a report by kind; a selected one alone, and page by page."""
    made = []
    for name, kind in KINDS.items():
        if chosen and chosen != name:
            continue
        page = page_of(request.args) if chosen else 1
        found, total = desk.lines(services.database, identity(), run.id, kind, page, LINES)
        if total:
            made.append(
                {
                    "name": name,
                    "total": total,
                    "rows": _rows(kind, found, run),
                    "whole_url": _run_url(run, show=name),
                    "paging": _paging(run, name, page, total) if chosen else None,
                }
            )
    return made


def _rows(kind: str, found: Sequence[Mapping[str, Any]], run: ImportRun) -> list[Any]:
    if kind == "notice":
        return [_notice_row(told) for told in found]
    ids = [id_ for told in found for id_ in (told.get("id"), told.get("like")) if id_]
    with services.database.read() as session:
        known = heads(session, ids)
    if kind == "refusal":
        return [_refused_row(told, known) for told in found]
    return [_pair_row(told, known, run) for told in found]


def _notice_row(told: Mapping[str, Any]) -> NoticeRow:
    return NoticeRow(at_words(told["at"]), told.get("path", ""), said_words(told))


def _refused_row(told: Mapping[str, Any], known: Mapping[str, Head]) -> RefusedRow:
    head = known.get(told["id"] or "")
    return RefusedRow(
        at=at_words(told["at"]),
        id=told["id"] or "",
        url=record_url(head, g.lang) if head else "",
        problems=tuple((it["path"], words.said_of(it)) for it in told["problems"]),
    )


def _pair_row(told: Mapping[str, Any], known: Mapping[str, Head], run: ImportRun) -> PairRow:
    first = _side(told["like"], told["like_name"] or told["like"], told["like_at"], known)
    second = _side(told["id"], told["name"], told["at"], known)
    reasons = [Reason(it["kind"], it["value"]) for it in told["reasons"]]
    suspect = Suspect(told["like"], told["score"], tuple(reasons))
    name = [why] if (why := told["why"].get(g.lang, "")) else []
    merge_url = ""
    if first.url and second.url and run.state == "done":
        merge_url = url_for("web.desk_merge", lang=g.lang, kept=first.id, gone=second.id)
    facts = reasons_in_words(suspect, services.catalogue(), g.lang)
    return PairRow(first, second, (*name, *facts), merge_url)


def _side(id_: str, name: str, at: str | None, known: Mapping[str, Head]) -> Side:
    head = known.get(id_)
    if head is None:
        return Side(name, id_, at_words(at or ""), "")
    name = preferred_name(head.record, g.lang)
    return Side(name, id_, at_words(at or ""), record_url(head, g.lang))


def _paging(run: ImportRun, name: str, page: int, total: int) -> Paging:
    return make_paging(
        page,
        LINES,
        total,
        lambda it: _run_url(run, show=name, page=str(it)),
    )


def _run_url(run: ImportRun, **parameters: str) -> str:
    address = url_for("web.desk_import", lang=g.lang, run_id=run.id)
    return with_parameters(address, list(parameters.items()))
