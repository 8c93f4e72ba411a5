"""`biobank import` and `biobank export`."""

import json
import sys
from pathlib import Path
from typing import BinaryIO

import click

from biobank.accounts.identity import OPERATOR
from biobank.bootstrap import open_services
from biobank.cli.output import in_a_folder, json_option, progress, say, show_report
from biobank.exchange.exporter import export_jsonl
from biobank.exchange.importer import import_people
from biobank.exchange.reading import jsonl_items
from biobank.store import schema

FORMATS = ("jsonl",)
#: What an import from a stream without a name is called.
STDIN = "<stdin>"
format_option = click.option(
    "--format", "format_", type=click.Choice(FORMATS), default="jsonl", show_default=True
)


@click.command("import")
@click.argument("file", type=click.File("rb"))
@format_option
@click.option("--dry-run", is_flag=True, help="Check and report; keep nothing.")
@click.option("--publish", is_flag=True, help="Make public at once; without it, keep as drafts.")
@click.option(
    "--report",
    "report_file",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    callback=in_a_folder,
    help="Write what was refused, where and why, as JSON.",
)
@json_option
def import_(
    file: BinaryIO,
    format_: str,  # one format so far
    dry_run: bool,
    publish: bool,
    report_file: Path | None,
    as_json: bool,
) -> None:
    """Bring in the records of FILE ("-": standard input), good ones even where others are bad."""
    with open_services() as services:
        schema.require_current(services.database)
        with progress(as_json=as_json) as tell:
            report = import_people(
                services.database,
                jsonl_items(file),
                file=Path(getattr(file, "name", STDIN)).name,
                who=OPERATOR,
                publish=publish,
                dry_run=dry_run,
                progress=tell,
            )
    if report_file:
        text = json.dumps(report.as_dict(), ensure_ascii=False, indent=1)
        report_file.write_text(text + "\n", encoding="utf-8")
    show_report(report, as_json=as_json)
    sys.exit(1 if report.refused else 0)


@click.command("export")
@format_option
@click.option("--drafts", is_flag=True, help="The newest draft instead of what is public.")
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(dir_okay=False, writable=True, allow_dash=True, path_type=Path),
    callback=in_a_folder,
    help='Where to write; "-" for standard output.',
)
@json_option
def export_(format_: str, drafts: bool, output: Path, as_json: bool) -> None:
    """Write the published people, one record a line, so that import reads them again."""
    with open_services() as services:
        schema.require_current(services.database)
        with (
            click.open_file(str(output), "w", encoding="utf-8", atomic=str(output) != "-") as out,
            # Records on standard output stand there alone.
            progress(as_json=as_json and str(output) != "-") as tell,
        ):
            written = export_jsonl(services.database, out, with_drafts=drafts, progress=tell)
    if str(output) != "-":
        say(f"{written} people written to {output}", as_json=as_json, written=written)
