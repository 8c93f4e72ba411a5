"""A summary of changes: the fields, their languages and the number of changed items."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from biobank.editorial.differences import Change

#: Fields that contain a text by language.
TEXTS = ("connection", "headline", "biography")


@dataclass(frozen=True)
class Touched:
    """A changed field: `languages` of a text, number of `items` of a list (otherwise 0)."""

    field: str
    languages: tuple[str, ...] = ()
    items: int = 0

    @property
    def paths(self) -> tuple[str, ...]:
        """Return the paths in dotted notation: `birth`, `biography.en`."""
        return tuple(f"{self.field}.{lang}" for lang in self.languages) or (self.field,)


def touched(changes: Iterable[Change]) -> tuple[Touched, ...]:
    """Return the changed fields in order, without duplicates."""
    by_field: dict[str, list[Change]] = {}
    for change in changes:
        by_field.setdefault(str(change.path[0]), []).append(change)
    return tuple(
        Touched(field, _languages(found) if field in TEXTS else (), _items(found))
        for field, found in by_field.items()
    )


def _languages(changes: Sequence[Change]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for change in changes:
        whole = change.before or change.after
        found |= dict.fromkeys([str(change.path[1])] if len(change.path) > 1 else [*whole])
    return tuple(found)


def _items(changes: Sequence[Change]) -> int:
    count, places = 0, set()
    for change in changes:
        whole = change.before if change.kind == "removed" else change.after
        if len(change.path) == 1:
            count += len(whole) if isinstance(whole, list) else 0
        elif isinstance(change.path[1], int):
            # The index of a removed item refers to the old list, those of other items to the new
            # one.
            places.add((len(change.path) == 2 and change.kind == "removed", change.path[1]))
    return count + len(places)
