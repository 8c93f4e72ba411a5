"""The view: all segments of one state of the index combined, with deletions masked out."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain
from operator import itemgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from biobank.search.query import INDEXED
from biobank.search.whoosh_engine.facets import Facet, Mask, Values
from biobank.search.whoosh_engine.fields import SATURATED
from biobank.search.whoosh_engine.postings import Floats, Ints
from biobank.search.whoosh_engine.segment import PLACES, Segment


class View:
    """An immutable view, rebuilt when the index changes, mostly from existing segments."""

    def __init__(
        self,
        generation: str,
        segments: list[tuple[Segment, Sequence[int]]],
        values: dict[str, Values],
    ) -> None:
        """Combine `segments`, each with the numbers of its deleted documents."""
        self.generation = generation
        self.segments = [segment for segment, _ in segments]
        sizes = [segment.size for segment in self.segments]
        self.offsets = [int(offset) for offset in np.cumsum([0, *sizes])]
        self.size = self.offsets[-1]
        self.live: Mask = np.ones(self.size, np.bool_)
        for (_, deleted), offset in zip(segments, self.offsets, strict=False):
            self.live[[offset + number for number in deleted]] = False
        self.documents = int(self.live.sum())
        self.ids = list(chain.from_iterable(segment.ids for segment in self.segments))
        self.documented = _join([segment.documented for segment in self.segments], np.int64)
        self.updated = _join([segment.updated for segment in self.segments], np.float64)
        self.born = self._days("born")
        self.died = self._days("died")
        self.lived = self._days("lived")
        self.checked = self._days("checked")
        self.lengths: dict[str, Floats] = {
            field: _join([segment.lengths[field] for segment in self.segments], np.float32)
            for field in SATURATED
        }
        self.mean_lengths = {field: self._mean_length(field) for field in SATURATED}
        self.facets = {facet: self._facet(facet, values[facet]) for facet in INDEXED}
        self.name_rank = self._name_rank()
        #: Computed orders by name (see `ordering`).
        self.orders: dict[str, Ints] = {}

    @cached_property
    def numbers(self) -> Mapping[str, int]:
        """Return the document number of each person who is not deleted."""
        return {self.ids[number]: number for number in np.flatnonzero(self.live).tolist()}

    def live_in(self) -> dict[Segment, Mask]:
        """Return the mask of documents that are not deleted, by segment."""
        return {
            segment: self.live[offset : offset + segment.size]
            for segment, offset in zip(self.segments, self.offsets, strict=False)
        }

    def postings(self, field: str, term: str) -> Iterator[tuple[Ints, Floats]]:
        """Yield documents with `term` in `field` and term frequencies, segment by segment."""
        for offset, segment in zip(self.offsets, self.segments, strict=False):
            found = segment.postings(field, term)
            if len(found.documents):
                yield found.documents + offset if offset else found.documents, found.counts

    def positions(self, field: str, term: str) -> tuple[Ints, Ints]:
        """Return documents and positions of `term` in `field`, in ascending order."""
        found = [
            (segment.positions(field, term), offset)
            for offset, segment in zip(self.offsets, self.segments, strict=False)
        ]
        documents = [places.documents + offset for places, offset in found if len(places)]
        return _join(documents, np.int64), _join([it.places for it, _ in found], np.int64)

    def terms(self, field: str, prefix: str, most: int) -> list[str]:
        """Return the first `limit` terms of `field` that start with `prefix` over all segments."""
        found = {term for part in self.segments for term in part.terms(field, prefix, most)}
        return sorted(found)[:most]

    def words(self, field: str, prefix: str) -> Iterator[str]:
        """Yield every term of `field` that starts with `prefix`, possibly with repetitions."""
        for segment in self.segments:
            yield from segment.words(field, prefix)

    def with_value(self, facet: str, value: str) -> Mask:
        """Return the mask of documents that have `value` in `facet`."""
        mask = np.zeros(self.size, np.bool_)
        mask[self.facets[facet].having(value)] = True
        return mask

    def _name_rank(self) -> Ints:
        """Return the rank of each document in Azerbaijani alphabetical order.

        Namesakes are ordered by documentation score; remaining ties by id.
        """
        # Each segment is sorted already, and Python's sort merges sorted runs efficiently.
        entries = list(chain.from_iterable(segment.by_name for segment in self.segments))
        entries.sort()
        places = np.fromiter(map(itemgetter(3), entries), np.int64, self.size)
        offsets = {s.serial: offset for s, offset in zip(self.segments, self.offsets, strict=False)}
        serials = places // PLACES
        numbers = places % PLACES
        for serial, offset in offsets.items():
            numbers[serials == serial] += offset
        rank = np.empty(self.size, np.int64)
        rank[numbers] = np.arange(self.size)
        return rank

    def _mean_length(self, field: str) -> float:
        """Return the mean length over the live documents that have the field."""
        lengths = self.lengths[field][self.live]
        lengths = lengths[lengths > 0]
        return float(lengths.mean(dtype=np.float64)) if len(lengths) else 1.0

    def _days(self, role: str) -> tuple[Ints, Ints]:
        columns = [getattr(segment, role) for segment in self.segments]
        earliest = _join([first for first, _ in columns], np.int64)
        latest = _join([last for _, last in columns], np.int64)
        return earliest, latest

    def _facet(self, facet: str, values: Values) -> Facet:
        columns = [segment.facets[facet] for segment in self.segments]
        numbers = _join([numbers for numbers, _ in columns], np.int64)
        return Facet(values, numbers, _join([codes for _, codes in columns], np.int64))


def _join(parts: list[NDArray[Any]], kind: type) -> NDArray[Any]:
    return np.concatenate([np.empty(0, kind), *parts]).astype(kind, copy=False)
