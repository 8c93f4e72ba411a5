"""`biobank housekeeping`: run the hourly maintenance of `serve` now."""

import click

from biobank.bootstrap import open_current_services
from biobank.cli.output import format_count, json_option, print_result
from biobank.editorial.maintenance import run_maintenance
from biobank.operations.leftovers import remove_leftovers


@click.command()
@json_option
def housekeeping(as_json: bool) -> None:
    """Run the maintenance tasks now: close messages, delete expired data, count the worklists."""
    with open_current_services() as services:
        report = run_maintenance(services.database, search=services.search, secret_box=services.secret_box)
        leftovers = remove_leftovers(services)
    text = (
        f"{format_count(report.closed, 'messages')} closed, {format_count(report.erased, 'addresses')} erased, "
        f"{format_count(report.purged, 'attempt counters')} deleted, "
        f"{format_count(report.ended_sessions, 'ended sessions')} deleted, "
        f"{format_count(report.audit_addresses, 'network addresses')} erased, "
        f"{format_count(report.encrypted, 'secrets')} encrypted, "
        f"{format_count(leftovers, 'leftover files')} deleted; "
        f"worklists {'counted' if report.counted else 'already counted today'}."
    )
    print_result(
        text,
        as_json=as_json,
        closed=report.closed,
        erased=report.erased,
        forgotten=report.purged,
        sessions=report.ended_sessions,
        audit_addresses=report.audit_addresses,
        counted=report.counted,
        sealed=report.encrypted,
        leftovers=leftovers,
    )
