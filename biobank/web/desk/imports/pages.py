"""The page of all import runs with the upload form."""

from dataclasses import dataclass
from typing import Final

from flask import g, request, url_for
from flask.typing import ResponseReturnValue

from biobank.common.clock import as_utc
from biobank.errors import ImportRefused
from biobank.exchange.imports import service
from biobank.exchange.imports.mapping.schema import MAX_MAPPING_BYTES
from biobank.exchange.imports.models import ImportRun
from biobank.exchange.imports.service import MAX_UPLOAD_BYTES, SubmittedFile
from biobank.exchange.imports.uploads import IMPORT_FORMATS
from biobank.http.auth import identity
from biobank.http.extensions import services
from biobank.web.account.forms import text_input
from biobank.web.core.gettext import _
from biobank.web.core.labels import format_day, format_number
from biobank.web.core.pagination import make_pagination, page_number
from biobank.web.core.urls import with_query
from biobank.web.desk.imports import labels
from biobank.web.desk.layout import render_desk

#: Import runs per page.
RUNS_PER_PAGE: Final = 20


@dataclass(frozen=True)
class RunRow:
    """An import run in the list of all runs."""

    run: ImportRun
    url: str
    state: str
    day: str
    summary: str


def imports_page(error: ImportRefused | None = None) -> ResponseReturnValue:
    """Render the list of import runs and the upload form."""
    page = page_number(request.args)
    runs, total = service.list_runs(services.database, identity(), page, RUNS_PER_PAGE)
    return render_desk(
        "imports/list.html",
        _("Imports"),
        [labels.field_error(error)] if error else (),
        rows=[_run_row(run) for run in runs],
        total=total,
        formats=[(name, labels.format_label(name)) for name in IMPORT_FORMATS],
        chosen=request.form.get("format", ""),
        bytes_most=MAX_UPLOAD_BYTES,
        paging=make_pagination(
            page, RUNS_PER_PAGE, total, lambda target_page: _list_url(page=target_page)
        ),
    )


def uploaded_file() -> SubmittedFile:
    """Return the uploaded file, at most one byte beyond the limit so that excess is noticed."""
    name, content = _read_upload("file", MAX_UPLOAD_BYTES)
    mapping_name, mapping = _read_upload("map", MAX_MAPPING_BYTES)
    return SubmittedFile(
        name=name,
        content=content,
        format=text_input("format") or None,
        mapping_name=mapping_name,
        mapping=mapping if mapping_name else None,
    )


def _read_upload(field: str, max_bytes: int) -> tuple[str, bytes]:
    """Return the name and content of an uploaded file; empty if none was chosen."""
    file = request.files.get(field)
    if file is None:
        return "", b""
    with file.stream as stream:
        return file.filename or "", stream.read(max_bytes + 1)


def _run_row(run: ImportRun) -> RunRow:
    summary = ""
    if run.state in ("waiting", "done"):
        summary = ", ".join(
            f"{label} {format_number(n)}" for label, n in labels.outcome_counts(run) if n
        )
    return RunRow(
        run=run,
        url=url_for("web.desk_import", lang=g.lang, run_id=run.id),
        state=str(labels.RUN_STATE_LABELS[run.state]),
        day=format_day(as_utc(run.created_at), g.lang),
        summary=summary,
    )


def _list_url(page: int) -> str:
    return with_query(url_for("web.desk_imports", lang=g.lang), [("page", str(page))])
