"""One immutable segment of the index as arrays: its columns, and postings decoded once."""

import json
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import Any
from weakref import finalize

import numpy as np
from numpy.typing import NDArray
from whoosh.reading import SegmentReader

from biobank.names.folding import fold_word, tokens
from biobank.search.query import FACETS
from biobank.search.whoosh_engine.fields import COLUMNS

#: Postings kept decoded in a segment; the most used of a bank of 100,000 take some 50 MB.
POSTINGS_KEPT = 2_000

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]

#: Days that stand for an end that is open or not known; beyond any date that can be written.
EARLIEST = -(2**40)
LATEST = 2**40


class Values:
    """Values of one facet as codes, the same for every segment of an engine."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self._codes: dict[str, int] = {}
        self._lock = Lock()

    def code(self, value: str) -> int:
        with self._lock:
            if value not in self._codes:
                self._codes[value] = len(self.names)
                self.names.append(value)
            return self._codes[value]

    def find(self, value: str) -> int | None:
        return self._codes.get(value)


@dataclass(frozen=True)
class Postings:
    """Documents of a term in ascending order, and how often it stands in each."""

    documents: Ints
    counts: Floats


@dataclass(frozen=True)
class Pairs:
    """A column of many values a document: value `codes[i]` belongs to document `documents[i]`."""

    documents: Ints
    codes: Ints


NONE = Postings(np.empty(0, np.int64), np.empty(0, np.float32))


class Segment:
    """Columns of every document of a segment, deleted ones too: deletions are the view's matter."""

    def __init__(self, reader: SegmentReader, values: dict[str, Values]) -> None:
        self._reader = reader
        # A search in another thread may still hold this segment after the index moved on, so its
        # files are closed when the last one lets go of it.
        finalize(self, reader.close)
        # Whoosh's readers seek in shared files, so decoding is one thread at a time.
        self._lock = Lock()
        self._postings: OrderedDict[tuple[str, str], Postings] = OrderedDict()
        self._lengths: dict[str, Floats] = {}
        self.size: int = reader.doc_count_all()
        rows = [json.loads(reader.stored_fields(number)[COLUMNS]) for number in range(self.size)]
        self.ids: list[str] = [row["id"] for row in rows]
        self.sort_keys: list[str] = [row["sort_key"] for row in rows]
        self.documented = np.array([row["documented"] for row in rows], np.int64)
        self.updated = np.array([row["updated"] for row in rows], np.float64)
        self.born = _days(rows, "born")
        self.died = _days(rows, "died")
        self.facets = {facet: _pairs(rows, facet, values[facet]) for facet in FACETS}
        self.name_words = _name_words(rows)

    def postings(self, field: str, term: str) -> Postings:
        """Where `term` stands in `field`; decoded from the index the first time it is asked for."""
        key = (field, term)
        with self._lock:
            if key in self._postings:
                self._postings.move_to_end(key)
                return self._postings[key]
            found = self._decode(field, term)
            self._postings[key] = found
            if len(self._postings) > POSTINGS_KEPT:
                self._postings.popitem(last=False)
            return found

    def lengths(self, field: str) -> Floats:
        """How many terms `field` has in each document."""
        with self._lock:
            if field not in self._lengths:
                numbers = range(self.size)
                length = self._reader.doc_field_length
                self._lengths[field] = np.array([length(n, field) for n in numbers], np.float32)
            return self._lengths[field]

    def _decode(self, field: str, term: str) -> Postings:
        if (field, term) not in self._reader:
            return NONE
        matcher = self._reader.postings(field, term)
        documents: list[int] = []
        counts: list[float] = []
        while matcher.is_active():
            documents.append(matcher.id())
            counts.append(matcher.weight())
            matcher.next()
        return Postings(np.array(documents, np.int64), np.array(counts, np.float32))


def _days(rows: list[dict[str, Any]], role: str) -> tuple[Ints, Ints]:
    """Earliest and latest day of each; where nothing is known, earliest is after latest."""
    earliest = np.full(len(rows), LATEST, np.int64)
    latest = np.full(len(rows), EARLIEST, np.int64)
    for number, row in enumerate(rows):
        first, last = row[role]
        if first is not None or last is not None:
            earliest[number] = EARLIEST if first is None else first
            latest[number] = LATEST if last is None else last
    return earliest, latest


def _pairs(rows: list[dict[str, Any]], facet: str, values: Values) -> Pairs:
    found = [
        (number, values.code(value))
        for number, row in enumerate(rows)
        for value in row["facets"][facet]
    ]
    array = np.array(found, np.int64).reshape(-1, 2)
    return Pairs(array[:, 0].copy(), array[:, 1].copy())


def _name_words(rows: list[dict[str, Any]]) -> tuple[list[str], Ints]:
    """Every folded word of a name in ascending order, and the document it belongs to."""
    found = sorted(
        {
            (fold_word(word.text), number)
            for number, row in enumerate(rows)
            for name in row["names"]
            for word in tokens(name)
        }
    )
    return [word for word, _ in found], np.array([number for _, number in found], np.int64)
