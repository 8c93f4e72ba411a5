"""`biobank import`."""

import json
import sys
from pathlib import Path
from typing import BinaryIO

import click

from biobank.accounts.identity import OPERATOR
from biobank.bootstrap import open_services
from biobank.cli.output import in_a_folder, json_option, progress, show_report
from biobank.exchange.importing.formats import READERS
from biobank.exchange.importing.importer import import_people
from biobank.exchange.importing.reading import jsonl_items
from biobank.exchange.reference_lines import KINDS, import_references
from biobank.store import schema

#: What an import from a stream without a name is called.
STDIN = "<stdin>"


@click.command("import")
@click.argument("file", type=click.File("rb"))
@click.option(
    "--format", "format_", type=click.Choice(tuple(READERS)), default="jsonl", show_default=True
)
@click.option(
    "--kind",
    type=click.Choice(["people", *KINDS]),
    default="people",
    show_default=True,
    help="What the lines are; of all but people, JSON Lines that export wrote.",
)
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
    format_: str,
    kind: str,
    dry_run: bool,
    publish: bool,
    report_file: Path | None,
    as_json: bool,
) -> None:
    """Bring in the records of FILE ("-": standard input), good ones even where others are bad."""
    with open_services() as services:
        schema.require_current(services.database)
        with progress(as_json=as_json) as tell:
            name = Path(getattr(file, "name", STDIN)).name
            if kind in KINDS:
                report = import_references(
                    services.database,
                    jsonl_items(file),
                    KINDS[kind],
                    file=name,
                    who=OPERATOR,
                    publish=publish,
                    dry_run=dry_run,
                )
            else:
                report = import_people(
                    services.database,
                    READERS[format_](file),
                    file=name,
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
