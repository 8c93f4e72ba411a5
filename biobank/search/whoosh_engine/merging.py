"""Which segments a commit merges: few enough to search, seldom enough to publish within a second.

A merge writes its documents again, some 120 a second. Whoosh's own policy took up to .7 s of a
publish in a bank of 2,000, and however long where much had gathered.
"""

from contextlib import closing
from itertools import accumulate
from typing import Any

from biobank.search.whoosh_engine.postings import MergingReader

#: As many segments of one order of magnitude become one, or half as many where more is too much.
TOGETHER = 10
#: Documents that any commit may write again, or several times those that it brings. Beyond that
#: segments stay as they are: a hundred of them cost a search some 3 ms, until the next rebuild.
MERGED_MOST = 200
TIMES_ITS_OWN = 20
#: Orders of magnitude there are: a segment of 10,000,000 would be the eighth.
MAGNITUDES = range(1, 8)


def merge_alike(writer: Any, segments: list[Any]) -> list[Any]:
    """A merge policy of Whoosh: merges into `writer`'s segment, returns the segments that stay."""
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
    """The smallest of `segments` that together have no more documents than `budget`."""
    ordered = sorted(segments, key=lambda segment: int(segment.doc_count()))
    sizes = accumulate(segment.doc_count() for segment in ordered)
    return [segment for segment, size in zip(ordered, sizes, strict=True) if size <= budget]
