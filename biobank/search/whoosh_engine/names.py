"""Names of the people in a view, and the changes from an earlier view."""

from collections.abc import Iterator

import numpy as np

from biobank.names.index import Person
from biobank.search.port import NameChanges
from biobank.search.whoosh_engine.facets import Mask
from biobank.search.whoosh_engine.segment import Segment
from biobank.search.whoosh_engine.view import View


def changes(before: View | None, after: View) -> NameChanges:
    """Return the changes between two views; all names if the views are not comparable."""
    if before is after:
        return NameChanges(after, (), (), everybody=False)
    if before is None or before.generation != after.generation:
        return NameChanges(after, _everybody(after), (), everybody=True)
    was, now = before.live_in(), after.live_in()
    # Deletions are never undone, so new documents are in new segments.
    added = [
        person for segment in now.keys() - was.keys() for person in _people(segment, now[segment])
    ]
    gone = {
        id_
        for segment, live in was.items()
        for id_ in _ids(segment, live & ~now.get(segment, np.zeros_like(live)))
    }
    return NameChanges(after, added, sorted(gone - {id_ for id_, _, _ in added}), everybody=False)


def _everybody(view: View) -> Iterator[Person]:
    for segment, live in view.live_in().items():
        yield from _people(segment, live)


def _people(segment: Segment, live: Mask) -> Iterator[Person]:
    for number in np.flatnonzero(live).tolist():
        yield segment.ids[number], segment.names[number], int(segment.documented[number])


def _ids(segment: Segment, live: Mask) -> Iterator[str]:
    return (segment.ids[number] for number in np.flatnonzero(live).tolist())
