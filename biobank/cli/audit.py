"""`biobank audit`: export the audit log and verify its hash chain."""

from datetime import datetime
from pathlib import Path

import click

from biobank.accounts.audit import verify as verify_chain
from biobank.accounts.audit_queries import AuditFilter, iter_events
from biobank.accounts.identity import OPERATOR
from biobank.bootstrap import open_services
from biobank.cli.output import json_option, print_result, require_parent_dir
from biobank.exchange.exports.formats import AUDIT_FORMATS
from biobank.store import schema

day_option = click.DateTime(formats=["%Y-%m-%d"])


@click.group()
def audit() -> None:
    """Export and verify the audit log."""


@audit.command()
@click.option("--format", "format_", default="csv", type=click.Choice([*AUDIT_FORMATS]))
@click.option("--since", type=day_option, help="First day (UTC).")
@click.option("--until", type=day_option, help="Last day (UTC).")
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(dir_okay=False, writable=True, allow_dash=True, path_type=Path),
    callback=require_parent_dir,
    help='Output file; "-" for standard output.',
)
@json_option
def export(format_: str, since: datetime | None, until: datetime | None, output: Path, as_json: bool) -> None:
    """Export the events of the audit log, oldest first."""
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
        print_result(f"{events} events written to {output}", as_json=as_json, written=events)


@audit.command()
@click.option(
    "--holds",
    metavar="HASH",
    default="",
    help="Hash from an earlier export; the log must still contain its event.",
)
@json_option
def verify(holds: str, as_json: bool) -> None:
    """Verify the hash chain: no event was changed, inserted or removed.

    Exit 0 if the chain is intact; otherwise exit 1 and name the first event that does not match.
    """
    with open_services() as services:
        schema.require_current_schema(services.database)
        result = verify_chain(services.database, OPERATOR, holds)
    facts = {"lines": result.row_count, "hash": result.hash, "broken_at": result.broken_id}
    if result.broken_id is not None:
        print_result(
            f"event {result.broken_id} does not match: {result.broken_event}", as_json=as_json, **facts
        )
    elif holds and not result.contains_hash:
        message = f"{result.row_count} events match, but none has the hash {holds[:64]}: events are missing"
        print_result(message, as_json=as_json, **facts, holds=False)
    else:
        print_result(
            f"{result.row_count} events match; the last hash is {result.hash}", as_json=as_json, **facts
        )
        return
    raise SystemExit(1)
