"""The page of one import run: its progress, or its report and possible actions."""

from collections.abc import Sequence
from typing import Any

from flask import g, request
from flask.typing import ResponseReturnValue

from biobank.access import identity
from biobank.accounts.clock import as_utc
from biobank.exchange.importing import desk
from biobank.exchange.importing.desk import STEPS
from biobank.exchange.importing.handing_in import AT_ONCE_MOST, Standing, standing
from biobank.exchange.importing.models import RUNNING, ImportRun
from biobank.extensions import services
from biobank.web.desk.imports import words
from biobank.web.desk.imports.files import rate_of
from biobank.web.desk.imports.report_rows import KINDS, lists_of
from biobank.web.desk.imports.said_words import placed_words
from biobank.web.desk.page import Mistake, render_desk
from biobank.web.text import _
from biobank.web.words import day_words, number


def run_page(run_id: int, mistakes: Sequence[Mistake] = ()) -> ResponseReturnValue:
    """Render one import run with its progress, or its report and possible actions."""
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
        counts=words.counts_of(run),
        brought=[(str(words.KINDS[kind]), n) for kind, n in run.brought_kinds.items()],
        rate=rate_of(run),
        seconds=number(round(run.seconds, 1)),
        can=_can(run),
        trouble=_trouble(run),
        now=Standing() if run.state in RUNNING else standing(services.database, run.id),
        at_once=AT_ONCE_MOST,
        handed=_handed(),
        lists=lists_of(run, chosen),
        chosen=chosen,
    )


def _handed() -> int | None:
    """Return how many drafts the previous request submitted, taken from the URL."""
    told = request.args.get("handed", "")
    return int(told) if told.isdecimal() and len(told) < 6 else None


def _trouble(run: ImportRun) -> str:
    """Return why a run failed; older runs without message codes show the stored text."""
    found, _total = desk.lines(services.database, identity(), run.id, "trouble", 1, 1)
    return placed_words(found[0]) if run.trouble and found else run.trouble


def progress_of(run: ImportRun) -> dict[str, Any]:
    """Return the progress of a run as used by the page and its script."""
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


def _can(run: ImportRun) -> set[str]:
    """Return the actions that are possible now; all but `stop` need the uploaded file."""
    if not run.at_desk:
        return set()
    possible = {do for do, (states, _to) in STEPS.items() if run.state in states}
    return possible if run.kept_as else possible & {"stop"}
