"""`biobank index`."""

import json
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import click

from biobank.bootstrap import Services, open_current_services, open_services
from biobank.cli.dump_scheduler import DumpScheduler
from biobank.cli.import_worker import ImportWorkerSupervisor
from biobank.cli.output import format_count, json_option, print_result, progress
from biobank.common import processes
from biobank.common.metrics import PROMETHEUS_DIR_ENV
from biobank.common.progress import null_progress
from biobank.editorial.maintenance import MaintenanceScheduler
from biobank.errors import BadSetting, SearchUnavailable
from biobank.exchange.changes.webhook_dispatcher import WebhookDispatcher
from biobank.operations.leftovers import remove_leftovers
from biobank.settings import secret_key

#: Seconds that the webhook dispatcher has to finish deliveries at shutdown.
DISPATCHER_STOP_SECONDS = 5.0
#: Seconds that the encoder has to finish a few passages at shutdown.
VECTORS_STOP_SECONDS = 3.0
#: Seconds after which the worker is ended if it is still busy when it has to stop.
INDEXER_STOP_SECONDS = 8.0
SEMANTIC_MESSAGE = "needs BIOBANK_SEMANTIC=1 and: pip install 'biobank[semantic]'"


@click.group()
def index() -> None:
    """Manage the search index."""


@index.command()
@json_option
def rebuild(as_json: bool) -> None:
    """Build a new index alongside the live one, then switch to it."""
    with open_current_services() as services, progress(as_json=as_json) as report_progress:
        people = services.indexer.rebuild(report_progress)
    print_result(f"{format_count(people, 'people')} indexed.", as_json=as_json, people=people)


@index.command()
@json_option
def sync(as_json: bool) -> None:
    """Apply pending changes to the index; build it if it is missing."""
    with open_current_services() as services:
        with progress(as_json=as_json) as report_progress:
            services.indexer.ensure(report_progress)
        people = services.engine.health().documents
    print_result(
        f"The index is up to date; {format_count(people, 'people')}.", as_json=as_json, people=people
    )


@index.command()
@json_option
def verify(as_json: bool) -> None:
    """Compare the index with the database, person by person; exit 1 if they differ."""
    with open_current_services() as services:
        services.engine.check()
        comparison = services.indexer.verify()
        same_state = _is_same_state(services)
    facts = {"missing": comparison.missing, "surplus": comparison.surplus, "outdated": comparison.outdated}
    if comparison.matches and same_state:
        print_result("The index matches the database.", as_json=as_json, agrees=True, **facts)
        return
    for name, ids in facts.items():
        if ids and not as_json:
            click.echo(f"{name}: {', '.join(ids[:20])}{' …' if len(ids) > 20 else ''}", err=True)
    command = "sync" if comparison.is_pending and same_state else "rebuild"
    print_result(f"They differ; run biobank index {command}.", as_json=as_json, agrees=False, **facts)
    sys.exit(1)


def _is_same_state(services: Services) -> bool:
    try:
        services.indexer.require_same_state()
    except SearchUnavailable as error:
        click.echo(error.message, err=True)
        return False
    return True


@index.command()
@json_option
def status(as_json: bool) -> None:
    """Show the live generation, its number of people and the pending changes."""
    with open_current_services() as services:
        health = services.engine.health()
        outstanding = services.indexer.count_outstanding()
        vectors = services.indexer.vectors
    facts = {"generation": health.generation, "people": health.documents, "outstanding": outstanding}
    if vectors.is_enabled:
        facts["vectors"] = vectors.count()
    if as_json:
        click.echo(json.dumps(facts))
        return
    for name, value in facts.items():
        click.echo(f"{name:>12}  {value}")
    if vectors.is_enabled and vectors.count() < health.documents:
        click.echo("Start biobank serve, or run: biobank index vectors", err=True)


@index.command()
@json_option
def vectors(as_json: bool) -> None:
    """Encode the texts of people who have no vectors yet, for search by meaning."""
    with open_current_services() as services:
        updater = services.indexer.vectors
        if not updater.is_enabled:
            raise BadSetting(SEMANTIC_MESSAGE)
        services.engine.health()
        with progress(as_json=as_json) as report_progress:
            people = updater.fill(report_progress)
    print_result(f"{format_count(people, 'people')} encoded.", as_json=as_json, people=people)


@index.command(hidden=True)
@click.option("--base", default="", help="Public URL of the site, if not set by BIOBANK_BASE_URL.")
@click.option("--end-with-stdin", is_flag=True, help="End when standard input is closed.")
def follow(base: str, end_with_stdin: bool) -> None:
    """Run the background worker: apply changes to the index as they come.

    It also sends webhooks, runs maintenance, starts queued imports and creates dumps. `serve`
    starts one.
    """
    # The processes that it starts for dumps and imports have no metrics.
    os.environ.pop(PROMETHEUS_DIR_ENV, None)
    stopped = threading.Event()
    if end_with_stdin:
        processes.end_with_stdin(stopped.set, INDEXER_STOP_SECONDS)
    with open_services() as services, _run_webhook_dispatcher(services):
        services.indexer.ensure(null_progress)
        maintenance = MaintenanceScheduler(services.database, services.search, services.secret_box)
        import_worker = ImportWorkerSupervisor(services.database, services.uploads)
        dump_scheduler = DumpScheduler(services.settings.base_url or base)

        def should_stop() -> bool:
            if maintenance.run_if_due():
                remove_leftovers(services)
            import_worker.run_pending()
            dump_scheduler.run_pending()
            return stopped.is_set()

        try:
            with _run_vector_updater(services):
                services.indexer.follow(should_stop=should_stop)
        finally:
            dump_scheduler.stop()


@contextmanager
def _run_vector_updater(services: Services) -> Iterator[None]:
    """Encode people in a thread of its own: one takes seconds, a change must be found within one."""
    stop_event = threading.Event()
    vectors = services.indexer.vectors
    thread = threading.Thread(target=vectors.follow, args=(stop_event,), daemon=True)
    if vectors.is_enabled:
        thread.start()
    try:
        yield
    finally:
        stop_event.set()
        if vectors.is_enabled:
            thread.join(VECTORS_STOP_SECONDS)


@contextmanager
def _run_webhook_dispatcher(services: Services) -> Iterator[None]:
    """Deliver webhooks in a thread of its own, so that a slow receiver does not delay the index."""
    stop_event = threading.Event()
    key, private = secret_key(services.settings), services.settings.webhooks_private
    dispatcher = WebhookDispatcher(services.database, key, private)
    thread = threading.Thread(target=dispatcher.run, args=(stop_event,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop_event.set()
        # The thread uses the store, which is closed next; do not wait longer for a busy store.
        thread.join(DISPATCHER_STOP_SECONDS)
