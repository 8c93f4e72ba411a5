"""`biobank export`."""

from collections.abc import Iterable
from pathlib import Path
from typing import IO

import click

from biobank.bootstrap import Services, open_current_services
from biobank.cli.output import format_count, json_option, output_option, print_result, progress
from biobank.common.clock import now
from biobank.common.i18n import LANGUAGES
from biobank.common.progress import null_progress
from biobank.exchange.exports.context import iter_records
from biobank.exchange.exports.formats import EXPORT_FORMATS, export, iter_people, make_export_context
from biobank.exchange.formats.jsonl import REFERENCE_KINDS_BY_NAME, export_references
from biobank.records.people.record import PersonRecord
from biobank.search.query import SearchQuery

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
@output_option
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
    with (
        open_current_services() as services,
        # Written as bytes, because the format defines its line endings.
        click.open_file(str(output), "wb", atomic=str(output) != "-") as out,
        # No progress in between when records go to standard output.
        progress(as_json=as_json and str(output) != "-") as report_progress,
    ):
        if kind == PEOPLE_KIND:
            base_url, catalogue = services.settings.base_url or "", services.catalogue()
            context = make_export_context(services.database, catalogue, lang, base_url, now().date())
            people = _select_people(services, query, lang, drafts=drafts)
            written = export(people, EXPORT_FORMATS[format_], context, out, report_progress)
        else:
            written = _export_references(services, kind, out, drafts=drafts)
    if str(output) != "-":
        print_result(f"{format_count(written, kind)} written to {output}", as_json=as_json, written=written)


def _select_people(
    services: Services, query: str | None, lang: str, *, drafts: bool
) -> Iterable[PersonRecord]:
    """Return the people found by a query, or all; print what could not be interpreted."""
    if query is None:
        return iter_people(services.database, with_drafts=drafts)
    services.indexer.ensure(null_progress)
    normalized = services.search.normalize(SearchQuery(text=query, lang=lang))
    for problem in normalized.problems:
        click.echo(f"note  {problem.message_with_suggestions(lang)}", err=True)
    return iter_records(services.database, services.search.all_ids(normalized))


def _export_references(services: Services, kind: str, out: IO[bytes], *, drafts: bool) -> int:
    written = 0
    for line in export_references(services.database, REFERENCE_KINDS_BY_NAME[kind], with_drafts=drafts):
        out.write(line.encode())
        written += 1
    return written
