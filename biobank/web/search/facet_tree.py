"""Facet values as trees: narrower values below broader ones."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from biobank.search.query import UNKNOWN
from biobank.search.response import FacetValue


@dataclass(frozen=True)
class FacetBranch:
    """A value and its narrower ones. `chosen`: whether it or any of them is selected."""

    value: FacetValue
    narrower: tuple["FacetBranch", ...]
    chosen: bool

    @property
    def size(self) -> int:
        """Return the number of values in the branch, including its own."""
        return 1 + sum(branch.size for branch in self.narrower)


def build_tree(values: Sequence[FacetValue], max_values: int) -> tuple[FacetBranch, ...]:
    """Return trees of the first `max_values` values, the selected ones, and their ancestors.

    A value with several broader ones is placed below the first that is present.
    """
    by_id = {value.id: value for value in values}
    listed = [
        value
        for index, value in enumerate(values)
        if index < max_values or value.selected or value.id == UNKNOWN
    ]
    kept_ids = {id_ for value in listed for id_ in _ancestors(value, by_id)}
    children: dict[str, list[FacetValue]] = defaultdict(list)
    for value in values:
        if value.id in kept_ids:
            children[_present_parent(value, by_id)].append(value)
    return tuple(_build_branch(value, children) for value in children[""])


def split_branches(
    branches: Sequence[FacetBranch], max_open: int
) -> tuple[tuple[FacetBranch, ...], tuple[FacetBranch, ...]]:
    """Return the branches shown open, which include the selected ones, and the folded ones."""
    # One more line takes less space than the button that unfolds it.
    if len(branches) <= max_open + 1:
        return tuple(branches), ()
    free_slots = max(0, max_open - sum(branch.chosen for branch in branches))
    unchosen = [branch for branch in branches if not branch.chosen]
    folded_ids = {branch.value.id for branch in unchosen[free_slots:]}
    return (
        tuple(branch for branch in branches if branch.value.id not in folded_ids),
        tuple(unchosen[free_slots:]),
    )


def _present_parent(value: FacetValue, by_id: Mapping[str, FacetValue]) -> str:
    return next((id_ for id_ in value.broader if id_ in by_id), "")


def _ancestors(value: FacetValue, by_id: Mapping[str, FacetValue]) -> list[str]:
    """Return the value and its ancestors in the tree."""
    path = [value.id]
    while (id_ := _present_parent(by_id[path[-1]], by_id)) and id_ not in path:
        path.append(id_)
    return path


def _build_branch(value: FacetValue, children: Mapping[str, Sequence[FacetValue]]) -> FacetBranch:
    narrower = tuple(_build_branch(child, children) for child in children.get(value.id, ()))
    chosen = bool(value.selected) or any(branch.chosen for branch in narrower)
    return FacetBranch(value, narrower, chosen)
