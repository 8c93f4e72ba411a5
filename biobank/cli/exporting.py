"""`biobank export`."""

from datetime import UTC, datetime
from pathlib import Path
from typing import IO

import click

from biobank.bootstrap import Services, open_services
from biobank.cli.output import json_option, print_result, progress, require_parent_dir
from biobank.common.i18n import LANGUAGES
from biobank.exchange.exports.context import iter_records
from biobank.exchange.exports.formats import EXPORT_FORMATS, export, iter_people, make_export_context
from biobank.exchange.formats.jsonl import REFERENCE_KINDS_BY_NAME, export_references
from biobank.exchange.imports.importer import ImportProgress, null_progress
from biobank.search.query import SearchQuery
from biobank.store import schema

PEOPLE_KIND = "people"


@click.command("export")
@click.option("--format", "format_", type=click.Choice([*EXPORT_FORMATS]), default="jsonl", show_default=True)
@click.option(
    "--kind",
    type=click.Choice([PEOPLE_KIND, *REFERENCE_KINDS_BY_NAME]),
    default=PEOPLE_KIND,
    show_default=True,
    help="Kind of records; reference records are JSON Lines, to be imported before people.",
)
@click.option("--query", help="Export the results of this search, in its order. Default: all people.")
@click.option(
    "--lang",
    type=click.Choice(LANGUAGES),
    default="az",
    show_default=True,
    help="Language of labels and of the query.",
)
@click.option("--drafts", is_flag=True, help="Include unpublished drafts.")
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(dir_okay=False, writable=True, allow_dash=True, path_type=Path),
    callback=require_parent_dir,
    help='Output file; "-" for standard output.',
)
@json_option
def export_(
    format_: str, kind: str, query: str | None, lang: str, drafts: bool, output: Path, as_json: bool
) -> None:
    """Export published people, or the results of a search, in one of the formats."""
    if query is not None and (drafts or kind != PEOPLE_KIND):
        raise click.UsageError(
            "--query searches published people and cannot be combined with --drafts or --kind."
        )
    if kind != PEOPLE_KIND and format_ != "jsonl":
        raise click.UsageError(f"{kind} can only be exported as jsonl.")
    with open_services() as services:
        schema.require_current_schema(services.database)
        with (
            # Written as bytes, because the format defines its line endings.
            click.open_file(str(output), "wb", atomic=str(output) != "-") as out,
            # No progress in between when records go to standard output.
            progress(as_json=as_json and str(output) != "-") as report_progress,
        ):
            if kind == PEOPLE_KIND:
                written = _export_people(services, format_, query, lang, out, report_progress, drafts=drafts)
            else:
                written = _export_references(services, kind, out, drafts=drafts)
    if str(output) != "-":
        print_result(f"{written} {kind} written to {output}", as_json=as_json, written=written)


def _export_people(
    services: Services,
    format_: str,
    query: str | None,
    lang: str,
    out: IO[bytes],
    report_progress: ImportProgress,
    *,
    drafts: bool,
) -> int:
    base_url, day = services.settings.base_url or "", datetime.now(UTC).date()
    context = make_export_context(services.database, services.catalogue(), lang, base_url, day)
    if query is None:
        records = iter_people(services.database, with_drafts=drafts)
    else:
        records = iter_records(services.database, _search_ids(services, query, lang))
    return export(records, EXPORT_FORMATS[format_], context, out, report_progress)


def _search_ids(services: Services, text: str, lang: str) -> list[str]:
    """Return the ids matched by the query; print what could not be interpreted."""
    services.indexer.ensure(null_progress)
    query = services.search.normalize(SearchQuery(text=text, lang=lang))
    for problem in query.problems:
        click.echo(f"note  {problem.message}", err=True)
    return services.search.all_ids(query)


def _export_references(services: Services, kind: str, out: IO[bytes], *, drafts: bool) -> int:
    written = 0
    for line in export_references(services.database, REFERENCE_KINDS_BY_NAME[kind], with_drafts=drafts):
        out.write(line.encode())
        written += 1
    return written
