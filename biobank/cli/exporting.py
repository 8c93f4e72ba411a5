"""`biobank export`."""

from pathlib import Path

import click

from biobank.bootstrap import open_services
from biobank.cli.output import in_a_folder, json_option, progress, say
from biobank.exchange.exporter import export_jsonl
from biobank.store import schema

FORMATS = ("jsonl",)


@click.command("export")
@click.option("--format", "format_", type=click.Choice(FORMATS), default="jsonl", show_default=True)
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
