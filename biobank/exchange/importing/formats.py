"""The formats that records are brought in from; a new one is a file beside and a line here."""

from collections.abc import Callable, Iterator, Mapping
from typing import IO

from biobank.exchange.importing.eac_cpf import eac_cpf_items
from biobank.exchange.importing.reading import Item, jsonl_items

#: From the bytes of a file to one item a record; a fault of one never stops the rest.
Reader = Callable[[IO[bytes]], Iterator[Item]]

READERS: Mapping[str, Reader] = {
    "jsonl": jsonl_items,
    "eac-cpf": eac_cpf_items,
}
