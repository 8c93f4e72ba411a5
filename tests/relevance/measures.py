"""Ranking quality: normalized discounted cumulative gain.

Järvelin and Kekäläinen, "Cumulated gain-based evaluation of IR techniques", ACM Transactions on
Information Systems 20(4), 2002. Gains are 2^grade - 1, so that one person searched for outweighs
two merely relevant ones; a gain at rank r is divided by log2(r + 1).
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from math import log2


def ndcg(ranked: Sequence[str], grades: Mapping[str, int], depth: int = 10) -> float:
    """Return nDCG from 0 (nothing relevant) to 1 (best order); ungraded people gain nothing.

    At least one grade must be above 0.
    """
    best = sorted(grades.values(), reverse=True)
    ranked_grades = (grades.get(id_, 0) for id_ in ranked)
    return discounted_gain(islice(ranked_grades, depth)) / discounted_gain(best[:depth])


def discounted_gain(grades: Iterable[int]) -> float:
    """Return the discounted gain of grades in rank order."""
    return sum((2.0**grade - 1) / log2(rank + 1) for rank, grade in enumerate(grades, start=1))
