"""The page of all import runs with the upload form."""

from dataclasses import dataclass
from typing import Final

from flask import g, request, url_for
from flask.typing import ResponseReturnValue

from biobank.access import identity
from biobank.accounts.clock import as_utc
from biobank.errors import ImportRefused
from biobank.exchange.importing import desk
from biobank.exchange.importing.desk import BYTES_MOST, Sent
from biobank.exchange.importing.formats import FORMATS
from biobank.exchange.importing.mapping.loading import MAPPING_MOST
from biobank.exchange.importing.models import ImportRun
from biobank.extensions import services
from biobank.web.account.forms import typed
from biobank.web.desk.imports import words
from biobank.web.desk.page import render_desk
from biobank.web.links import with_parameters
from biobank.web.paging import make_paging, page_of
from biobank.web.text import _
from biobank.web.words import day_words, number

#: Import runs per page.
SIZE: Final = 20


@dataclass(frozen=True)
class RunRow:
    """An import run in the list of all runs."""

    run: ImportRun
    url: str
    state: str
    day: str
    line: str


def imports_page(refused: ImportRefused | None = None) -> ResponseReturnValue:
    """Render the list of import runs and the upload form."""
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


def sent_file() -> Sent:
    """Return the uploaded file, at most one byte beyond the limit so that excess is noticed."""
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
    """Return the name and content of an uploaded file; empty if none was chosen."""
    file = request.files.get(field)
    if file is None:
        return "", b""
    with file.stream as stream:
        return file.filename or "", stream.read(most + 1)


def _run_row(run: ImportRun) -> RunRow:
    told = ""
    if run.state in ("waiting", "done"):
        told = ", ".join(f"{label} {number(n)}" for label, n in words.counts_of(run) if n)
    return RunRow(
        run=run,
        url=url_for("web.desk_import", lang=g.lang, run_id=run.id),
        state=str(words.STATES[run.state]),
        day=day_words(as_utc(run.created_at), g.lang),
        line=told,
    )


def _list_url(page: int) -> str:
    return with_parameters(url_for("web.desk_imports", lang=g.lang), [("page", str(page))])
