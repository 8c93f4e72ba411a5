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


@db.command()
@json_option
def current(as_json: bool) -> None:
    """Show the schema of the database and the one that this version needs; exit 1 if they differ."""
    with open_services() as services:
        actual = schema.current_revision(services.database)
    expected = schema.expected_revision()
    text = f"The database is at schema {actual or 'none'}; this version needs {expected}."
    print_result(text, as_json=as_json, current=actual, expected=expected)
    sys.exit(0 if actual == expected else 1)


@db.command()
@click.argument("revision")
@click.option("--yes", is_flag=True, help="Do not ask for confirmation.")
@json_option
def downgrade(revision: str, yes: bool, as_json: bool) -> None:
    """Bring the database back to the schema REVISION of an older version. Back it up first.

    What only the newer schema can store is deleted.
    """
    with open_services() as services:
        older = schema.older_revisions(services.database)
        if revision not in older:
            choices = ", ".join(older) or "none"
            raise click.UsageError(f"{revision!r} is no older schema of this database; there are: {choices}.")
        if not yes:
            click.confirm(
                "Data that only the newer schema can store is deleted. Continue?", abort=True, err=True
            )
        schema.downgrade(services.database, revision)
    text = f"The database is at schema {revision}; install the version that needs it."
    print_result(text, as_json=as_json, current=revision)


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
