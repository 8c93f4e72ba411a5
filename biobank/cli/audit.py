"""`biobank audit`: export the audit log and verify its hash chain."""

from datetime import datetime
from pathlib import Path

import click

from biobank.accounts.audit_chain import verify as verify_chain
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
        # Written as bytes, because the format defines its line endings.
        with click.open_file(str(output), "wb", atomic=str(output) != "-") as out:
            for line in lines:
                out.write(line.encode())
                written += 1
    if str(output) != "-":
        # The first line of CSV is the header.
        events = written - (format_ == "csv")
        say(f"{events} lines written to {output}", as_json=as_json, written=events)


@audit.command()
@click.option(
    "--holds",
    metavar="HASH",
    default="",
    help="A hash of an earlier export: its line must still be there.",
)
@json_option
def verify(holds: str, as_json: bool) -> None:
    """Check that no line was changed, put in or taken away since it was written.

    Exit 0 where every line fits the one before it, 1 where one does not: the first is named.
    """
    with open_services() as services:
        schema.require_current(services.database)
        found = verify_chain(services.database, OPERATOR, holds)
    told = {"lines": found.lines, "hash": found.hash, "broken_at": found.broken_at}
    if found.broken_at is not None:
        say(f"line {found.broken_at} does not fit: {found.what}", as_json=as_json, **told)
    elif holds and not found.holds:
        message = f"{found.lines} lines fit, but none has the hash {holds[:64]}: some are gone"
        say(message, as_json=as_json, **told, holds=False)
    else:
        say(f"{found.lines} lines fit; the last hash is {found.hash}", as_json=as_json, **told)
        return
    raise SystemExit(1)
