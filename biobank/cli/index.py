"""`biobank index`."""

import json
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import click

from biobank.bootstrap import Services, open_services
from biobank.cli.dumping import Dumper
from biobank.cli.imports_beside import ImportsBeside
from biobank.cli.output import json_option, progress, say
from biobank.editorial.housekeeping import Housekeeper
from biobank.exchange.importing.importer import silent
from biobank.exchange.mirroring.courier import Courier
from biobank.settings import secret_key
from biobank.store import schema

#: Seconds that the webhook dispatcher has to finish deliveries at shutdown.
COURIER_STOPS = 5.0


@click.group()
def index() -> None:
    """The search index."""


@index.command()
@json_option
def rebuild(as_json: bool) -> None:
    """Make the index anew beside the serving one, then switch."""
    with open_services() as services:
        schema.require_current(services.database)
        with progress(as_json=as_json) as tell:
            people = services.indexer.rebuild(tell)
    say(f"{people} people indexed.", as_json=as_json, people=people)


@index.command()
@json_option
def sync(as_json: bool) -> None:
    """Bring in what changed; make the index where there is none."""
    with open_services() as services:
        schema.require_current(services.database)
        with progress(as_json=as_json) as tell:
            services.indexer.ensure(tell)
        people = services.engine.health().documents
    say(f"The index is up to date; {people} people.", as_json=as_json, people=people)


@index.command()
@json_option
def verify(as_json: bool) -> None:
    """Compare the index with the store, person by person; exit 1 where they differ."""
    with open_services() as services:
        schema.require_current(services.database)
        found = services.indexer.verify()
    facts = {
        "missing": found.missing,
        "surplus": found.surplus,
        "outdated": found.outdated,
    }
    if found.agrees:
        say("The index and the store agree.", as_json=as_json, agrees=True, **facts)
        return
    for name, ids in facts.items():
        if ids and not as_json:
            click.echo(f"{name}: {', '.join(ids[:20])}{' …' if len(ids) > 20 else ''}", err=True)
    advice = "They differ; biobank index sync or rebuild mends it."
    say(advice, as_json=as_json, agrees=False, **facts)
    sys.exit(1)


@index.command()
@json_option
def status(as_json: bool) -> None:
    """The serving generation, its people, and what is outstanding."""
    with open_services() as services:
        schema.require_current(services.database)
        health = services.engine.health()
        outstanding = services.indexer.outstanding()
    facts = {
        "generation": health.generation,
        "people": health.documents,
        "outstanding": outstanding,
    }
    if as_json:
        click.echo(json.dumps(facts))
        return
    for name, value in facts.items():
        click.echo(f"{name:>12}  {value}")


@index.command(hidden=True)
@click.option("--base", default="", help="The address of the bank, where no setting has it.")
def follow(base: str) -> None:
    """Apply changes to the index as they come, and do all else that is done beside the server.

    It sends webhooks, keeps house, starts imports that wait, makes dumps. `serve` runs it once.
    """
    parent = os.getppid()
    with open_services() as services, _courier(services):
        services.indexer.ensure(silent)
        housekeeper = Housekeeper(services.database, services.search, services.seal)
        importing = ImportsBeside(services.database, services.uploads)
        dumper = Dumper(services.settings.base_url or base)

        def is_over() -> bool:
            housekeeper.look()
            importing.look()
            dumper.look()
            # Stop when the parent process, the server, has exited.
            return os.getppid() != parent

        try:
            services.indexer.follow(until=is_over)
        finally:
            dumper.stop()


@contextmanager
def _courier(services: Services) -> Iterator[None]:
    """Deliver webhooks in a thread of its own, so that a slow receiver does not delay the index."""
    is_over = threading.Event()
    key, private = secret_key(services.settings), services.settings.webhooks_private
    courier = Courier(services.database, key, private)
    following = threading.Thread(target=courier.follow, args=(is_over,), daemon=True)
    following.start()
    try:
        yield
    finally:
        is_over.set()
        # The thread uses the store, which is closed next; do not wait longer for a busy store.
        following.join(COURIER_STOPS)
