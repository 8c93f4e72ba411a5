"""Merge policy: few segments to search, few merges so that publishing stays below a second.

A merge rewrites its documents, some 120 per second. Whoosh's own policy took up to 0.7 s of a
publication in a bank of 2,000 people, and without limit for larger merges.
"""

from contextlib import closing
from itertools import accumulate
from typing import Any

from biobank.search.whoosh_engine.postings import MergingReader

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
        same_magnitude = [
            segment for segment in remaining if len(str(segment.doc_count())) == magnitude
        ]
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
