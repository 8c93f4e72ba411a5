"""Score reasons: the best field of each word and its contribution."""

import numpy as np

from biobank.search.engine import ScoreReason
from biobank.search.whoosh_engine.evaluation import EvaluatedQuery, ScoredDocuments
from biobank.search.whoosh_engine.postings import Ints
from biobank.search.whoosh_engine.scoring import WordEvidence

#: The place of words that occur near each other, whatever the field.
PROXIMITY_PLACE = "together"


def score_reasons(
    evaluated: EvaluatedQuery, scored: ScoredDocuments, page: Ints
) -> dict[int, tuple[ScoreReason, ...]]:
    """Return the score reasons of each document of `page`, the largest first."""
    by_document: dict[int, list[ScoreReason]] = {number: [] for number in page.tolist()}
    for evidence in (*evaluated.words, *evaluated.part_evidence):
        for number, reason in _best_fields(evidence, page).items():
            by_document[number].append(reason)
    for bonus in scored.proximity:
        for number in page[bonus.scores[page] > 0].tolist():
            added = round(float(bonus.scores[number]), 4)
            by_document[number].append(ScoreReason(bonus.words, PROXIMITY_PLACE, "", added))
    return {
        number: tuple(sorted(reasons, key=lambda reason: -reason.score))
        for number, reasons in by_document.items()
    }


def _best_fields(evidence: WordEvidence, page: Ints) -> dict[int, ScoreReason]:
    """Return the best field of a word for each document of `page` that has it."""
    best: dict[int, tuple[float, str]] = {}
    for field, documents, scores in evidence.postings:
        order = np.argsort(documents, kind="stable") if np.any(np.diff(documents) < 0) else None
        documents = documents if order is None else documents[order]
        scores = scores if order is None else scores[order]
        positions = np.minimum(np.searchsorted(documents, page), max(len(documents) - 1, 0))
        for number, position in zip(page.tolist(), positions.tolist(), strict=True):
            if len(documents) and documents[position] == number:
                best[number] = max(best.get(number, (0.0, "")), (float(scores[position]), field))
    return {
        number: ScoreReason(
            evidence.word, *_split_field(field), round(score * evidence.significance, 4)
        )
        for number, (score, field) in best.items()
    }


def _split_field(field: str) -> tuple[str, str]:
    """Split a field name, `headline_az`, into group and language; names and sources have none."""
    group, _, lang = field.partition("_")
    return group, lang
