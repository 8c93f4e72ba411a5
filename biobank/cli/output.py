"""What commands print: progress on a terminal, one JSON line a step with `--json`."""

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

#: Refusals printed to a terminal; the rest is in the report file.
SHOWN = 20


@contextmanager
def progress(*, as_json: bool) -> Iterator[Tell]:
    """How far the work is: JSON lines, a bar on a terminal, or nothing where output is a file."""
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
    """The result of a command, in words or as the last JSON line."""
    click.echo(json.dumps({"step": "done", **facts}, ensure_ascii=False) if as_json else message)


def show_report(report: Report, *, as_json: bool) -> None:
    counts = (
        f"{report.new} new, {report.changed} changed, {report.same} the same, "
        f"{report.refused} refused"
    )
    facts = {key: value for key, value in report.as_dict().items() if isinstance(value, int)}
    say(("Dry run, nothing kept: " if report.dry_run else "") + counts, as_json=as_json, **facts)
    for notice in report.notices[:SHOWN]:
        click.echo(f"note  {notice['at']}: {notice['message']}", err=True)
    for refusal in report.refusals[:SHOWN]:
        click.echo(f"refused  {refusal['at']}  {refusal['id'] or ''}", err=True)
        for problem in refusal["problems"]:
            where = f"{problem['path']}: " if problem["path"] else ""
            click.echo(f"         {where}{problem['message']}", err=True)
    if report.refused > SHOWN:
        rest = report.refused - SHOWN
        click.echo(f"… and {rest} more; --report FILE keeps them all.", err=True)


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
    """Refuses a file to write that has no folder, before the work rather than after it."""
    if file and not file.parent.is_dir():
        raise click.BadParameter(f"there is no folder {str(file.parent)!r}.")
    return file
