"""Formats that can be imported; a new one needs a reader and an entry here."""

from collections.abc import Callable, Iterator, Mapping
from typing import IO

from biobank.exchange.importing.bank import Bank, load_bank
from biobank.exchange.importing.eac_cpf import eac_cpf_items
from biobank.exchange.importing.mapping.items import TABLES, mapped_items
from biobank.exchange.importing.mapping.rules import TableMapping
from biobank.exchange.importing.opening import opened
from biobank.exchange.importing.popolo.items import popolo_items
from biobank.exchange.importing.reading import Item, jsonl_items
from biobank.exchange.importing.said import UnreadableFile, say
from biobank.exchange.importing.wikidata.items import wikidata_items
from biobank.store.session import Database

#: From the bytes of a file to one item a record; an error in one never affects the others.
Reader = Callable[[IO[bytes]], Iterator[Item]]

#: Readers that need only the file.
READERS: Mapping[str, Reader] = {"jsonl": jsonl_items, "eac-cpf": eac_cpf_items}
#: Readers that look up places and terms.
LOOKING_UP: Mapping[str, Callable[[IO[bytes], Bank], Iterator[Item]]] = {
    "wikidata": wikidata_items,
    "popolo": popolo_items,
}
#: Formats by file extension; a trailing `.gz` is ignored.
ENDINGS = {
    "jsonl": "jsonl",
    "ndjson": "jsonl",
    "csv": "csv",
    "tsv": "tsv",
    "tab": "tsv",
    "xlsx": "xlsx",
    "xml": "eac-cpf",
    "zip": "eac-cpf",
}
FORMATS = tuple(dict.fromkeys((*READERS, *LOOKING_UP, *TABLES)))


def format_of(file: str, mapping: TableMapping | None = None) -> str:
    """Return the format of a file by its mapping, else by its extension, else JSON Lines.

    Raises:
        UnreadableFile: if the extension is `json`, which several formats use.
    """
    ending = file.lower().removesuffix(".gz").rpartition(".")[2]
    if mapping and mapping.format:
        return mapping.format
    if ending == "json" and not mapping:
        raise UnreadableFile(say("format_open", file=file))
    return ENDINGS.get(ending, "jsonl")


def reader_for(
    database: Database, file: str, format_: str | None = None, mapping: TableMapping | None = None
) -> Reader:
    """Return the reader for a file, which decompresses it where needed.

    Raises:
        UnreadableFile: if a table comes without a mapping, or another format with one; the reader
            itself raises it if the file is not of its format.
    """
    format_ = format_ or format_of(file, mapping)
    if mapping is None and format_ in READERS:
        read = READERS[format_]
        return lambda stream: read(opened(stream))
    if mapping is None and format_ in TABLES:
        raise UnreadableFile(say("map_missing", file=file))
    if mapping is not None and format_ not in TABLES:
        raise UnreadableFile(say("map_unused", format=format_))
    with database.read() as session:
        bank = load_bank(session)
    if mapping is not None:
        return lambda stream: mapped_items(opened(stream), format_, mapping, bank)
    look_up = LOOKING_UP[format_]
    return lambda stream: look_up(opened(stream), bank)
