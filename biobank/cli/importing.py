"""`biobank import`."""

import hashlib
import json
import sys
from pathlib import Path
from typing import Any, BinaryIO

import click

from biobank.accounts.identity import OPERATOR
from biobank.bootstrap import open_current_services
from biobank.cli.output import json_option, print_report, progress, require_parent_dir
from biobank.exchange.formats.jsonl import REFERENCE_KINDS_BY_NAME, import_references, read_jsonl
from biobank.exchange.imports.importer import import_people
from biobank.exchange.imports.mapping.schema import load_mapping
from biobank.exchange.imports.uploads import IMPORT_FORMATS, detect_format, get_reader
from biobank.records.validation import truncate_for_display
from biobank.store.session import Database

#: File name of an import from a stream without a name.
STDIN_NAME = "<stdin>"
#: Bytes read at a time to compute the hash.
HASH_CHUNK_BYTES = 1 << 20
#: Maximum number of characters of a file name, as on common file systems.
MAX_IMPORT_FILE_NAME_CHARS = 255


@click.command("import")
@click.argument("file", type=click.File("rb"))
@click.option(
    "--format", "format_", type=click.Choice(IMPORT_FORMATS), help="Default: from the extension of FILE."
)
@click.option(
    "--map",
    "map_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Mapping file for the columns of a table; see docs/reference/import-formats.md.",
)
@click.option(
    "--kind",
    type=click.Choice(["people", *REFERENCE_KINDS_BY_NAME]),
    default="people",
    show_default=True,
    help="Kind of records; reference records must be JSON Lines as written by export.",
)
@click.option("--dry-run", is_flag=True, help="Check and report only; save nothing.")
@click.option("--publish", is_flag=True, help="Publish the records; without it they are saved as drafts.")
@click.option(
    "--duplicates/--no-duplicates",
    default=True,
    show_default=True,
    help="Report new people who may duplicate an existing record or another in FILE.",
)
@click.option(
    "--report",
    "report_file",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    callback=require_parent_dir,
    help="Write the full report as JSON: rejected records with reasons, and possible duplicates.",
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
    """Import the records of FILE ("-": standard input); invalid records are skipped and reported."""
    with open_current_services() as services, progress(as_json=as_json) as report_progress:
        if kind in REFERENCE_KINDS_BY_NAME:
            report = import_references(
                services.database,
                read_jsonl(file),
                REFERENCE_KINDS_BY_NAME[kind],
                file=_file_name(file),
                actor=OPERATOR,
                publish=publish,
                dry_run=dry_run,
            )
        else:
            report = import_people(
                services.database,
                file=_file_name(file),
                actor=OPERATOR,
                publish=publish,
                dry_run=dry_run,
                duplicates=duplicates,
                progress=report_progress,
                **_reader_arguments(services.database, file, format_, map_file),
            )
    if report_file:
        text = json.dumps(report.as_dict(), ensure_ascii=False, indent=1)
        report_file.write_text(text + "\n", encoding="utf-8")
    print_report(report, as_json=as_json)
    sys.exit(1 if report.refused else 0)


def _file_name(file: BinaryIO) -> str:
    """Return the name of a file, safe to store whatever bytes it contains."""
    return truncate_for_display(Path(getattr(file, "name", STDIN_NAME)).name, MAX_IMPORT_FILE_NAME_CHARS)


def _reader_arguments(
    database: Database, file: BinaryIO, format_: str | None, map_file: Path | None
) -> dict[str, Any]:
    """Return the items of the file and its metadata for the report."""
    mapping = load_mapping(map_file) if map_file else None
    metadata = {
        "format": format_ or detect_format(_file_name(file), mapping),
        "sha256": _content_hash(file),
        "mapping": truncate_for_display(map_file.name, MAX_IMPORT_FILE_NAME_CHARS) if map_file else "",
    }
    reader = get_reader(database, _file_name(file), format_, mapping)
    return {"items": reader(file), "metadata": metadata}


def _content_hash(file: BinaryIO) -> str:
    """Return the SHA-256 of a seekable file, or the empty string."""
    if not file.seekable():
        return ""
    digest = hashlib.sha256()
    while chunk := file.read(HASH_CHUNK_BYTES):
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()
