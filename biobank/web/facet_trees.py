"""The values of a facet as trees: narrower ones beneath the broader."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from biobank.search.answer import FacetValue
from biobank.search.query import UNKNOWN


@dataclass(frozen=True)
class Branch:
    """A value and those within it. `chosen`: whether it or any within it is."""

    value: FacetValue
    narrower: tuple["Branch", ...]
    chosen: bool

    @property
    def size(self) -> int:
        """How many values it has, itself counted."""
        return 1 + sum(branch.size for branch in self.narrower)


def grown(values: Sequence[FacetValue], most: int) -> tuple[Branch, ...]:
    """Trees of the first `most` values, of those chosen, and of all that these lie within.

    A value with several broader ones stands beneath the first that is here.
    """
    by_id = {value.id: value for value in values}
    listed = [
        value
        for at, value in enumerate(values)
        if at < most or value.selected or value.id == UNKNOWN
    ]
    kept = {id_ for value in listed for id_ in _upwards(value, by_id)}
    beneath: dict[str, list[FacetValue]] = defaultdict(list)
    for value in values:
        if value.id in kept:
            beneath[_broader(value, by_id)].append(value)
    return tuple(_branch(value, beneath) for value in beneath[""])


def parted(branches: Sequence[Branch], most: int) -> tuple[tuple[Branch, ...], tuple[Branch, ...]]:
    """The branches that stand open, those with what is chosen among them, and the others."""
    # One more line is shorter than a button that unfolds it.
    if len(branches) <= most + 1:
        return tuple(branches), ()
    free = max(0, most - sum(branch.chosen for branch in branches))
    rest = [branch for branch in branches if not branch.chosen]
    folded = {branch.value.id for branch in rest[free:]}
    return (
        tuple(branch for branch in branches if branch.value.id not in folded),
        tuple(rest[free:]),
    )


def _broader(value: FacetValue, by_id: Mapping[str, FacetValue]) -> str:
    return next((id_ for id_ in value.broader if id_ in by_id), "")


def _upwards(value: FacetValue, by_id: Mapping[str, FacetValue]) -> list[str]:
    """The value and all that it lies within, as it will stand."""
    found = [value.id]
    while (id_ := _broader(by_id[found[-1]], by_id)) and id_ not in found:
        found.append(id_)
    return found


def _branch(value: FacetValue, beneath: Mapping[str, Sequence[FacetValue]]) -> Branch:
    narrower = tuple(_branch(each, beneath) for each in beneath.get(value.id, ()))
    chosen = bool(value.selected) or any(branch.chosen for branch in narrower)
    return Branch(value, narrower, chosen)
