"""The formats that records are brought in from; a new one is a file beside and a line here."""

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

#: From the bytes of a file to one item a record; a fault of one never stops the rest.
Reader = Callable[[IO[bytes]], Iterator[Item]]

#: Those that need nothing but the file.
READERS: Mapping[str, Reader] = {"jsonl": jsonl_items, "eac-cpf": eac_cpf_items}
#: Those that look up places and terms in the bank.
LOOKING_UP: Mapping[str, Callable[[IO[bytes], Bank], Iterator[Item]]] = {
    "wikidata": wikidata_items,
    "popolo": popolo_items,
}
#: By what their files are called; `.gz` behind it is passed over.
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
    """The format of a file by its mapping, else by its name, else JSON Lines.

    Raises:
        UnreadableFile: where the name says JSON, which several formats are.
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
    """The reader of a file called `file`, unpacking it where it is packed.

    Raises:
        UnreadableFile: where a table comes without a mapping, or a mapping with what is no table;
            the reader itself raises it where the file is none of its kind.
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
