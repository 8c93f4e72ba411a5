"""`biobank audit`: who did what when, as a file."""

from datetime import datetime
from pathlib import Path

import click

from biobank.accounts.audit_reading import Narrowing, walk
from biobank.accounts.identity import OPERATOR
from biobank.bootstrap import open_services
from biobank.cli.output import in_a_folder, json_option, say
from biobank.exchange.audit_export import FORMATS
from biobank.store import schema

day_option = click.DateTime(formats=["%Y-%m-%d"])


@click.group()
def audit() -> None:
    """Who did what to what, when."""


@audit.command()
@click.option("--format", "format_", default="csv", type=click.Choice([*FORMATS]))
@click.option("--since", type=day_option, help="The first day, in UTC.")
@click.option("--until", type=day_option, help="The last day, in UTC.")
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(dir_okay=False, writable=True, allow_dash=True, path_type=Path),
    callback=in_a_folder,
    help='Where to write; "-" for standard output.',
)
@json_option
def export(
    format_: str,
    since: datetime | None,
    until: datetime | None,
    output: Path,
    as_json: bool,
) -> None:
    """Write what was done, the oldest first."""
    days = Narrowing(since=since and since.date(), until=until and until.date())
    written = 0
    with open_services() as services:
        schema.require_current(services.database)
        lines = FORMATS[format_].write(walk(services.database, OPERATOR, days))
        # As bytes: the ends of the lines are those of the format.
        with click.open_file(str(output), "wb", atomic=str(output) != "-") as out:
            for line in lines:
                out.write(line.encode())
                written += 1
    if str(output) != "-":
        # The first line of CSV names the columns.
        events = written - (format_ == "csv")
        say(f"{events} lines written to {output}", as_json=as_json, written=events)
