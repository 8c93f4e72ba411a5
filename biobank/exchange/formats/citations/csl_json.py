"""CSL-JSON, which every citation processor reads; see citation-style-language/schema."""

import json
from collections.abc import Iterable, Iterator

from biobank.exchange.formats.citations.item import CitationEntry, to_csl


def write(entries: Iterable[CitationEntry]) -> Iterator[str]:
    """Write a list of items, one per line."""
    separator = "[\n"
    for entry in entries:
        yield separator + json.dumps(to_csl(entry.item, entry.id), ensure_ascii=False)
        separator = ",\n"
    yield "[]\n" if separator == "[\n" else "\n]\n"
