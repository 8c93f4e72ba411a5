"""The view: all segments of one state of the index combined, with deletions masked out."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain
from operator import itemgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from biobank.names.index import PersonNames
from biobank.search.engine import NameChanges
from biobank.search.query import INDEXED_FIELDS
from biobank.search.whoosh_engine.facets import FacetColumn, Mask, ValueCodes
from biobank.search.whoosh_engine.fields import LENGTH_NORMALIZED_FIELDS
from biobank.search.whoosh_engine.postings import Floats, Ints
from biobank.search.whoosh_engine.segment import DOCUMENT_STRIDE, Segment


class IndexView:
    """An immutable view, rebuilt when the index changes, mostly from existing segments."""

    def __init__(
        self,
        generation: str,
        segments: list[tuple[Segment, Sequence[int]]],
        value_codes: dict[str, ValueCodes],
    ) -> None:
        """Combine `segments`, each with the numbers of its deleted documents."""
        self.generation = generation
        self.segments = [segment for segment, _ in segments]
        sizes = [segment.size for segment in self.segments]
        self.offsets = [int(offset) for offset in np.cumsum([0, *sizes])]
        self.size = self.offsets[-1]
        self.live_mask: Mask = np.ones(self.size, np.bool_)
        for (_, deleted), offset in zip(segments, self.offsets, strict=False):
            self.live_mask[[offset + number for number in deleted]] = False
        self.documents = int(self.live_mask.sum())
        self.ids = list(chain.from_iterable(segment.ids for segment in self.segments))
        self.documented = _concatenate([segment.documented for segment in self.segments], np.int64)
        self.updated = _concatenate([segment.updated for segment in self.segments], np.float64)
        self.born = self._day_ranges("born")
        self.died = self._day_ranges("died")
        self.lived = self._day_ranges("lived")
        self.checked = self._day_ranges("checked")
        self.alive = self._day_ranges("alive")
        self.certainly_alive = self._day_ranges("certainly_alive")
        self.lengths: dict[str, Floats] = {
            field: _concatenate([segment.lengths[field] for segment in self.segments], np.float32)
            for field in LENGTH_NORMALIZED_FIELDS
        }
        self.mean_lengths = {field: self._mean_length(field) for field in LENGTH_NORMALIZED_FIELDS}
        self.facets = {facet: self._build_facet(facet, value_codes[facet]) for facet in INDEXED_FIELDS}
        self._name_ranks: dict[str, Ints] = {}
        #: Computed orders by name and language (see `ordering`).
        self.orders: dict[tuple[str, str], Ints] = {}

    @cached_property
    def document_numbers(self) -> Mapping[str, int]:
        """Return the document number of each person who is not deleted."""
        return {self.ids[number]: number for number in np.flatnonzero(self.live_mask).tolist()}

    def live_masks(self) -> dict[Segment, Mask]:
        """Return the mask of documents that are not deleted, by segment."""
        return {
            segment: self.live_mask[offset : offset + segment.size]
            for segment, offset in zip(self.segments, self.offsets, strict=False)
        }

    def postings(self, field: str, term: str) -> Iterator[tuple[Ints, Floats]]:
        """Yield documents with `term` in `field` and term frequencies, segment by segment."""
        for offset, segment in zip(self.offsets, self.segments, strict=False):
            segment_postings = segment.postings(field, term)
            if len(segment_postings.documents):
                yield (
                    segment_postings.documents + offset if offset else segment_postings.documents,
                    segment_postings.counts,
                )

    def positions(self, field: str, term: str) -> tuple[Ints, Ints]:
        """Return documents and positions of `term` in `field`, in ascending order."""
        segment_positions = [
            (segment.positions(field, term), offset)
            for offset, segment in zip(self.offsets, self.segments, strict=False)
        ]
        documents = [
            occurrences.documents + offset for occurrences, offset in segment_positions if len(occurrences)
        ]
        return _concatenate(documents, np.int64), _concatenate(
            [entry.positions for entry, _ in segment_positions], np.int64
        )

    def terms(self, field: str, prefix: str, limit: int) -> list[str]:
        """Return the first `limit` terms of `field` that start with `prefix` over all segments."""
        matching = {term for segment in self.segments for term in segment.terms(field, prefix, limit)}
        return sorted(matching)[:limit]

    def words(self, field: str, prefix: str) -> Iterator[str]:
        """Yield every term of `field` that starts with `prefix`, possibly with repetitions."""
        for segment in self.segments:
            yield from segment.words(field, prefix)

    def mask_with(self, facet: str, value: str) -> Mask:
        """Return the mask of documents that have `value` in `facet`."""
        mask = np.zeros(self.size, np.bool_)
        mask[self.facets[facet].documents_with(value)] = True
        return mask

    def name_rank(self, lang: str) -> Ints:
        """Return the rank of each document in the alphabetical order of a language.

        Namesakes are ordered by documentation score; remaining ties by id. Computed on first use;
        two threads may do so at once, with the same result.
        """
        if lang not in self._name_ranks:
            self._name_ranks[lang] = self._rank_names(lang)
        return self._name_ranks[lang]

    def _rank_names(self, lang: str) -> Ints:
        # Each segment is sorted already, and Python's sort merges sorted runs efficiently.
        entries = list(chain.from_iterable(segment.names_in_order(lang) for segment in self.segments))
        entries.sort()
        sort_positions = np.fromiter(map(itemgetter(3), entries), np.int64, self.size)
        offsets = {s.serial: offset for s, offset in zip(self.segments, self.offsets, strict=False)}
        serials = sort_positions // DOCUMENT_STRIDE
        numbers = sort_positions % DOCUMENT_STRIDE
        for serial, offset in offsets.items():
            numbers[serials == serial] += offset
        rank = np.empty(self.size, np.int64)
        rank[numbers] = np.arange(self.size)
        return rank

    def _mean_length(self, field: str) -> float:
        """Return the mean length over the live documents that have the field."""
        lengths = self.lengths[field][self.live_mask]
        lengths = lengths[lengths > 0]
        return float(lengths.mean(dtype=np.float64)) if len(lengths) else 1.0

    def _day_ranges(self, role: str) -> tuple[Ints, Ints]:
        columns = [segment.day_ranges[role] for segment in self.segments]
        earliest = _concatenate([first for first, _ in columns], np.int64)
        latest = _concatenate([last for _, last in columns], np.int64)
        return earliest, latest

    def _build_facet(self, facet: str, value_codes: ValueCodes) -> FacetColumn:
        columns = [segment.facets[facet] for segment in self.segments]
        value_counts = _concatenate([value_counts for value_counts, _ in columns], np.int64)
        return FacetColumn(value_codes, value_counts, _concatenate([codes for _, codes in columns], np.int64))


def _concatenate(parts: list[NDArray[Any]], dtype: type) -> NDArray[Any]:
    return np.concatenate([np.empty(0, dtype), *parts]).astype(dtype, copy=False)


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
        for id_ in _segment_ids(segment, old_mask & ~new_masks.get(segment, np.zeros_like(old_mask)))
    }
    return NameChanges(after, added, sorted(removed - {id_ for id_, _, _ in added}), is_complete=False)


def _all_people(view: IndexView) -> Iterator[PersonNames]:
    for segment, mask in view.live_masks().items():
        yield from _segment_people(segment, mask)


def _segment_people(segment: Segment, mask: Mask) -> Iterator[PersonNames]:
    for number in np.flatnonzero(mask).tolist():
        yield segment.ids[number], segment.names[number], int(segment.documented[number])


def _segment_ids(segment: Segment, mask: Mask) -> Iterator[str]:
    return (segment.ids[number] for number in np.flatnonzero(mask).tolist())
