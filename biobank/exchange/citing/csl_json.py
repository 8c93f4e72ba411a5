"""CSL-JSON, which every citation processor reads; see citation-style-language/schema."""

import json
from collections.abc import Iterable, Iterator

from biobank.exchange.citing.item import csl_of
from biobank.exchange.citing.work import CitedWork


def write(entries: Iterable[CitedWork]) -> Iterator[str]:
    """Write a list of items, one per line."""
    before = "[\n"
    for entry in entries:
        yield before + json.dumps(csl_of(entry.item, entry.id), ensure_ascii=False)
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"
