"""One immutable segment of the index as arrays: its columns, and postings decoded once."""

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

#: Postings kept decoded in a segment, those of the terms that were asked for last: some 50 MB.
POSTINGS_KEPT = 4_000_000
#: The same of positions.
POSITIONS_KEPT = 4_000_000
#: Terms kept by their first letters: some 100 MB.
WORDS_KEPT = 1_000_000

#: More than a segment has documents: serial number and document make one number.
PLACES = 2**32
_serials = count()

#: Days that stand for an end that is open or not known; beyond any date that can be written.
EARLIEST = -(2**40)
LATEST = 2**40

T = TypeVar("T", Postings, Positions, tuple[str, ...])


class Segment:
    """Columns of every document of a segment, deleted ones too: deletions are the view's matter.

    All but postings is read when it is made: a later commit may merge the segment away and remove
    its files, while a search still goes on with it.
    """

    def __init__(self, storage: FileStorage, stored: Any, values: dict[str, Values]) -> None:
        """`stored` is Whoosh's own description of the segment."""
        # Whoosh's readers seek in shared files, so decoding is one thread at a time.
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
        #: In the order of names; the last part tells the segment and the document in it.
        self.by_name = sorted(zip(keys, map(neg, documented), self.ids, places, strict=True))
        self.names: tuple[tuple[str, ...], ...] = names

    def postings(self, field: str, term: str) -> Postings:
        """Where `term` stands in `field`; decoded from the index the first time it is asked for."""
        return self._once(
            self._postings, (field, term), lambda: read_postings(self._terms, field, term)
        )

    def positions(self, field: str, term: str) -> Positions:
        """At which positions of its documents `term` stands in `field`."""
        return self._once(
            self._positions, (field, term), lambda: read_positions(self._terms, field, term)
        )

    def terms(self, field: str, prefix: str, most: int) -> list[str]:
        """The first terms of `field` that begin with `prefix`, in their order."""
        with self._lock:
            return read_terms(self._terms, field, prefix, most)

    def words(self, field: str, prefix: str) -> tuple[str, ...]:
        """All terms of `field` that begin with `prefix`; read the first time they are asked for."""
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
    """Earliest and latest day of each; where nothing is known, earliest is after latest."""
    earliest = np.full(len(spans), LATEST, np.int64)
    latest = np.full(len(spans), EARLIEST, np.int64)
    for number, (first, last) in enumerate(spans):
        if first is not None or last is not None:
            earliest[number] = EARLIEST if first is None else first
            latest[number] = LATEST if last is None else last
    return earliest, latest


def _codes(found: Sequence[Sequence[str]], values: Values) -> tuple[Ints, Ints]:
    """How many values each document has, and the codes of all one after another."""
    codes = values.codes(list(chain.from_iterable(found)))
    return np.array([len(own) for own in found], np.int64), np.array(codes, np.int64)
