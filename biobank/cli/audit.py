"""`biobank audit`: export the audit log, verify its hash chain, erase network addresses."""

from datetime import datetime
from pathlib import Path

import click

from biobank.accounts.audit import verify as verify_chain
from biobank.accounts.audit_erasure import erase_address, erase_addresses_of_user
from biobank.accounts.audit_queries import AuditFilter, iter_events
from biobank.accounts.identity import OPERATOR
from biobank.accounts.users import get_user_id
from biobank.bootstrap import open_current_services
from biobank.cli.output import format_count, json_option, output_option, print_result
from biobank.exchange.exports.formats import AUDIT_FORMATS

day_option = click.DateTime(formats=["%Y-%m-%d"])


@click.group()
def audit() -> None:
    """Export and verify the audit log, and erase network addresses in it."""


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


@audit.command("erase-addresses")
@click.option("--address", help="Erase this IPv4 or IPv6 address.")
@click.option("--user", "email", help="Erase the addresses of this user, by e-mail address.")
@json_option
def erase_addresses(address: str | None, email: str | None, as_json: bool) -> None:
    """Erase network addresses at the request of a person. The hash chain stays valid."""
    if (address is None) == (email is None):
        raise click.UsageError("Give either --address or --user.")
    with open_current_services() as services:
        database = services.database
        if email is None:
            count = erase_address(database, OPERATOR, address or "")
        else:
            count = erase_addresses_of_user(database, OPERATOR, get_user_id(database, OPERATOR, email))
    print_result(f"{format_count(count, 'network addresses')} erased.", as_json=as_json, erased=count)
