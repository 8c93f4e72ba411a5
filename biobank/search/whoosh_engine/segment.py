"""One immutable segment of the index as arrays: its columns, and postings decoded once."""

import weakref
from collections import OrderedDict
from collections.abc import Sequence
from itertools import chain, count
from operator import neg
from threading import Lock
from typing import Any

import numpy as np
from whoosh.filedb.filestore import FileStorage

from biobank.search.query import FACETS
from biobank.search.whoosh_engine.facets import Values
from biobank.search.whoosh_engine.fields import COLUMNS, SATURATED, Days
from biobank.search.whoosh_engine.postings import (
    Floats,
    Ints,
    Postings,
    read_lengths,
    read_postings,
)

#: Postings kept decoded in a segment, those of the terms that were asked for last: some 50 MB.
POSTINGS_KEPT = 4_000_000
#: What keeping a term costs, be it in no document at all, in postings.
TERM_COSTS = 32

#: More than a segment has documents: serial number and document make one number.
PLACES = 2**32
_serials = count()

#: Days that stand for an end that is open or not known; beyond any date that can be written.
EARLIEST = -(2**40)
LATEST = 2**40


class Segment:
    """Columns of every document of a segment, deleted ones too: deletions are the view's matter.

    All but postings is read when it is made: a later commit may merge the segment away and remove
    its files, while a search still goes on with it.
    """

    def __init__(self, storage: FileStorage, stored: Any, values: dict[str, Values]) -> None:
        """`stored` is Whoosh's own description of the segment."""
        # Whoosh's readers seek in shared files, so decoding is one thread at a time.
        self._lock = Lock()
        self._postings: OrderedDict[tuple[str, str], Postings] = OrderedDict()
        self._kept = 0
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
        self.ids, keys, documented, updated, born, died, values_of, names = zip(*rows, strict=True)
        self.documented = np.array(documented, np.int64)
        self.updated = np.array(updated, np.float64)
        self.born = _days(born)
        self.died = _days(died)
        self.facets = {
            facet: _codes(found, values[facet])
            for facet, found in zip(FACETS, zip(*values_of, strict=True), strict=True)
        }
        self.serial = next(_serials)
        places = range(self.serial * PLACES, self.serial * PLACES + self.size)
        #: In the order of names; the last part tells the segment and the document in it.
        self.by_name = sorted(zip(keys, map(neg, documented), self.ids, places, strict=True))
        self.names: tuple[tuple[str, ...], ...] = names

    def postings(self, field: str, term: str) -> Postings:
        """Where `term` stands in `field`; decoded from the index the first time it is asked for."""
        key = (field, term)
        with self._lock:
            if key in self._postings:
                self._postings.move_to_end(key)
                return self._postings[key]
            found = read_postings(self._terms, field, term)
            self._postings[key] = found
            self._kept += TERM_COSTS + len(found.documents)
            while self._kept > POSTINGS_KEPT:
                _, dropped = self._postings.popitem(last=False)
                self._kept -= TERM_COSTS + len(dropped.documents)
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
