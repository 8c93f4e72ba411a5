"""What files of citations are made of: works by the ids that they have in the bank."""

from dataclasses import dataclass

from biobank.exchange.citing.item import Item


@dataclass(frozen=True)
class CitedWork:
    """A work and its id, which is its key in every file."""

    id: str
    item: Item
