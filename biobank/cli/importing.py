"""`biobank import`."""

import hashlib
import json
import sys
from pathlib import Path
from typing import Any, BinaryIO

import click

from biobank.accounts.identity import OPERATOR
from biobank.bootstrap import open_services
from biobank.cli.output import in_a_folder, json_option, progress, show_report
from biobank.exchange.importing.formats import FORMATS, format_of, reader_for
from biobank.exchange.importing.importer import import_people
from biobank.exchange.importing.mapping.loading import load_mapping
from biobank.exchange.importing.reading import jsonl_items
from biobank.exchange.reference_lines import KINDS, import_references
from biobank.records.problems import shown
from biobank.store import schema
from biobank.store.session import Database

#: File name of an import from a stream without a name.
STDIN = "<stdin>"
#: Bytes read at a time to compute the hash.
CHUNK = 1 << 20
#: Maximum number of characters of a file name, as on common file systems.
NAME_MOST = 255


@click.command("import")
@click.argument("file", type=click.File("rb"))
@click.option(
    "--format", "format_", type=click.Choice(FORMATS), help="By default as the name of FILE ends."
)
@click.option(
    "--map",
    "map_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="What the columns of a table are: a mapping file, see docs/import-formats.md.",
)
@click.option(
    "--kind",
    type=click.Choice(["people", *KINDS]),
    default="people",
    show_default=True,
    help="What the lines are; of all but people, JSON Lines that export wrote.",
)
@click.option("--dry-run", is_flag=True, help="Check and report; keep nothing.")
@click.option("--publish", is_flag=True, help="Make public at once; without it, keep as drafts.")
@click.option(
    "--duplicates/--no-duplicates",
    default=True,
    show_default=True,
    help="Look for new people who may be in the bank already, or twice in FILE.",
)
@click.option(
    "--report",
    "report_file",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    callback=in_a_folder,
    help="Write the whole report as JSON: what was refused, where and why, who may be there twice.",
)
@json_option
def import_(
    file: BinaryIO,
    format_: str | None,
    map_file: Path | None,
    kind: str,
    dry_run: bool,
    publish: bool,
    duplicates: bool,
    report_file: Path | None,
    as_json: bool,
) -> None:
    """Bring in the records of FILE ("-": standard input), good ones even where others are bad."""
    with open_services() as services:
        schema.require_current(services.database)
        with progress(as_json=as_json) as tell:
            if kind in KINDS:
                report = import_references(
                    services.database,
                    jsonl_items(file),
                    KINDS[kind],
                    file=_name(file),
                    who=OPERATOR,
                    publish=publish,
                    dry_run=dry_run,
                )
            else:
                report = import_people(
                    services.database,
                    file=_name(file),
                    who=OPERATOR,
                    publish=publish,
                    dry_run=dry_run,
                    duplicates=duplicates,
                    progress=tell,
                    **_read(services.database, file, format_, map_file),
                )
    if report_file:
        text = json.dumps(report.as_dict(), ensure_ascii=False, indent=1)
        report_file.write_text(text + "\n", encoding="utf-8")
    show_report(report, as_json=as_json)
    sys.exit(1 if report.refused else 0)


def _name(file: BinaryIO) -> str:
    """Return the name of a file, safe to store whatever bytes it contains."""
    return shown(Path(getattr(file, "name", STDIN)).name, NAME_MOST)


def _read(
    database: Database, file: BinaryIO, format_: str | None, map_file: Path | None
) -> dict[str, Any]:
    """Return the items of the file and its metadata for the report."""
    mapping = load_mapping(map_file) if map_file else None
    about = {
        "format": format_ or format_of(_name(file), mapping),
        "sha256": _content_hash(file),
        "mapping": shown(map_file.name, NAME_MOST) if map_file else "",
    }
    read = reader_for(database, _name(file), format_, mapping)
    return {"items": read(file), "about": about}


def _content_hash(file: BinaryIO) -> str:
    """Return the SHA-256 of a seekable file, or the empty string."""
    if not file.seekable():
        return ""
    found = hashlib.sha256()
    while chunk := file.read(CHUNK):
        found.update(chunk)
    file.seek(0)
    return found.hexdigest()
