"""Names of the people in a view, and the changes from an earlier view."""

from collections.abc import Iterator

import numpy as np

from biobank.names.index import PersonNames
from biobank.search.engine import NameChanges
from biobank.search.whoosh_engine.facets import Mask
from biobank.search.whoosh_engine.segment import Segment
from biobank.search.whoosh_engine.view import IndexView


def name_changes(before: IndexView | None, after: IndexView) -> NameChanges:
    """Return the changes between two views; all names if the views are not comparable."""
    if before is after:
        return NameChanges(after, (), (), is_complete=False)
    if before is None or before.generation != after.generation:
        return NameChanges(after, _all_people(after), (), is_complete=True)
    old_masks, new_masks = before.live_masks(), after.live_masks()
    # Deletions are never undone, so new documents are in new segments.
    added = [
        person
        for segment in new_masks.keys() - old_masks.keys()
        for person in _segment_people(segment, new_masks[segment])
    ]
    removed = {
        id_
        for segment, old_mask in old_masks.items()
        for id_ in _segment_ids(
            segment, old_mask & ~new_masks.get(segment, np.zeros_like(old_mask))
        )
    }
    return NameChanges(
        after, added, sorted(removed - {id_ for id_, _, _ in added}), is_complete=False
    )


def _all_people(view: IndexView) -> Iterator[PersonNames]:
    for segment, mask in view.live_masks().items():
        yield from _segment_people(segment, mask)


def _segment_people(segment: Segment, mask: Mask) -> Iterator[PersonNames]:
    for number in np.flatnonzero(mask).tolist():
        yield segment.ids[number], segment.names[number], int(segment.documented[number])


def _segment_ids(segment: Segment, mask: Mask) -> Iterator[str]:
    return (segment.ids[number] for number in np.flatnonzero(mask).tolist())
