"""Entries of citation files."""

from dataclasses import dataclass

from biobank.exchange.citing.item import Item


@dataclass(frozen=True)
class CitedWork:
    """A work and its id in the bank, which is its key in every file."""

    id: str
    item: Item
