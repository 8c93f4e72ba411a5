"""Output of commands: progress on a terminal, or one JSON line per step with `--json`."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from biobank.exchange.importing.importer import Progress as Tell
from biobank.exchange.importing.report import Report

json_option = click.option(
    "--json", "as_json", is_flag=True, help="One JSON line a step, for programs."
)

#: Maximum number of refusals printed to a terminal; the report file has all.
SHOWN = 20


@contextmanager
def progress(*, as_json: bool) -> Iterator[Tell]:
    """Yield a progress reporter: JSON lines, a bar on a terminal, or nothing otherwise."""
    if as_json:
        yield _tell_json
    elif sys.stderr.isatty():
        with Progress(
            TextColumn("{task.description:>14}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            transient=True,
        ) as bars:
            yield _bars(bars)
    else:
        yield lambda _step, _done, _total: None


def say(message: str, *, as_json: bool, **facts: object) -> None:
    """Print the result of a command as text or as the last JSON line."""
    click.echo(json.dumps({"step": "done", **facts}, ensure_ascii=False) if as_json else message)


def show_report(report: Report, *, as_json: bool) -> None:
    facts = {**report.counts(), **report.timing()}
    counts = (
        f"{report.new} new, {report.changed} changed, {report.same} the same, "
        f"{report.refused} refused"
    )
    say(("Dry run, nothing kept: " if report.dry_run else "") + counts, as_json=as_json, **facts)
    if not as_json and (more := _more(report)):
        click.echo(more, err=True)
    for notice in report.notices[:SHOWN]:
        where = f"{notice['path']}: " if notice["path"] else ""
        click.echo(f"note  {notice['at']}: {where}{notice['message']}", err=True)
    for pair in (report.duplicates or ())[:SHOWN]:
        click.echo(_pair_in_words(pair), err=True)
    for refusal in report.refusals[:SHOWN]:
        click.echo(f"refused  {refusal['at']}  {refusal['id'] or ''}", err=True)
        for problem in refusal["problems"]:
            where = f"{problem['path']}: " if problem["path"] else ""
            click.echo(f"         {where}{problem['message']}", err=True)
    told = (report.refused, report.duplicates_found, len(report.notices))
    if rest := sum(max(0, number - SHOWN) for number in told):
        click.echo(f"… and {rest} more; --report FILE keeps them all.", err=True)


def _more(report: Report) -> str:
    """Format the remaining counts and the speed."""
    more = [
        f"{report.joined} joined with edits made here" if report.joined else "",
        f"brought {', '.join(f'{n} {kind}' for kind, n in report.brought.items())}"
        if report.brought
        else "",
        f"{report.duplicates_found} may be there twice" if report.duplicates_found else "",
        f"{report.seconds:.1f} s, {report.rate} a second" if report.seconds else "",
    ]
    return "; ".join(filter(None, more))


def _pair_in_words(pair: dict[str, Any]) -> str:
    where = pair["like_at"] or "in the bank"
    told = ", ".join(f"{reason['kind']} {reason['value']}" for reason in pair["reasons"])
    why = "; ".join(filter(None, (pair["why"].get("en", ""), told)))
    return f"twice?  {pair['at']}  {pair['id']}: {pair['like']} ({where}): {why}"


def _tell_json(step: str, done: int, total: int | None) -> None:
    click.echo(json.dumps({"step": step, "done": done, "total": total}))


def _bars(bars: Progress) -> Tell:
    tasks: dict[str, object] = {}

    def tell(step: str, done: int, total: int | None) -> None:
        if step not in tasks:
            tasks[step] = bars.add_task(step, total=total)
        bars.update(tasks[step], completed=done, total=total)  # type: ignore[arg-type]

    return tell


def in_a_folder(_context: click.Context, _parameter: click.Parameter, file: Path | None) -> Any:
    """Reject an output file whose directory does not exist, before the work starts."""
    if file and not file.parent.is_dir():
        raise click.BadParameter(f"there is no folder {str(file.parent)!r}.")
    return file
