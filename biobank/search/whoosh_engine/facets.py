"""Facet counting: values of all documents as integer codes, counted without loops."""

from collections.abc import Iterator, Sequence
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from biobank.search.whoosh_engine.postings import Ints

Mask = NDArray[np.bool_]

#: Values are counted by document instead of by value if fewer than one document in so many is
#: selected and there are at least MIN_VALUES_BY_DOCUMENT values.
FEW = 16
MANY_VALUES = 16_384


class Values:
    """Integer codes of the values of one facet, shared by all segments of an engine."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self._codes: dict[str, int] = {}
        self._lock = Lock()

    def codes(self, values: Sequence[str]) -> list[int]:
        """Return the code of each value, assigning codes to new values."""
        with self._lock:
            for value in set(values) - self._codes.keys():
                self._codes[value] = len(self.names)
                self.names.append(value)
        return [self._codes[value] for value in values]

    def find(self, value: str) -> int | None:
        return self._codes.get(value)


class Facet:
    """The values of one facet in all documents of a view, by document and by value."""

    def __init__(self, values: Values, numbers: Ints, codes: Ints) -> None:
        """Store `codes` of all documents in order, with the number of each in `value_counts`."""
        self._names = values.names
        self._find = values.find
        self._codes = codes
        self._starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(numbers)])
        by_value = np.argsort(_small(codes), kind="stable")
        self._documents = np.repeat(np.arange(len(numbers)), numbers)[by_value]
        # Codes that occur, and where the documents of each start.
        in_order = codes[by_value]
        self._begins = np.flatnonzero(np.diff(in_order, prepend=-1))
        self._present = in_order[self._begins]
        self._place = {int(code): place for place, code in enumerate(self._present)}

    def having(self, value: str) -> Ints:
        """Return the documents that have `value`."""
        code = self._find(value)
        place = None if code is None else self._place.get(code)
        if place is None:
            return self._documents[:0]
        end = self._begins[place + 1] if place + 1 < len(self._begins) else None
        return self._documents[self._begins[place] : end]

    def among(self, mask: Mask) -> Iterator[tuple[str, Ints]]:
        """Yield each value of documents in `mask` with those documents."""
        ends = [*self._begins[1:], len(self._documents)]
        for begin, end, code in zip(self._begins, ends, self._present, strict=True):
            documents = self._documents[begin:end]
            if len(documents := documents[mask[documents]]):
                yield self._names[code], documents

    def counts(self, among: Mask, numbers: Ints) -> dict[str, int]:
        """Return the count by value among the documents `numbers`, which `mask` selects."""
        if len(numbers) * FEW < len(among) and len(self._codes) > MANY_VALUES:
            counts = np.bincount(self._codes_of(numbers), minlength=1)
            present = np.flatnonzero(counts)
            return dict(zip(self._labels(present), counts[present].tolist(), strict=True))
        if not len(self._begins):
            return {}
        sums = np.add.reduceat(among[self._documents], self._begins, dtype=np.int64)
        found = np.flatnonzero(sums)
        return dict(zip(self._labels(self._present[found]), sums[found].tolist(), strict=True))

    def _codes_of(self, documents: Ints) -> Ints:
        """Return the codes of `documents`, concatenated."""
        starts = self._starts[documents]
        numbers = self._starts[documents + 1] - starts
        before = np.cumsum(numbers) - numbers
        places = np.repeat(starts - before, numbers) + np.arange(int(numbers.sum()))
        return self._codes[places]

    def _labels(self, codes: Ints) -> list[str]:
        return [self._names[code] for code in codes]


def _small(codes: Ints) -> NDArray[np.integer]:
    """Return two-byte codes if they fit, which numpy sorts by radix, several times faster."""
    return codes.astype(np.uint16) if len(codes) and codes.max() < 2**16 else codes
