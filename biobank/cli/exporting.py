"""`biobank export`."""

from datetime import UTC, datetime
from pathlib import Path
from typing import IO

import click

from biobank.bootstrap import Services, open_services
from biobank.cli.output import in_a_folder, json_option, progress, say
from biobank.exchange.answers.edition import records_of
from biobank.exchange.answers.formats import FORMATS
from biobank.exchange.exporter import everybody, export, make_edition
from biobank.exchange.importing.importer import Progress, silent
from biobank.exchange.reference_lines import KINDS, reference_lines
from biobank.i18n import LANGUAGES
from biobank.search.query import SearchQuery
from biobank.store import schema

PEOPLE = "people"


@click.command("export")
@click.option(
    "--format", "format_", type=click.Choice([*FORMATS]), default="jsonl", show_default=True
)
@click.option(
    "--kind",
    type=click.Choice([PEOPLE, *KINDS]),
    default=PEOPLE,
    show_default=True,
    help="What people refer to, as JSON Lines: import them before the people.",
)
@click.option("--query", help="Whom the search finds for it, in its order; without it, everybody.")
@click.option(
    "--lang",
    type=click.Choice(LANGUAGES),
    default="az",
    show_default=True,
    help="Of labels, and of the query.",
)
@click.option("--drafts", is_flag=True, help="What is written and not public yet, too.")
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(dir_okay=False, writable=True, allow_dash=True, path_type=Path),
    callback=in_a_folder,
    help='Where to write; "-" for standard output.',
)
@json_option
def export_(
    format_: str,
    kind: str,
    query: str | None,
    lang: str,
    drafts: bool,
    output: Path,
    as_json: bool,
) -> None:
    """Write the published people, or whom a search finds, in one of the formats."""
    if query is not None and (drafts or kind != PEOPLE):
        raise click.UsageError("--query finds published people; leave out --drafts and --kind.")
    if kind != PEOPLE and format_ != "jsonl":
        raise click.UsageError(f"{kind} are written as jsonl alone.")
    with open_services() as services:
        schema.require_current(services.database)
        with (
            # Written as bytes, because the format defines its line endings.
            click.open_file(str(output), "wb", atomic=str(output) != "-") as out,
            # No progress in between when records go to standard output.
            progress(as_json=as_json and str(output) != "-") as tell,
        ):
            if kind == PEOPLE:
                written = _people(services, format_, query, lang, out, tell, drafts=drafts)
            else:
                written = _references(services, kind, out, drafts=drafts)
    if str(output) != "-":
        say(f"{written} {kind} written to {output}", as_json=as_json, written=written)


def _people(
    services: Services,
    format_: str,
    query: str | None,
    lang: str,
    out: IO[bytes],
    tell: Progress,
    *,
    drafts: bool,
) -> int:
    base_url, day = services.settings.base_url or "", datetime.now(UTC).date()
    edition = make_edition(services.database, services.catalogue(), lang, base_url, day)
    if query is None:
        records = everybody(services.database, with_drafts=drafts)
    else:
        records = records_of(services.database, _found(services, query, lang))
    return export(records, FORMATS[format_], edition, out, tell)


def _found(services: Services, text: str, lang: str) -> list[str]:
    """Return the ids matched by the query; print what could not be interpreted."""
    services.indexer.ensure(silent)
    query = services.search.understand(SearchQuery(text=text, lang=lang))
    for problem in query.problems:
        click.echo(f"note  {problem.message}", err=True)
    return services.search.everybody(query)


def _references(services: Services, kind: str, out: IO[bytes], *, drafts: bool) -> int:
    written = 0
    for line in reference_lines(services.database, KINDS[kind], with_drafts=drafts):
        out.write(line.encode())
        written += 1
    return written
