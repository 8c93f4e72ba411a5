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
TOGETHER = 10
#: Documents a commit may rewrite: at least so many, or a multiple of those it adds. Beyond that,
#: segments stay: a hundred of them add some 3 ms to a search until the next rebuild.
MERGED_MOST = 200
TIMES_ITS_OWN = 20
#: Orders of magnitude of segment sizes; 10,000,000 documents would be the eighth.
MAGNITUDES = range(1, 8)


def merge_alike(writer: Any, segments: list[Any]) -> list[Any]:
    """Merge segments of similar size into the writer's segment; return the remaining segments.

    This is a merge policy as Whoosh calls it.
    """
    budget = max(MERGED_MOST, TIMES_ITS_OWN * writer.doc_count())
    staying = [segment for segment in segments if segment.doc_count()]
    for magnitude in MAGNITUDES:
        alike = [segment for segment in staying if len(str(segment.doc_count())) == magnitude]
        chosen = _affordable(alike, budget)
        if len(alike) >= TOGETHER and len(chosen) >= TOGETHER // 2:
            for segment in chosen:
                budget -= segment.doc_count()
                with closing(MergingReader(writer.storage, writer.schema, segment)) as reader:
                    writer.add_reader(reader)
                staying.remove(segment)
    return staying


def _affordable(segments: list[Any], budget: int) -> list[Any]:
    """Return the smallest segments that together hold at most `budget` documents."""
    ordered = sorted(segments, key=lambda segment: int(segment.doc_count()))
    sizes = accumulate(segment.doc_count() for segment in ordered)
    return [segment for segment, size in zip(ordered, sizes, strict=True) if size <= budget]
