"""Formats that can be imported; a new one needs a reader and an entry here."""

from collections.abc import Callable, Iterator, Mapping
from typing import IO

from biobank.exchange.formats.eac.reader import read_eac_cpf
from biobank.exchange.imports.decompression import open_decompressed
from biobank.exchange.imports.items import ImportItem, read_jsonl
from biobank.exchange.imports.mapping.reader import TABLE_READERS, read_mapped_table
from biobank.exchange.imports.mapping.rules import TableMapping
from biobank.exchange.imports.messages import UnreadableFile, import_message
from biobank.exchange.imports.place_resolver import PlaceResolver, load_resolver
from biobank.exchange.imports.popolo.reader import read_popolo
from biobank.exchange.imports.wikidata.reader import read_wikidata
from biobank.store.session import Database

#: From the bytes of a file to one item a record; an error in one never affects the others.
ImportReader = Callable[[IO[bytes]], Iterator[ImportItem]]

#: Readers that need only the file.
STANDALONE_READERS: Mapping[str, ImportReader] = {"jsonl": read_jsonl, "eac-cpf": read_eac_cpf}
#: Readers that look up places and terms.
RESOLVING_READERS: Mapping[str, Callable[[IO[bytes], PlaceResolver], Iterator[ImportItem]]] = {
    "wikidata": read_wikidata,
    "popolo": read_popolo,
}
#: Formats by file extension; a trailing `.gz` is ignored.
FORMAT_BY_EXTENSION = {
    "jsonl": "jsonl",
    "ndjson": "jsonl",
    "csv": "csv",
    "tsv": "tsv",
    "tab": "tsv",
    "xlsx": "xlsx",
    "xml": "eac-cpf",
    "zip": "eac-cpf",
}
IMPORT_FORMATS = tuple(dict.fromkeys((*STANDALONE_READERS, *RESOLVING_READERS, *TABLE_READERS)))


def detect_format(file: str, mapping: TableMapping | None = None) -> str:
    """Return the format of a file by its mapping, else by its extension, else JSON Lines.

    Raises:
        UnreadableFile: if the extension is `json`, which several formats use.
    """
    extension = file.lower().removesuffix(".gz").rpartition(".")[2]
    if mapping and mapping.format:
        return mapping.format
    if extension == "json" and not mapping:
        raise UnreadableFile(import_message("format_open", file=file))
    return FORMAT_BY_EXTENSION.get(extension, "jsonl")


def get_reader(
    database: Database, file: str, format_: str | None = None, mapping: TableMapping | None = None
) -> ImportReader:
    """Return the reader for a file, which decompresses it where needed.

    Raises:
        UnreadableFile: if a table comes without a mapping, or another format with one; the reader
            itself raises it if the file is not of its format.
    """
    format_ = format_ or detect_format(file, mapping)
    if mapping is None and format_ in STANDALONE_READERS:
        read = STANDALONE_READERS[format_]
        return lambda stream: read(open_decompressed(stream))
    if mapping is None and format_ in TABLE_READERS:
        raise UnreadableFile(import_message("map_missing", file=file))
    if mapping is not None and format_ not in TABLE_READERS:
        raise UnreadableFile(import_message("map_unused", format=format_))
    with database.read() as session:
        resolver = load_resolver(session)
    if mapping is not None:
        return lambda stream: read_mapped_table(
            open_decompressed(stream), format_, mapping, resolver
        )
    read_resolved = RESOLVING_READERS[format_]
    return lambda stream: read_resolved(open_decompressed(stream), resolver)
