"""An immutable index segment as arrays: stored columns, and postings decoded once."""

import weakref
from collections.abc import Callable, Sequence
from itertools import chain, count
from operator import neg
from threading import Lock
from typing import Any, TypeVar

import numpy as np
from whoosh.filedb.filestore import FileStorage

from biobank.search.query import INDEXED
from biobank.search.whoosh_engine.facets import Values
from biobank.search.whoosh_engine.fields import COLUMNS, SATURATED, Days
from biobank.search.whoosh_engine.kept import Kept
from biobank.search.whoosh_engine.postings import (
    Floats,
    Ints,
    Positions,
    Postings,
    read_lengths,
    read_positions,
    read_postings,
    read_terms,
)

#: Maximum number of cached postings of a segment; some 50 MB.
POSTINGS_KEPT = 4_000_000
#: Maximum number of cached positions of a segment.
POSITIONS_KEPT = 4_000_000
#: Maximum number of cached terms by first letter; some 100 MB.
WORDS_KEPT = 1_000_000

#: Exceeds all documents of a segment, so that serial and document fit in one number.
PLACES = 2**32
_serials = count()

#: Days for an open or unknown end, beyond any valid date.
EARLIEST = -(2**40)
LATEST = 2**40

T = TypeVar("T", Postings, Positions, tuple[str, ...])


class Segment:
    """Columns of all documents of a segment, including deleted ones, which views mask out.

    Everything but postings is read on creation: a later commit may merge the segment away and
    delete its files while a search still uses it.
    """

    def __init__(self, storage: FileStorage, stored: Any, values: dict[str, Values]) -> None:
        """Read a segment; `stored` is Whoosh's description of it."""
        # Whoosh's readers seek in shared files, so only one thread may decode at a time.
        self._lock = Lock()
        self._postings: Kept[Postings] = Kept(POSTINGS_KEPT)
        self._positions: Kept[Positions] = Kept(POSITIONS_KEPT)
        self._words: Kept[tuple[str, ...]] = Kept(WORDS_KEPT)
        self.size: int = stored.doc_count_all()
        documents = stored.codec().per_document_reader(storage, stored)
        try:
            self.lengths: dict[str, Floats] = {
                field: read_lengths(documents, field, self.size) for field in SATURATED
            }
            rows = [documents.stored_fields(number)[COLUMNS] for number in range(self.size)]
        finally:
            documents.close()
        self._terms = stored.codec().terms_reader(storage, stored)
        weakref.finalize(self, self._terms.close)
        self.ids, keys, documented, updated, born, died, lived, checked, values_of, names = zip(
            *rows, strict=True
        )
        self.documented = np.array(documented, np.int64)
        self.updated = np.array(updated, np.float64)
        self.born = _days(born)
        self.died = _days(died)
        self.lived = _days(lived)
        self.checked = _days(checked)
        self.facets = {
            facet: _codes(found, values[facet])
            for facet, found in zip(INDEXED, zip(*values_of, strict=True), strict=True)
        }
        self.serial = next(_serials)
        places = range(self.serial * PLACES, self.serial * PLACES + self.size)
        #: Sort entries by name; the last item encodes segment and document.
        self.by_name = sorted(zip(keys, map(neg, documented), self.ids, places, strict=True))
        self.names: tuple[tuple[str, ...], ...] = names

    def postings(self, field: str, term: str) -> Postings:
        """Return the postings of `term` in `field`; decoded on first use."""
        return self._once(
            self._postings, (field, term), lambda: read_postings(self._terms, field, term)
        )

    def positions(self, field: str, term: str) -> Positions:
        """Return the positions of `term` in `field`."""
        return self._once(
            self._positions, (field, term), lambda: read_positions(self._terms, field, term)
        )

    def terms(self, field: str, prefix: str, most: int) -> list[str]:
        """Return the first terms of `field` that start with `prefix`, in order."""
        with self._lock:
            return read_terms(self._terms, field, prefix, most)

    def words(self, field: str, prefix: str) -> tuple[str, ...]:
        """Return all terms of `field` that start with `prefix`; read on first use."""
        return self._once(
            self._words, (field, prefix), lambda: tuple(read_terms(self._terms, field, prefix))
        )

    def _once(self, kept: "Kept[T]", key: tuple[str, str], read: Callable[[], T]) -> T:
        with self._lock:
            found = kept.find(key)
            if found is None:
                found = read()
                kept.keep(key, found)
            return found


def _days(spans: Sequence[Days]) -> tuple[Ints, Ints]:
    """Return earliest and latest day of each document; unknown has earliest after latest."""
    earliest = np.full(len(spans), LATEST, np.int64)
    latest = np.full(len(spans), EARLIEST, np.int64)
    for number, (first, last) in enumerate(spans):
        if first is not None or last is not None:
            earliest[number] = EARLIEST if first is None else first
            latest[number] = LATEST if last is None else last
    return earliest, latest


def _codes(found: Sequence[Sequence[str]], values: Values) -> tuple[Ints, Ints]:
    """Return the number of values of each document, and the codes of all in order."""
    codes = values.codes(list(chain.from_iterable(found)))
    return np.array([len(own) for own in found], np.int64), np.array(codes, np.int64)
