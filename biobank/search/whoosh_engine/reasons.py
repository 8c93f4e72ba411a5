"""Score reasons: the best field of each word and its contribution."""

import numpy as np

from biobank.search.port import Reason
from biobank.search.whoosh_engine.matching import Asked, Scored
from biobank.search.whoosh_engine.postings import Ints
from biobank.search.whoosh_engine.scoring import Evidence

#: The place of words that occur near each other, whatever the field.
TOGETHER = "together"


def reasons_of(asked: Asked, scored: Scored, page: Ints) -> dict[int, tuple[Reason, ...]]:
    """Return the score reasons of each document of `page`, the largest first."""
    found: dict[int, list[Reason]] = {number: [] for number in page.tolist()}
    for evidence in (*asked.words, *asked.others):
        for number, reason in _best(evidence, page).items():
            found[number].append(reason)
    for near in scored.together:
        for number in page[near.worth[page] > 0].tolist():
            worth = round(float(near.worth[number]), 4)
            found[number].append(Reason(near.words, TOGETHER, "", worth))
    return {
        number: tuple(sorted(reasons, key=lambda reason: -reason.score))
        for number, reasons in found.items()
    }


def _best(evidence: Evidence, page: Ints) -> dict[int, Reason]:
    """Return the best field of a word for each document of `page` that has it."""
    best: dict[int, tuple[float, str]] = {}
    for field, documents, share in evidence.stands:
        order = np.argsort(documents, kind="stable") if np.any(np.diff(documents) < 0) else None
        documents = documents if order is None else documents[order]
        share = share if order is None else share[order]
        at = np.minimum(np.searchsorted(documents, page), max(len(documents) - 1, 0))
        for number, place in zip(page.tolist(), at.tolist(), strict=True):
            if len(documents) and documents[place] == number:
                best[number] = max(best.get(number, (0.0, "")), (float(share[place]), field))
    return {
        number: Reason(evidence.word, *_place(field), round(score * evidence.telling, 4))
        for number, (score, field) in best.items()
    }


def _place(field: str) -> tuple[str, str]:
    """Split a field name, `headline_az`, into group and language; names and sources have none."""
    group, _, lang = field.partition("_")
    return group, lang
