"""Why documents were found: of each word, where it stands best and what that adds."""

import numpy as np

from biobank.search.port import Reason
from biobank.search.whoosh_engine.matching import Asked, Scored
from biobank.search.whoosh_engine.postings import Ints
from biobank.search.whoosh_engine.scoring import Evidence

#: The place of words that stand near each other, wherever that is.
TOGETHER = "together"


def reasons_of(asked: Asked, scored: Scored, page: Ints) -> dict[int, tuple[Reason, ...]]:
    """By number of document, the reasons of those of `page`, the weightiest first."""
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
    """Of each document of `page` that has the word, the field where it counts most."""
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
    """`headline_az` as headline and az; names and sources are of no language."""
    group, _, lang = field.partition("_")
    return group, lang
