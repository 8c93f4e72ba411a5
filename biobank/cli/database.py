"""`biobank db` and `biobank seed`."""

import sys

import click

from biobank.bootstrap import open_current_services, open_services
from biobank.cli.output import format_count, json_option, print_report, print_result, progress
from biobank.exchange import seeding
from biobank.store import schema


@click.group()
def db() -> None:
    """Manage the database."""


@db.command()
def upgrade() -> None:
    """Create or upgrade the database schema and load the vocabularies."""
    with open_services() as services:
        schema.upgrade(services.database)
        loaded = seeding.load_vocabularies(services.database, services.settings.seed_dir)
    print_result(
        f"The database is up to date; {format_count(loaded.changed, 'terms')} changed.", as_json=False
    )
    if loaded.skipped:
        edited = ", ".join(loaded.skipped)
        print_result(f"Edited at the desk and left unchanged: {edited}.", as_json=False)


@click.command()
@click.option("--if-empty", is_flag=True, help="Do nothing if the database already has people.")
@json_option
def seed(if_empty: bool, as_json: bool) -> None:
    """Publish the bundled sample people; only changed records are updated."""
    with open_current_services() as services:
        if if_empty and services.people_count():
            print_result("The database already has people; nothing was added.", as_json=as_json, seeded=False)
            return
        with progress(as_json=as_json) as report_progress:
            report = seeding.seed(services.database, services.settings.seed_dir, report_progress)
    print_report(report, as_json=as_json)
    sys.exit(1 if report.refused else 0)
