"""Output of commands: progress on a terminal, or one JSON line per step with `--json`."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from biobank.common.progress import ProgressReporter, null_progress
from biobank.exchange.imports.runs import ImportReport

json_option = click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON line per step, for programs."
)


def require_parent_dir(_context: click.Context, _parameter: click.Parameter, file: Path | None) -> Any:
    """Reject an output file whose directory does not exist, before the work starts."""
    if file and not file.parent.is_dir():
        raise click.BadParameter(f"the directory {str(file.parent)!r} does not exist.")
    return file


output_option = click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(dir_okay=False, writable=True, allow_dash=True, path_type=Path),
    callback=require_parent_dir,
    help='Output file; "-" for standard output.',
)

#: Maximum number of refusals printed to a terminal; the report file has all.
MAX_PRINTED_REFUSALS = 20
#: Singular forms that do not just drop the final s.
IRREGULAR_SINGULARS = {"people": "person", "addresses": "address"}


@contextmanager
def progress(*, as_json: bool) -> Iterator[ProgressReporter]:
    """Yield a progress reporter: JSON lines, a bar on a terminal, or nothing otherwise."""
    if as_json:
        yield _print_json_step
    elif sys.stderr.isatty():
        with Progress(
            TextColumn("{task.description:>14}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            transient=True,
        ) as bars:
            yield _progress_bar_reporter(bars)
    else:
        yield null_progress


def print_result(message: str, *, as_json: bool, **facts: object) -> None:
    """Print the result of a command as text or as the last JSON line."""
    click.echo(json.dumps({"step": "done", **facts}, ensure_ascii=False) if as_json else message)


def format_count(number: int, plural: str) -> str:
    """Return a number with its noun: `1 person`, `2 people`; a phrase is inflected in its last word."""
    if number != 1:
        return f"{number} {plural}"
    start, space, noun = plural.rpartition(" ")
    return f"1 {start}{space}{IRREGULAR_SINGULARS.get(noun, noun.removesuffix('s'))}"


def print_report(report: ImportReport, *, as_json: bool) -> None:
    facts = {**report.counts(), **report.timing()}
    counts = f"{report.new} new, {report.changed} changed, {report.same} the same, {report.refused} refused"
    print_result(("Dry run, nothing saved: " if report.dry_run else "") + counts, as_json=as_json, **facts)
    if not as_json and (more := _extra_counts(report)):
        click.echo(more, err=True)
    for notice in report.notices[:MAX_PRINTED_REFUSALS]:
        where = f"{notice['path']}: " if notice["path"] else ""
        click.echo(f"note  {notice['at']}: {where}{notice['message']}", err=True)
    for pair in (report.duplicates or ())[:MAX_PRINTED_REFUSALS]:
        click.echo(_format_duplicate(pair), err=True)
    for refusal in report.refusals[:MAX_PRINTED_REFUSALS]:
        click.echo(f"refused  {refusal['at']}  {refusal['id'] or ''}", err=True)
        for problem in refusal["problems"]:
            where = f"{problem['path']}: " if problem["path"] else ""
            click.echo(f"         {where}{problem['message']}", err=True)
    totals = (report.refused, report.duplicate_count, len(report.notices))
    if remaining := sum(max(0, number - MAX_PRINTED_REFUSALS) for number in totals):
        click.echo(f"… and {remaining} more; use --report FILE to save them all.", err=True)


def _extra_counts(report: ImportReport) -> str:
    """Format the remaining counts and the speed."""
    parts = [
        f"{report.joined} merged with local edits" if report.joined else "",
        f"added {', '.join(f'{n} {kind}' for kind, n in report.bundled_counts.items())}"
        if report.bundled_counts
        else "",
        format_count(report.duplicate_count, "possible duplicates") if report.duplicate_count else "",
        f"{report.seconds:.1f} s, {report.rate} per second" if report.seconds else "",
    ]
    return "; ".join(filter(None, parts))


def _format_duplicate(pair: dict[str, Any]) -> str:
    where = pair["like_at"] or "in the database"
    reasons = ", ".join(f"{reason['kind']} {reason['value']}" for reason in pair["reasons"])
    explanation = "; ".join(filter(None, (pair["why"].get("en", ""), reasons)))
    return f"duplicate?  {pair['at']}  {pair['id']}: {pair['like']} ({where}): {explanation}"


def _print_json_step(step: str, done: int, total: int | None) -> None:
    click.echo(json.dumps({"step": step, "done": done, "total": total}))


def _progress_bar_reporter(bars: Progress) -> ProgressReporter:
    tasks: dict[str, object] = {}

    def report(step: str, done: int, total: int | None) -> None:
        if step not in tasks:
            tasks[step] = bars.add_task(step, total=total)
        bars.update(tasks[step], completed=done, total=total)  # type: ignore[arg-type]

    return report
