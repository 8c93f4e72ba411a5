"""The pages of imports: all runs with the upload form, and one run."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask import g, request, url_for
from flask.typing import ResponseReturnValue

from biobank.common.clock import as_utc
from biobank.errors import FieldError, ImportRefused
from biobank.exchange.imports import service
from biobank.exchange.imports.mapping.schema import MAX_MAPPING_BYTES
from biobank.exchange.imports.models import PENDING_STATES, ImportRun
from biobank.exchange.imports.service import (
    MAX_SUBMITTED_DRAFTS,
    MAX_UPLOAD_BYTES,
    RUN_ACTIONS,
    DraftCounts,
    SubmittedFile,
    count_drafts,
)
from biobank.exchange.imports.uploads import IMPORT_FORMATS
from biobank.http.auth import identity
from biobank.http.extensions import services
from biobank.web.core.forms import read_line
from biobank.web.core.gettext import _
from biobank.web.core.labels import format_day, format_number
from biobank.web.core.pagination import make_pagination, page_number
from biobank.web.core.urls import with_query
from biobank.web.desk.imports import labels
from biobank.web.desk.imports.report import REPORT_LISTS, records_per_second, report_lists
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
        formats=[(name, labels.format_label(name)) for name in IMPORT_FORMATS],
        chosen=request.form.get("format", ""),
        max_bytes=MAX_UPLOAD_BYTES,
        paging=make_pagination(page, RUNS_PER_PAGE, total, lambda target_page: _list_url(page=target_page)),
    )


def uploaded_file() -> SubmittedFile:
    """Return the uploaded file, at most one byte beyond the limit so that excess is noticed."""
    name, content = _read_upload("file", MAX_UPLOAD_BYTES)
    mapping_name, mapping = _read_upload("map", MAX_MAPPING_BYTES)
    return SubmittedFile(
        name=name,
        content=content,
        format=read_line("format") or None,
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
        summary = ", ".join(f"{label} {format_number(n)}" for label, n in labels.outcome_counts(run) if n)
    return RunRow(
        run=run,
        url=url_for("desk.import_run", lang=g.lang, run_id=run.id),
        state=str(labels.RUN_STATE_LABELS[run.state]),
        day=format_day(as_utc(run.created_at), g.lang),
        summary=summary,
    )


def _list_url(page: int) -> str:
    return with_query(url_for("desk.imports", lang=g.lang), [("page", str(page))])


def run_page(run_id: int, errors: Sequence[FieldError] = ()) -> ResponseReturnValue:
    """Render one import run with its progress, or its report and possible actions."""
    run = service.get_run(services.database, identity(), run_id)
    selected = request.args.get("show", "")
    selected = selected if selected in REPORT_LISTS else ""
    return render_desk(
        "imports/run.html",
        run.file,
        errors,
        run=run,
        state=str(labels.RUN_STATE_LABELS[run.state]),
        day=format_day(as_utc(run.created_at), g.lang),
        format=labels.format_label(run.format),
        running=run.state in PENDING_STATES,
        progress=progress_payload(run),
        counts=labels.outcome_counts(run),
        bundled=[(str(labels.BUNDLED_KIND_LABELS[kind]), n) for kind, n in run.brought_kinds.items()],
        rate=records_per_second(run),
        seconds=format_number(round(run.seconds, 1)),
        allowed=_allowed_actions(run),
        failure=_failure_message(run),
        draft_counts=DraftCounts()
        if run.state in PENDING_STATES
        else count_drafts(services.database, run.id),
        max_submitted=MAX_SUBMITTED_DRAFTS,
        submitted=_submitted_count(),
        lists=report_lists(run, selected),
        chosen=selected,
    )


def _submitted_count() -> int | None:
    """Return how many drafts the previous request submitted, taken from the URL."""
    text = request.args.get("handed", "")
    return int(text) if text.isdecimal() and len(text) < 6 else None


def _failure_message(run: ImportRun) -> str:
    """Return why a run failed; older runs without message codes show the stored text."""
    entries, _total = service.list_report_lines(services.database, identity(), run.id, "trouble", 1, 1)
    return labels.located_message_text(entries[0]) if run.trouble and entries else run.trouble


def progress_payload(run: ImportRun) -> dict[str, Any]:
    """Return the progress of a run as used by the page and its script."""
    if run.state in ("to_check", "to_keep"):
        queued_before = service.count_runs_ahead(services.database, run)
        line = (
            _("Imports ahead in the queue: %(count)s.", count=format_number(queued_before))
            if queued_before
            else ""
        )
    elif run.total:
        counted = f"{format_number(run.done)} / {format_number(run.total)}"
        line = f"{labels.RUN_STEP_LABELS.get(run.step, '')}: {counted}"
    else:
        line = f"{labels.RUN_STEP_LABELS.get(run.step, '')}: {format_number(run.done)}" if run.step else ""
    percent = min(100, round(100 * run.done / run.total)) if run.total else None
    return {
        "state": run.state,
        "running": run.state in PENDING_STATES,
        "words": str(labels.RUN_STATE_LABELS[run.state]),
        "line": line,
        "share": percent,
    }


def _allowed_actions(run: ImportRun) -> set[str]:
    """Return the actions that are possible now; all but `stop` need the uploaded file."""
    if not run.at_desk:
        return set()
    possible = {action for action, (states, _to) in RUN_ACTIONS.items() if run.state in states}
    return possible if run.kept_as else possible & {"stop"}
