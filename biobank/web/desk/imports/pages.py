"""The pages of imports: all of them with the form for a file, and one with its report."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask import g, request, url_for
from flask.typing import ResponseReturnValue

from biobank.access import identity
from biobank.accounts.clock import as_utc
from biobank.editorial.heads import Head, heads
from biobank.editorial.sameness import Reason, Suspect
from biobank.errors import ImportRefused
from biobank.exchange.importing import desk
from biobank.exchange.importing.desk import BYTES_MOST, STEPS, Sent
from biobank.exchange.importing.formats import FORMATS
from biobank.exchange.importing.handing_in import AT_ONCE_MOST, Standing, standing
from biobank.exchange.importing.mapping.loading import MAPPING_MOST
from biobank.exchange.importing.models import RUNNING, ImportRun
from biobank.extensions import services
from biobank.records.people.mapping import preferred_name
from biobank.web.account.forms import typed
from biobank.web.desk.imports import words
from biobank.web.desk.imports.files import rate_of
from biobank.web.desk.imports.places import at_words
from biobank.web.desk.imports.said_words import placed_words, said_words
from biobank.web.desk.page import Mistake, render_desk
from biobank.web.desk.tools.duplicates import reasons_in_words, record_url
from biobank.web.links import with_parameters
from biobank.web.paging import Paging, make_paging, page_of
from biobank.web.text import _
from biobank.web.words import day_words, number

#: Runs on one page, and lines of each kind.
SIZE: Final = 20
LINES: Final = 50
#: What is listed beneath a report, in this order.
KINDS: Final = {"duplicates": "duplicate", "refusals": "refusal", "notices": "notice"}


@dataclass(frozen=True)
class RunRow:
    """A run in the list of all."""

    run: ImportRun
    url: str
    state: str
    day: str
    line: str


@dataclass(frozen=True)
class Side:
    """One of two who may be one person; no address where there is no record yet."""

    name: str
    id: str
    at: str
    url: str


@dataclass(frozen=True)
class PairRow:
    first: Side
    second: Side
    reasons: tuple[str, ...]
    merge_url: str


@dataclass(frozen=True)
class NoticeRow:
    """What was read otherwise than it was written, and at which field."""

    at: str
    path: str
    text: str


@dataclass(frozen=True)
class RefusedRow:
    """What was refused: its place, and the field and the reason of each problem."""

    at: str
    id: str
    url: str
    problems: tuple[tuple[str, str], ...]


def imports_page(refused: ImportRefused | None = None) -> ResponseReturnValue:
    page = page_of(request.args)
    found, total = desk.runs(services.database, identity(), page, SIZE)
    return render_desk(
        "imports/list.html",
        _("Imports"),
        [words.mistake_of(refused)] if refused else (),
        rows=[_run_row(run) for run in found],
        total=total,
        formats=[(name, words.format_words(name)) for name in FORMATS],
        chosen=request.form.get("format", ""),
        bytes_most=BYTES_MOST,
        paging=make_paging(page, SIZE, total, lambda it: _list_url(page=it)),
    )


def run_page(run_id: int, mistakes: Sequence[Mistake] = ()) -> ResponseReturnValue:
    """One run: how far it is, or its report and what can be done now."""
    run = desk.run_of(services.database, identity(), run_id)
    chosen = request.args.get("show", "")
    chosen = chosen if chosen in KINDS else ""
    return render_desk(
        "imports/run.html",
        run.file,
        mistakes,
        run=run,
        state=str(words.STATES[run.state]),
        day=day_words(as_utc(run.created_at), g.lang),
        format=words.format_words(run.format),
        running=run.state in RUNNING,
        progress=progress_of(run),
        counts=_counts(run),
        brought=[(str(words.KINDS[kind]), n) for kind, n in run.brought_kinds.items()],
        rate=rate_of(run),
        seconds=number(round(run.seconds, 1)),
        can=_can(run),
        trouble=_trouble(run),
        now=Standing() if run.state in RUNNING else standing(services.database, run.id),
        at_once=AT_ONCE_MOST,
        handed=_handed(),
        lists=_lists(run, chosen),
        chosen=chosen,
    )


def _handed() -> int | None:
    """How many were handed in by the click that led here, as the address says."""
    told = request.args.get("handed", "")
    return int(told) if told.isdecimal() and len(told) < 6 else None


def _trouble(run: ImportRun) -> str:
    """Why a run failed; what was kept before there were codes stands as it was kept."""
    found, _total = desk.lines(services.database, identity(), run.id, "trouble", 1, 1)
    return placed_words(found[0]) if run.trouble and found else run.trouble


def progress_of(run: ImportRun) -> dict[str, Any]:
    """How far a run is, for the page and for its script."""
    if run.state in ("to_check", "to_keep"):
        ahead = desk.before(services.database, run)
        line = _("%(count)s imports come before this one.", count=number(ahead)) if ahead else ""
    elif run.total:
        counted = f"{number(run.done)} / {number(run.total)}"
        line = f"{words.STEPS.get(run.step, '')}: {counted}"
    else:
        line = f"{words.STEPS.get(run.step, '')}: {number(run.done)}" if run.step else ""
    share = min(100, round(100 * run.done / run.total)) if run.total else None
    return {
        "state": run.state,
        "running": run.state in RUNNING,
        "words": str(words.STATES[run.state]),
        "line": line,
        "share": share,
    }


def sent_file() -> Sent:
    """What the form holds, up to one byte more than is taken."""
    name, content = _file("file", BYTES_MOST)
    mapping_name, mapping = _file("map", MAPPING_MOST)
    return Sent(
        name=name,
        content=content,
        format=typed("format") or None,
        mapping_name=mapping_name,
        mapping=mapping if mapping_name else None,
    )


def _file(field: str, most: int) -> tuple[str, bytes]:
    """The name and the content of a file of the form, empty where none was chosen."""
    file = request.files.get(field)
    if file is None:
        return "", b""
    with file.stream as stream:
        return file.filename or "", stream.read(most + 1)


def _run_row(run: ImportRun) -> RunRow:
    told = ""
    if run.state in ("waiting", "done"):
        told = ", ".join(f"{label} {number(n)}" for label, n in _counts(run) if n)
    return RunRow(
        run=run,
        url=url_for("web.desk_import", lang=g.lang, run_id=run.id),
        state=str(words.STATES[run.state]),
        day=day_words(as_utc(run.created_at), g.lang),
        line=told,
    )


def _counts(run: ImportRun) -> list[tuple[str, int]]:
    return [
        (_("New"), run.new),
        (_("Changed"), run.changed),
        (_("The same"), run.same),
        (_("Refused"), run.refused),
        (_("Perhaps twice"), run.duplicates),
    ]


def _can(run: ImportRun) -> set[str]:
    """What can be done with a run; its file has to be here still."""
    if not run.at_desk:
        return set()
    possible = {do for do, (states, _to) in STEPS.items() if run.state in states}
    return possible if run.kept_as else possible & {"stop"}


def _lists(run: ImportRun, chosen: str) -> list[dict[str, Any]]:
    """The lines of the report by kind; where one is chosen, a page of it alone."""
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


def _list_url(page: int) -> str:
    return with_parameters(url_for("web.desk_imports", lang=g.lang), [("page", str(page))])
