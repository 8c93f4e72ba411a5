"""How good a ranking is: normalised discounted cumulated gain.

Järvelin and Kekäläinen, "Cumulated gain-based evaluation of IR techniques", ACM Transactions on
Information Systems 20(4), 2002. Gains are 2^grade - 1, so that one person asked for outweighs two
who are merely relevant; a gain at rank r is divided by log2(r + 1).
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from math import log2


def ndcg(ranked: Sequence[str], grades: Mapping[str, int], depth: int = 10) -> float:
    """From 0 (nobody relevant) to 1 (no order is better); who has no grade gains nothing.

    Somebody has a grade above 0: else there is nothing to find and nothing to measure.
    """
    best = sorted(grades.values(), reverse=True)
    found = (grades.get(id_, 0) for id_ in ranked)
    return discounted_gain(islice(found, depth)) / discounted_gain(best[:depth])


def discounted_gain(grades: Iterable[int]) -> float:
    """Of grades in the order of their ranks."""
    return sum((2.0**grade - 1) / log2(rank + 1) for rank, grade in enumerate(grades, start=1))
