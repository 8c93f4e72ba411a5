"""`biobank audit`: export the audit log and verify its hash chain."""

from datetime import datetime
from pathlib import Path

import click

from biobank.accounts.audit import verify as verify_chain
from biobank.accounts.audit_queries import AuditFilter, iter_events
from biobank.accounts.identity import OPERATOR
from biobank.bootstrap import open_services
from biobank.cli.output import json_option, print_result, require_parent_dir
from biobank.exchange.exports.audit import AUDIT_FORMATS
from biobank.store import schema

day_option = click.DateTime(formats=["%Y-%m-%d"])


@click.group()
def audit() -> None:
    """Who did what to what, when."""


@audit.command()
@click.option("--format", "format_", default="csv", type=click.Choice([*AUDIT_FORMATS]))
@click.option("--since", type=day_option, help="The first day, in UTC.")
@click.option("--until", type=day_option, help="The last day, in UTC.")
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(dir_okay=False, writable=True, allow_dash=True, path_type=Path),
    callback=require_parent_dir,
    help='Where to write; "-" for standard output.',
)
@json_option
def export(format_: str, since: datetime | None, until: datetime | None, output: Path, as_json: bool) -> None:
    """Write what was done, the oldest first."""
    audit_filter = AuditFilter(since=since and since.date(), until=until and until.date())
    written = 0
    with open_services() as services:
        schema.require_current_schema(services.database)
        lines = AUDIT_FORMATS[format_].write(iter_events(services.database, OPERATOR, audit_filter))
        # Written as bytes, because the format defines its line endings.
        with click.open_file(str(output), "wb", atomic=str(output) != "-") as out:
            for line in lines:
                out.write(line.encode())
                written += 1
    if str(output) != "-":
        # The first line of CSV is the header.
        events = written - (format_ == "csv")
        print_result(f"{events} lines written to {output}", as_json=as_json, written=events)


@audit.command()
@click.option(
    "--holds", metavar="HASH", default="", help="A hash of an earlier export: its line must still be there."
)
@json_option
def verify(holds: str, as_json: bool) -> None:
    """Check that no line was changed, put in or taken away since it was written.

    Exit 0 where every line fits the one before it, 1 where one does not: the first is named.
    """
    with open_services() as services:
        schema.require_current_schema(services.database)
        result = verify_chain(services.database, OPERATOR, holds)
    facts = {"lines": result.row_count, "hash": result.hash, "broken_at": result.broken_id}
    if result.broken_id is not None:
        print_result(f"line {result.broken_id} does not fit: {result.broken_event}", as_json=as_json, **facts)
    elif holds and not result.contains_hash:
        message = f"{result.row_count} lines fit, but none has the hash {holds[:64]}: some are gone"
        print_result(message, as_json=as_json, **facts, holds=False)
    else:
        print_result(
            f"{result.row_count} lines fit; the last hash is {result.hash}", as_json=as_json, **facts
        )
        return
    raise SystemExit(1)
