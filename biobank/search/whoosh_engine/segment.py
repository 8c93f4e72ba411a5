"""An immutable index segment as arrays: stored columns, and postings decoded once."""

import weakref
from collections import OrderedDict
from collections.abc import Callable, Sequence, Sized
from itertools import chain, count
from operator import neg
from threading import Lock
from typing import Any, Generic, TypeVar

import numpy as np
from whoosh.filedb.filestore import FileStorage

from biobank.common.i18n import LANGUAGES
from biobank.errors import SearchUnavailable
from biobank.search.lifetime import DayRange
from biobank.search.query import INDEXED_FIELDS
from biobank.search.whoosh_engine.facets import ValueCodes
from biobank.search.whoosh_engine.fields import COLUMNS_FIELD, DAY_RANGES, LENGTH_NORMALIZED_FIELDS
from biobank.search.whoosh_engine.postings import (
    Floats,
    Ints,
    Positions,
    Postings,
    check_terms,
    read_lengths,
    read_positions,
    read_postings,
    read_terms,
)

DAMAGED_MESSAGE = "the index is damaged; run: biobank index rebuild"
#: Overhead per cached term, in postings.
ENTRY_OVERHEAD = 32

CachedT = TypeVar("CachedT", bound=Sized)


class SizedCache(Generic[CachedT]):
    """A cache of sized values by field and term. Not thread-safe."""

    def __init__(self, max_size: int) -> None:
        """Create a cache with `max_size` as the maximum total length of its values."""
        self._max_size = max_size
        self._entries: OrderedDict[tuple[str, str], CachedT] = OrderedDict()
        self._size = 0

    def get(self, key: tuple[str, str]) -> CachedT | None:
        if key in self._entries:
            self._entries.move_to_end(key)
        return self._entries.get(key)

    def put(self, key: tuple[str, str], value: CachedT) -> None:
        self._entries[key] = value
        self._size += ENTRY_OVERHEAD + len(value)
        while self._size > self._max_size:
            _, evicted = self._entries.popitem(last=False)
            self._size -= ENTRY_OVERHEAD + len(evicted)


#: Maximum number of cached postings of a segment; some 50 MB.
MAX_CACHED_POSTINGS = 4_000_000
#: Maximum number of cached positions of a segment.
MAX_CACHED_POSITIONS = 4_000_000
#: Maximum number of cached terms by first letter; some 100 MB.
MAX_CACHED_WORDS = 1_000_000

#: Exceeds all documents of a segment, so that serial and document fit in one number.
DOCUMENT_STRIDE = 2**32
_serials = count()

#: Days for an open or unknown end, beyond any valid date.
OPEN_START_DAY = -(2**40)
OPEN_END_DAY = 2**40

#: Sort key, negative documentation score, id, and a number that encodes segment and document.
NameEntry = tuple[str, int, str, int]
Decoded = TypeVar("Decoded")
T = TypeVar("T", Postings, Positions, tuple[str, ...])


class Segment:
    """Columns of all documents of a segment, including deleted ones, which views mask out.

    Everything but postings is read on creation: a later commit may merge the segment away and
    delete its files while a search still uses it.
    """

    def __init__(self, storage: FileStorage, stored: Any, value_codes: dict[str, ValueCodes]) -> None:
        """Read a segment; `stored` is Whoosh's description of it."""
        # Whoosh's readers seek in shared files, so only one thread may decode at a time.
        self._lock = Lock()
        self._postings: SizedCache[Postings] = SizedCache(MAX_CACHED_POSTINGS)
        self._positions: SizedCache[Positions] = SizedCache(MAX_CACHED_POSITIONS)
        self._words: SizedCache[tuple[str, ...]] = SizedCache(MAX_CACHED_WORDS)
        self.size: int = stored.doc_count_all()
        documents = stored.codec().per_document_reader(storage, stored)
        try:
            self.lengths: dict[str, Floats] = {
                field: read_lengths(documents, field, self.size) for field in LENGTH_NORMALIZED_FIELDS
            }
            rows = [documents.stored_fields(number)[COLUMNS_FIELD] for number in range(self.size)]
        finally:
            documents.close()
        self._terms = stored.codec().terms_reader(storage, stored)
        #: Whether postings could not be decoded; the rest of the segment may be sound.
        self.is_damaged = False
        weakref.finalize(self, self._terms.close)
        self.ids, keys, documented, updated, ranges, values_of, names = zip(*rows, strict=True)
        self.documented = np.array(documented, np.int64)
        self.updated = np.array(updated, np.float64)
        #: First and last values by name of DAY_RANGES.
        self.day_ranges = {
            name: _day_arrays(values)
            for name, values in zip(DAY_RANGES, zip(*ranges, strict=True), strict=True)
        }
        self.facets = {
            facet: _encode_values(document_values, value_codes[facet])
            for facet, document_values in zip(INDEXED_FIELDS, zip(*values_of, strict=True), strict=True)
        }
        self.serial = next(_serials)
        self._sort_keys: dict[str, tuple[str, ...]] = dict(
            zip(LANGUAGES, zip(*keys, strict=True), strict=True)
        )
        self._names_in_order: dict[str, list[NameEntry]] = {}
        self.names: tuple[tuple[str, ...], ...] = names

    def names_in_order(self, lang: str) -> list[NameEntry]:
        """Return the sort entries in the order of a language; sorted on first use.

        Two threads may sort at once, with the same result.
        """
        if lang not in self._names_in_order:
            first = self.serial * DOCUMENT_STRIDE
            positions = range(first, first + self.size)
            entries = zip(
                self._sort_keys[lang], map(neg, self.documented.tolist()), self.ids, positions, strict=True
            )
            self._names_in_order[lang] = sorted(entries)
        return self._names_in_order[lang]

    def postings(self, field: str, term: str) -> Postings:
        """Return the postings of `term` in `field`; decoded on first use."""
        return self._cached(self._postings, (field, term), lambda: read_postings(self._terms, field, term))

    def positions(self, field: str, term: str) -> Positions:
        """Return the positions of `term` in `field`."""
        return self._cached(self._positions, (field, term), lambda: read_positions(self._terms, field, term))

    def terms(self, field: str, prefix: str, limit: int) -> list[str]:
        """Return the first terms of `field` that start with `prefix`, in order."""
        with self._lock:
            return self._decoded(lambda: read_terms(self._terms, field, prefix, limit))

    def words(self, field: str, prefix: str) -> tuple[str, ...]:
        """Return all terms of `field` that start with `prefix`; read on first use."""
        return self._cached(
            self._words, (field, prefix), lambda: tuple(read_terms(self._terms, field, prefix))
        )

    def _cached(self, cache: "SizedCache[T]", key: tuple[str, str], read: Callable[[], T]) -> T:
        with self._lock:
            value = cache.get(key)
            if value is None:
                value = self._decoded(read)
                cache.put(key, value)
            return value

    def check(self) -> None:
        """Decode all postings.

        Raises:
            SearchUnavailable: the segment is damaged.
        """
        with self._lock:
            self._decoded(lambda: check_terms(self._terms))

    def _decoded(self, read: "Callable[[], Decoded]") -> "Decoded":
        """Return what `read` decodes; damaged bytes may raise any exception there."""
        try:
            return read()
        except Exception as error:
            self.is_damaged = True
            raise SearchUnavailable(DAMAGED_MESSAGE, detail=error) from error


def _day_arrays(spans: Sequence[DayRange]) -> tuple[Ints, Ints]:
    """Return earliest and latest day of each document; unknown has earliest after latest."""
    earliest = np.full(len(spans), OPEN_END_DAY, np.int64)
    latest = np.full(len(spans), OPEN_START_DAY, np.int64)
    for number, (first, last) in enumerate(spans):
        if first is not None or last is not None:
            earliest[number] = OPEN_START_DAY if first is None else first
            latest[number] = OPEN_END_DAY if last is None else last
    return earliest, latest


def _encode_values(document_values: Sequence[Sequence[str]], value_codes: ValueCodes) -> tuple[Ints, Ints]:
    """Return the number of values of each document, and the codes of all in order."""
    codes = value_codes.codes(list(chain.from_iterable(document_values)))
    return np.array([len(single_values) for single_values in document_values], np.int64), np.array(
        codes, np.int64
    )
