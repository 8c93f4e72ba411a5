"""Entries of citation files."""

from dataclasses import dataclass

from biobank.exchange.formats.citations.item import CitedItem


@dataclass(frozen=True)
class CitationEntry:
    """A work and its id in the bank, which is its key in every file."""

    id: str
    item: CitedItem
