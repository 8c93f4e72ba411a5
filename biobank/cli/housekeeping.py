"""`biobank housekeeping`: run the hourly maintenance of `serve` now."""

import click

from biobank.bootstrap import open_services
from biobank.cli.output import json_option, say
from biobank.editorial.housekeeping import keep_house
from biobank.store import schema


@click.command()
@json_option
def housekeeping(as_json: bool) -> None:
    """Close what was published, erase old addresses, forget attempts, count the worklists, seal."""
    with open_services() as services:
        schema.require_current(services.database)
        done = keep_house(services.database, search=services.search, seal=services.seal)
    text = (
        f"{done.closed} messages closed, {done.erased} addresses erased, "
        f"{done.forgotten} counts of attempts forgotten, {done.sealed} secrets sealed; "
        f"the worklists were counted {'now' if done.counted else 'before today'}."
    )
    say(
        text,
        as_json=as_json,
        closed=done.closed,
        erased=done.erased,
        forgotten=done.forgotten,
        counted=done.counted,
        sealed=done.sealed,
    )
