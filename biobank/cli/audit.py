"""`biobank audit`: export the audit log and verify its hash chain."""

from datetime import datetime
from pathlib import Path

import click

from biobank.accounts.audit import verify as verify_chain
from biobank.accounts.audit_queries import AuditFilter, iter_events
from biobank.accounts.identity import OPERATOR
from biobank.bootstrap import open_current_services
from biobank.cli.output import format_count, json_option, output_option, print_result
from biobank.exchange.exports.formats import AUDIT_FORMATS

day_option = click.DateTime(formats=["%Y-%m-%d"])


@click.group()
def audit() -> None:
    """Export and verify the audit log."""


@audit.command()
@click.option("--format", "format_", default="csv", type=click.Choice([*AUDIT_FORMATS]))
@click.option("--since", type=day_option, help="First day (UTC).")
@click.option("--until", type=day_option, help="Last day (UTC).")
@output_option
@json_option
def export(format_: str, since: datetime | None, until: datetime | None, output: Path, as_json: bool) -> None:
    """Export the events of the audit log, oldest first."""
    audit_filter = AuditFilter(since=since and since.date(), until=until and until.date())
    written = 0
    with open_current_services() as services:
        lines = AUDIT_FORMATS[format_].write(iter_events(services.database, OPERATOR, audit_filter))
        # Written as bytes, because the format defines its line endings.
        with click.open_file(str(output), "wb", atomic=str(output) != "-") as out:
            for line in lines:
                out.write(line.encode())
                written += 1
    if str(output) != "-":
        # The first line of CSV is the header.
        events = written - (format_ == "csv")
        print_result(f"{format_count(events, 'events')} written to {output}", as_json=as_json, written=events)


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
    with open_current_services() as services:
        result = verify_chain(services.database, OPERATOR, holds)
    checked = f"Checked {format_count(result.row_count, 'events')}"
    facts = {"lines": result.row_count, "hash": result.hash, "broken_at": result.broken_id}
    if result.broken_id is not None:
        print_result(
            f"Event {result.broken_id} does not match its hash: {result.broken_event}",
            as_json=as_json,
            **facts,
        )
    elif holds and not result.contains_hash:
        message = f"{checked}, but none has the hash {holds[:64]}: events are missing."
        print_result(message, as_json=as_json, **facts, holds=False)
    else:
        print_result(f"{checked}; the last hash is {result.hash}.", as_json=as_json, **facts)
        return
    raise SystemExit(1)
