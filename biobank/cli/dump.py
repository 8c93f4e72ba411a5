"""`biobank dump`: the whole bank as files."""

import os
from pathlib import Path

import click

from biobank.bootstrap import Services, open_current_services
from biobank.cli.output import format_count, json_option, print_result, progress
from biobank.common.clock import now
from biobank.errors import BadSetting
from biobank.exchange.dumps.files import DUMP_FORMATS
from biobank.exchange.dumps.publisher import is_due, renew, write_dumps
from biobank.settings import parse_web_address

#: Niceness of a background dump.
NICENESS = 10


@click.command()
@click.option(
    "--format",
    "formats",
    type=click.Choice(DUMP_FORMATS),
    multiple=True,
    help="Format to write; may be repeated. Default: all. Only with -o.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    help="Directory to write to, instead of the dumps that the server publishes.",
)
@click.option("--base", default="", help="Public URL of the site, if not set by BIOBANK_BASE_URL.")
@click.option(
    "--if-due", is_flag=True, help="Only if the last dumps are a day old and data has changed since."
)
@json_option
def dump(formats: tuple[str, ...], output: Path | None, base: str, if_due: bool, as_json: bool) -> None:
    """Export the whole database to dump files: records, table and linked data."""
    if formats and output is None:
        raise click.UsageError("--format requires -o: the server publishes dumps in every format.")
    with open_current_services() as services:
        address = _base_url(services, base)
        if if_due:
            if not is_due(services.database, services.settings.dumps_dir, address, now()):
                print_result("The dumps are up to date.", as_json=as_json, written=0)
                return
            _lower_priority()
        with progress(as_json=as_json) as report_progress:
            if output is None:
                manifest = renew(services.database, services.settings.dumps_dir, address, report_progress)
            else:
                output.mkdir(parents=True, exist_ok=True)
                chosen = formats or DUMP_FORMATS
                manifest = write_dumps(services.database, output, address, chosen, report_progress)
    target = output or services.settings.dumps_dir
    people, files = format_count(manifest.people, "people"), format_count(len(manifest.files), "files")
    text = f"{people} written to {target}, in {files}."
    print_result(text, as_json=as_json, written=manifest.people, files=[file.name for file in manifest.files])


def _base_url(services: Services, base: str) -> str:
    """Return the public base URL; permanent URLs in the files begin with it."""
    base_url = services.settings.base_url or parse_web_address("--base", base)
    if not base_url:
        raise BadSetting("Linked data contains URLs of the site: set BIOBANK_BASE_URL, or use --base.")
    return base_url


def _lower_priority() -> None:
    """Give the serving processes priority, where the system supports it."""
    if hasattr(os, "nice"):
        os.nice(NICENESS)
