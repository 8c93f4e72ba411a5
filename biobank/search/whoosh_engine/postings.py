"""Whoosh's files read in whole blocks, where its matchers make several calls a posting.

Leans on private parts of Whoosh 2.7.4, which is pinned and never changes again (docs/adr/0001).
"""

import pickle
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import accumulate, repeat
from struct import Struct
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.codec.whoosh3 import LENGTHS_COLUMN, WHOOSH3_HEADER_MAGIC, _lenfield
from whoosh.reading import SegmentReader, TermNotFound
from whoosh.util.numeric import byte_to_length

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]

#: Whoosh keeps the number of terms of a field in one byte, exact for short fields.
LENGTHS = np.array([byte_to_length(byte) for byte in range(256)], np.float32)
#: A position within a field.
PLACE = np.dtype("<u4")
#: How many bytes a block has.
SIZE = Struct("!i")


@dataclass(frozen=True)
class Postings:
    """Documents of a term in ascending order, and how often it stands in each."""

    documents: Ints
    counts: Floats

    def __len__(self) -> int:
        return len(self.documents)


@dataclass(frozen=True)
class Positions:
    """Each place of a term: the document, and the position in its field; both ascending."""

    documents: Ints
    places: Ints

    def __len__(self) -> int:
        return len(self.documents)


NONE = Postings(np.empty(0, np.int64), np.empty(0, np.float32))
NOWHERE = Positions(np.empty(0, np.int64), np.empty(0, np.int64))


def read_postings(terms: Any, field: str, term: str) -> Postings:
    """Where `term` stands in `field`, by Whoosh's reader of terms."""
    try:
        info = terms.term_info(field, term.encode())
    except TermNotFound:
        return NONE
    documents: list[Ints] = []
    counts: list[Floats] = []
    for steps, weights, _ in _blocks(terms, info):
        documents.append(np.cumsum(steps, dtype=np.int64))
        counts.append(np.full(len(steps), 1.0 if weights is None else weights, np.float32))
    return Postings(np.concatenate(documents), np.concatenate(counts))


def read_positions(terms: Any, field: str, term: str) -> Positions:
    """At which positions `term` stands in `field`, four bytes each (see `fields`)."""
    try:
        info = terms.term_info(field, term.encode())
    except TermNotFound:
        return NOWHERE
    documents: list[Ints] = []
    places: list[Ints] = []
    for steps, _, values in _blocks(terms, info):
        lengths = np.fromiter(map(len, values), np.int64, len(values)) // PLACE.itemsize
        documents.append(np.repeat(np.cumsum(steps, dtype=np.int64), lengths))
        places.append(np.frombuffer(b"".join(values), PLACE).astype(np.int64))
    return Positions(np.concatenate(documents), np.concatenate(places))


def read_terms(terms: Any, field: str, prefix: str, most: int | None = None) -> list[str]:
    """The first terms of `field`, or all, that begin with `prefix`, in the order of their bytes."""
    found: list[str] = []
    if field not in terms._fieldmap:
        return found
    for name, term in terms.terms_from(field, prefix.encode()):
        text = term.decode()
        if name != field or not text.startswith(prefix) or len(found) == most:
            break
        found.append(text)
    return found


class MergingReader(SegmentReader):  # type: ignore[misc]
    """Whoosh's reader of a segment that is merged into another: its postings in order."""

    def iter_postings(self) -> Iterator[tuple[str, bytes, int, float, bytes]]:
        """Field, term, document that is not deleted, weight, and what else the format keeps."""
        deleted = set(self.segment().deleted_docs())
        for (field, term), info in self._terms.items():
            for steps, weights, values in _blocks(self._terms, info):
                if not isinstance(weights, tuple):
                    weights = repeat(1.0 if weights is None else weights)
                numbers, kept = accumulate(steps), values or repeat(b"")
                for number, weight, value in zip(numbers, weights, kept, strict=False):
                    if number not in deleted:
                        yield field, term, number, weight, value


def _blocks(terms: Any, info: Any) -> Iterator[tuple[Sequence[int], Any, Any]]:
    """The postings of a term as they are stored, a block at a time.

    Numbers of documents as differences within the block; weights as one for all, or none for 1;
    what else the format keeps, or none.
    """
    # Whoosh forgets to take the length out of what it unpacked.
    offset, (length,) = info.extent()
    data = terms._postfile.get(offset, length)
    at, last = len(WHOOSH3_HEADER_MAGIC), False
    while not last:
        (size,) = SIZE.unpack_from(data, at)
        # The last block of a term tells by its sign.
        last, start, end = size < 0, at + SIZE.size, at + SIZE.size + abs(size)
        block = BytesIO(data[start:end])
        *_, level, _, _ = pickle.load(block)  # noqa: S301 - the index is ours (docs/adr/0001)
        stored = block.read()
        yield pickle.loads(zlib.decompress(stored) if level else stored)  # noqa: S301
        at = end


def read_lengths(documents: Any, field: str, size: int) -> Floats:
    """How many terms `field` has in each document; nothing where it does not stand."""
    lengths = np.zeros(size, np.float32)
    column = documents._cached_reader(_lenfield(field), LENGTHS_COLUMN)
    if column is not None:
        # The column ends with the last document that has the field.
        kept = np.frombuffer(column._dbfile.get(column._basepos, column._count), np.uint8)
        lengths[: len(kept)] = LENGTHS[kept]
    return lengths
