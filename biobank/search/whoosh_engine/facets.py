"""Facet counting: values of all documents as integer codes, counted without loops."""

from collections.abc import Iterator, Sequence
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from biobank.search.whoosh_engine.postings import Ints

Mask = NDArray[np.bool_]

#: Values are counted by document instead of by value if fewer than one document in so many is
#: selected and there are at least MIN_VALUES_BY_DOCUMENT values.
SPARSE_RATIO = 16
MIN_VALUES_BY_DOCUMENT = 16_384


class ValueCodes:
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


class FacetColumn:
    """The values of one facet in all documents of a view, by document and by value."""

    def __init__(self, values: ValueCodes, value_counts: Ints, codes: Ints) -> None:
        """Store `codes` of all documents in order, with the number of each in `value_counts`."""
        self._names = values.names
        self._find = values.find
        self._codes = codes
        self._starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(value_counts)])
        by_value = np.argsort(_narrow(codes), kind="stable")
        self._documents = np.repeat(np.arange(len(value_counts)), value_counts)[by_value]
        # Codes that occur, and where the documents of each start.
        sorted_codes = codes[by_value]
        self._begins = np.flatnonzero(np.diff(sorted_codes, prepend=-1))
        self._present = sorted_codes[self._begins]
        self._positions = {int(code): place for place, code in enumerate(self._present)}

    def documents_with(self, value: str) -> Ints:
        """Return the documents that have `value`."""
        code = self._find(value)
        position = None if code is None else self._positions.get(code)
        if position is None:
            return self._documents[:0]
        end = self._begins[position + 1] if position + 1 < len(self._begins) else None
        return self._documents[self._begins[position] : end]

    def documents_by_value(self, mask: Mask) -> Iterator[tuple[str, Ints]]:
        """Yield each value of documents in `mask` with those documents."""
        ends = [*self._begins[1:], len(self._documents)]
        for begin, end, code in zip(self._begins, ends, self._present, strict=True):
            documents = self._documents[begin:end]
            if len(documents := documents[mask[documents]]):
                yield self._names[code], documents

    def counts(self, mask: Mask, numbers: Ints) -> dict[str, int]:
        """Return the count by value among the documents `numbers`, which `mask` selects."""
        if len(numbers) * SPARSE_RATIO < len(mask) and len(self._codes) > MIN_VALUES_BY_DOCUMENT:
            counts = np.bincount(self._codes_of(numbers), minlength=1)
            present = np.flatnonzero(counts)
            return dict(zip(self._labels(present), counts[present].tolist(), strict=True))
        if not len(self._begins):
            return {}
        sums = np.add.reduceat(mask[self._documents], self._begins, dtype=np.int64)
        nonzero = np.flatnonzero(sums)
        return dict(zip(self._labels(self._present[nonzero]), sums[nonzero].tolist(), strict=True))

    def _codes_of(self, documents: Ints) -> Ints:
        """Return the codes of `documents`, concatenated."""
        starts = self._starts[documents]
        value_counts = self._starts[documents + 1] - starts
        before = np.cumsum(value_counts) - value_counts
        positions = np.repeat(starts - before, value_counts) + np.arange(int(value_counts.sum()))
        return self._codes[positions]

    def _labels(self, codes: Ints) -> list[str]:
        return [self._names[code] for code in codes]


def _narrow(codes: Ints) -> NDArray[np.integer]:
    """Return two-byte codes if they fit, which numpy sorts by radix, several times faster."""
    return codes.astype(np.uint16) if len(codes) and codes.max() < 2**16 else codes
