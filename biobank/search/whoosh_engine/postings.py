"""Bulk reading of Whoosh's files, where its matchers make several calls per posting.

Relies on private parts of Whoosh 2.7.4, which is pinned and no longer developed (docs/adr/0001).
"""

import zlib
from collections.abc import Iterator, Sequence
from contextlib import closing
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

from biobank.search.whoosh_engine import restricted_pickle

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]

#: Field length by Whoosh's one-byte code; exact for short fields.
FIELD_LENGTHS = np.array([byte_to_length(byte) for byte in range(256)], np.float32)
#: Data type of a position within a field.
POSITION_DTYPE = np.dtype("<u4")
#: Size of a block in bytes.
BLOCK_SIZE_STRUCT = Struct("!i")


@dataclass(frozen=True)
class Postings:
    """Documents of a term in ascending order, with the term frequency in each."""

    documents: Ints
    counts: Floats

    def __len__(self) -> int:
        return len(self.documents)


@dataclass(frozen=True)
class Positions:
    """Occurrences of a term: documents and positions in the field, both ascending."""

    documents: Ints
    positions: Ints

    def __len__(self) -> int:
        return len(self.documents)


NO_POSTINGS = Postings(np.empty(0, np.int64), np.empty(0, np.float32))
NO_POSITIONS = Positions(np.empty(0, np.int64), np.empty(0, np.int64))


def read_postings(terms_reader: Any, field: str, term: str) -> Postings:
    """Read the postings of `term` in `field`."""
    try:
        info = terms_reader.term_info(field, term.encode())
    except TermNotFound:
        return NO_POSTINGS
    documents: list[Ints] = []
    counts: list[Floats] = []
    for deltas, weights, _ in _read_blocks(terms_reader, info):
        documents.append(np.cumsum(deltas, dtype=np.int64))
        counts.append(np.full(len(deltas), 1.0 if weights is None else weights, np.float32))
    return Postings(np.concatenate(documents), np.concatenate(counts))


def read_positions(terms_reader: Any, field: str, term: str) -> Positions:
    """Read the positions of `term` in `field`, four bytes each (see `fields`)."""
    try:
        info = terms_reader.term_info(field, term.encode())
    except TermNotFound:
        return NO_POSITIONS
    documents: list[Ints] = []
    positions: list[Ints] = []
    for deltas, _, values in _read_blocks(terms_reader, info):
        lengths = np.fromiter(map(len, values), np.int64, len(values)) // POSITION_DTYPE.itemsize
        documents.append(np.repeat(np.cumsum(deltas, dtype=np.int64), lengths))
        positions.append(np.frombuffer(b"".join(values), POSITION_DTYPE).astype(np.int64))
    return Positions(np.concatenate(documents), np.concatenate(positions))


def read_terms(terms_reader: Any, field: str, prefix: str, limit: int | None = None) -> list[str]:
    """Return the terms of `field` that start with `prefix` in byte order, at most `limit`."""
    matching: list[str] = []
    if field not in terms_reader._fieldmap:
        return matching
    for name, term in terms_reader.terms_from(field, prefix.encode()):
        text = term.decode()
        if name != field or not text.startswith(prefix) or len(matching) == limit:
            break
        matching.append(text)
    return matching


def check_terms(terms_reader: Any) -> None:
    """Decode the postings of every term; raises some exception if one is damaged."""
    for _, info in terms_reader.items():
        for deltas, _, values in _read_blocks(terms_reader, info):
            if values is not None and len(values) != len(deltas):
                raise ValueError("a block of postings is incomplete")


class MergingReader(SegmentReader):  # type: ignore[misc]
    """Whoosh's reader of a segment being merged into another, with ordered postings."""

    def iter_postings(self) -> Iterator[tuple[str, bytes, int, float, bytes]]:
        """Yield field, term, document number (not deleted), weight and format-specific value."""
        deleted = set(self.segment().deleted_docs())
        for (field, term), info in self._terms.items():
            for deltas, weights, values in _read_blocks(self._terms, info):
                if not isinstance(weights, tuple):
                    weights = repeat(1.0 if weights is None else weights)
                numbers, format_values = accumulate(deltas), values or repeat(b"")
                for number, weight, value in zip(numbers, weights, format_values, strict=False):
                    if number not in deleted:
                        yield field, term, number, weight, value


def _read_blocks(terms_reader: Any, info: Any) -> Iterator[tuple[Sequence[int], Any, Any]]:
    """Yield the stored postings of a term, one block at a time.

    Document numbers are differences within the block; weights are a value for all or None for 1;
    the third item is the format-specific values or None.
    """
    # Whoosh returns the length as a tuple.
    offset, (length,) = info.extent()
    data = terms_reader._postfile.get(offset, length)
    position, last = len(WHOOSH3_HEADER_MAGIC), False
    while not last:
        (size,) = BLOCK_SIZE_STRUCT.unpack_from(data, position)
        # The last block of a term has a negative size.
        last, start, end = (
            size < 0,
            position + BLOCK_SIZE_STRUCT.size,
            position + BLOCK_SIZE_STRUCT.size + abs(size),
        )
        block = BytesIO(data[start:end])
        *_, level, _, _ = restricted_pickle.load(block)
        stored = block.read()
        yield restricted_pickle.loads(zlib.decompress(stored) if level else stored)
        position = end


def read_lengths(document_reader: Any, field: str, size: int) -> Floats:
    """Return the number of terms of `field` in each document; 0 where the field is missing."""
    lengths = np.zeros(size, np.float32)
    column = document_reader._cached_reader(_lenfield(field), LENGTHS_COLUMN)
    if column is not None:
        # The column ends with the last document that has the field.
        codes = np.frombuffer(column._dbfile.get(column._basepos, column._count), np.uint8)
        lengths[: len(codes)] = FIELD_LENGTHS[codes]
    return lengths


#: Number of segments of one order of magnitude merged at once; half as many if more exceed the
#: budget.
MERGE_FACTOR = 10
#: Documents a commit may rewrite: at least so many, or a multiple of those it adds. Beyond that,
#: segments stay: a hundred of them add some 3 ms to a search until the next rebuild.
MAX_MERGED_DOCUMENTS = 200
SIZE_RATIO = 20
#: Orders of magnitude of segment sizes; 10,000,000 documents would be the eighth.
MAGNITUDES = range(1, 8)


def merge_similar_sizes(writer: Any, segments: list[Any]) -> list[Any]:
    """Merge segments of similar size into the writer's segment; return the remaining segments.

    This is a merge policy as Whoosh calls it.
    """
    budget = max(MAX_MERGED_DOCUMENTS, SIZE_RATIO * writer.doc_count())
    remaining = [segment for segment in segments if segment.doc_count()]
    for magnitude in MAGNITUDES:
        same_magnitude = [segment for segment in remaining if len(str(segment.doc_count())) == magnitude]
        chosen = _affordable(same_magnitude, budget)
        if len(same_magnitude) >= MERGE_FACTOR and len(chosen) >= MERGE_FACTOR // 2:
            for segment in chosen:
                budget -= segment.doc_count()
                with closing(MergingReader(writer.storage, writer.schema, segment)) as reader:
                    writer.add_reader(reader)
                remaining.remove(segment)
    return remaining


def _affordable(segments: list[Any], budget: int) -> list[Any]:
    """Return the smallest segments that together hold at most `budget` documents."""
    ordered = sorted(segments, key=lambda segment: int(segment.doc_count()))
    sizes = accumulate(segment.doc_count() for segment in ordered)
    return [segment for segment, size in zip(ordered, sizes, strict=True) if size <= budget]
