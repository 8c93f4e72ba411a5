"""The view: all segments of one state of the index side by side, with deletions masked out."""

from bisect import bisect_left
from collections.abc import Iterator
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from biobank.search.query import FACETS
from biobank.search.whoosh_engine.segment import Floats, Ints, Pairs, Segment, Values

Mask = NDArray[np.bool_]


class View:
    """Immutable; made again when the index changes, from segments that mostly stay."""

    def __init__(
        self,
        generation: str,
        segments: list[tuple[Segment, list[int]]],
        values: dict[str, Values],
    ) -> None:
        self.generation = generation
        self.values = values
        self.segments = [segment for segment, _ in segments]
        sizes = [segment.size for segment in self.segments]
        self.offsets = [int(offset) for offset in np.cumsum([0, *sizes])]
        self.size = self.offsets[-1]
        self.live: Mask = np.ones(self.size, np.bool_)
        for (_, deleted), offset in zip(segments, self.offsets, strict=False):
            self.live[[offset + number for number in deleted]] = False
        self.ids = [id_ for segment in self.segments for id_ in segment.ids]
        self.documented = self._join([segment.documented for segment in self.segments], np.int64)
        self.updated = self._join([segment.updated for segment in self.segments], np.float64)
        self.born = self._days("born")
        self.died = self._days("died")
        self.facets = {facet: self._facet(facet) for facet in FACETS}
        self.documents = int(self.live.sum())

    @cached_property
    def name_rank(self) -> Ints:
        """The place of each document in Azerbaijani alphabetical order, ids breaking ties."""
        keys = [key for segment in self.segments for key in segment.sort_keys]
        order = sorted(range(self.size), key=lambda number: (keys[number], self.ids[number]))
        rank = np.empty(self.size, np.int64)
        rank[order] = np.arange(self.size)
        return rank

    @cached_property
    def name_words(self) -> list[str]:
        """Every folded word of a name, each once."""
        return sorted({word for segment in self.segments for word in segment.name_words[0]})

    def counts(self, field: str, term: str) -> Iterator[tuple[int, Segment, Ints, Floats]]:
        """Postings of a term by segment: its offset, the segment, documents in it and counts."""
        for offset, segment in zip(self.offsets, self.segments, strict=False):
            found = segment.postings(field, term)
            if len(found.documents):
                yield offset, segment, found.documents, found.counts

    def with_value(self, facet: str, value: str) -> Mask:
        """Documents that have `value` of `facet`."""
        mask = np.zeros(self.size, np.bool_)
        code = self.values[facet].find(value)
        if code is not None:
            pairs = self.facets[facet]
            mask[pairs.documents[pairs.codes == code]] = True
        return mask

    def count_values(self, facet: str, among: Mask) -> dict[str, int]:
        """How many documents of `among` each value of `facet` has; values of none are left out."""
        pairs = self.facets[facet]
        names = self.values[facet].names
        counts = np.bincount(pairs.codes[among[pairs.documents]], minlength=len(names))
        return {names[code]: int(counts[code]) for code in np.flatnonzero(counts)}

    def with_name_prefix(self, prefix: str) -> Mask:
        """Documents with a name of which a word begins with the folded `prefix`."""
        mask = np.zeros(self.size, np.bool_)
        for offset, segment in zip(self.offsets, self.segments, strict=False):
            words, documents = segment.name_words
            start = bisect_left(words, prefix)
            # U+10FFFF sorts behind every letter that may follow the prefix.
            end = bisect_left(words, prefix + "\U0010ffff")
            mask[documents[start:end] + offset] = True
        return mask

    def _join(self, parts: list[NDArray[Any]], kind: type) -> NDArray[Any]:
        return np.concatenate([np.empty(0, kind), *parts]).astype(kind)

    def _days(self, role: str) -> tuple[Ints, Ints]:
        columns = [getattr(segment, role) for segment in self.segments]
        earliest = self._join([first for first, _ in columns], np.int64)
        latest = self._join([last for _, last in columns], np.int64)
        return earliest, latest

    def _facet(self, facet: str) -> Pairs:
        offsets = zip(self.offsets, self.segments, strict=False)
        parts = [(segment.facets[facet], offset) for offset, segment in offsets]
        return Pairs(
            np.concatenate(
                [np.empty(0, np.int64), *(pairs.documents + offset for pairs, offset in parts)]
            ),
            np.concatenate([np.empty(0, np.int64), *(pairs.codes for pairs, _ in parts)]),
        )
