"""`biobank dump`: the whole bank as files."""

import os
from datetime import UTC, datetime
from pathlib import Path

import click

from biobank.bootstrap import Services, open_services
from biobank.cli.output import json_option, progress, say
from biobank.errors import BadSetting
from biobank.exchange.dumps.files import FORMATS
from biobank.exchange.dumps.keeping import is_due, renew
from biobank.exchange.dumps.writing import write_dumps
from biobank.settings import web_address
from biobank.store import schema

#: Niceness of a background dump.
NICENESS = 10


@click.command()
@click.option(
    "--format",
    "formats",
    type=click.Choice(FORMATS),
    multiple=True,
    help="One format, or several; all of them unless it is said. With -o.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    help="A folder to write into, instead of the dumps that the bank serves.",
)
@click.option("--base", default="", help="The public address of the bank, where no setting has it.")
@click.option(
    "--if-due", is_flag=True, help="Only where the last ones are a day old, and the bank changed."
)
@json_option
def dump(
    formats: tuple[str, ...], output: Path | None, base: str, if_due: bool, as_json: bool
) -> None:
    """Write the whole bank as files: records, a table, linked data; each with licence and day."""
    if formats and output is None:
        raise click.UsageError("--format goes with -o: the bank serves dumps in every format.")
    with open_services() as services:
        schema.require_current(services.database)
        address = _address(services, base)
        if if_due:
            if not _is_due(services, address):
                say("The dumps are new enough.", as_json=as_json, written=0)
                return
            _stand_back()
        with progress(as_json=as_json) as tell:
            if output is None:
                made = renew(services.database, services.settings.dumps_dir, address, tell)
            else:
                output.mkdir(parents=True, exist_ok=True)
                chosen = formats or FORMATS
                made = write_dumps(services.database, output, address, chosen, tell)
    where = output or services.settings.dumps_dir
    text = f"{made.people} people written to {where}, in {len(made.files)} files."
    say(text, as_json=as_json, written=made.people, files=[file.name for file in made.files])


def _address(services: Services, base: str) -> str:
    """Return the public base URL; permanent URLs in the files begin with it."""
    found = services.settings.base_url or web_address("--base", base)
    if not found:
        raise BadSetting(
            "Linked data is full of the bank's own addresses: set BIOBANK_BASE_URL, or say --base."
        )
    return found


def _stand_back() -> None:
    """Give the serving processes priority, where the system supports it."""
    if hasattr(os, "nice"):
        os.nice(NICENESS)


def _is_due(services: Services, base: str) -> bool:
    return is_due(services.database, services.settings.dumps_dir, base, datetime.now(UTC))
