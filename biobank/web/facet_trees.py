"""Facet values as trees: narrower values below broader ones."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from biobank.search.answer import FacetValue
from biobank.search.query import UNKNOWN


@dataclass(frozen=True)
class Branch:
    """A value and its narrower ones. `chosen`: whether it or any of them is selected."""

    value: FacetValue
    narrower: tuple["Branch", ...]
    chosen: bool

    @property
    def size(self) -> int:
        """Return the number of values in the branch, including its own."""
        return 1 + sum(branch.size for branch in self.narrower)


def grown(values: Sequence[FacetValue], most: int) -> tuple[Branch, ...]:
    """Return trees of the first `max_values` values, the selected ones, and their ancestors.

    A value with several broader ones is placed below the first that is present.
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
    """Return the branches shown open, which include the selected ones, and the folded ones."""
    # One more line takes less space than the button that unfolds it.
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
    """Return the value and its ancestors in the tree."""
    found = [value.id]
    while (id_ := _broader(by_id[found[-1]], by_id)) and id_ not in found:
        found.append(id_)
    return found


def _branch(value: FacetValue, beneath: Mapping[str, Sequence[FacetValue]]) -> Branch:
    narrower = tuple(_branch(each, beneath) for each in beneath.get(value.id, ()))
    chosen = bool(value.selected) or any(branch.chosen for branch in narrower)
    return Branch(value, narrower, chosen)
