"""Fit the weights of `biobank.exchange.reconciling.log_odds` to lists of spellings.

A conditional logit with an outside option: of the candidates of a question one is meant, or none,
whose utility is 0. The likelihood is convex; weights are limited to 0 and below, as no fact counted
here supports a candidate.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from benchmarks.question_lists import ABSENT_EACH
from biobank.exchange.reconciliation.candidates import JUDGED_WEIGHTS
from biobank.exchange.reconciliation.name_evidence import NameEvidence, evaluate_name
from biobank.names.evaluation import SpellingQuery
from biobank.names.folding import fold
from biobank.names.matcher import NameMatcher
from biobank.names.structure import NAME_ROLE, parse_name
from tests.support.near_duplicates import near_duplicates_of

FACT_NAMES = tuple(fact for fact in NameEvidence.__dataclass_fields__ if fact not in JUDGED_WEIGHTS)
FITTED_CANDIDATES = 6
STEPS, LEARNING_RATE = 3000, 0.05
#: L2 penalty, for facts that hardly ever occur.
L2_PENALTY = 1e-3
#: Weight of each bank: tables contain more people of the bank, and of no bank, than namesakes.
CASE_WEIGHTS = {"present": 1.0, "absent": 1.0, "twins": 0.25, "invented": 2.0, "lone": 0.1}
#: Languages in which surnames are also asked alone.
SURNAME_LANGUAGES = ("en", "ru", "de")

Floats = NDArray[np.float64]
#: The facts of each candidate, the index of the right one (-1: none), and the case weight.
FitCase = tuple[list[tuple[float, ...]], int, float]


def fit(known: Mapping[str, str], questions: Sequence[SpellingQuery], distractors: Sequence[str]) -> None:
    """Print the weights for spellings of `known` people, queried with and without them."""
    cases = _cases(known, questions, distractors)
    weights, loss = _fit_weights(cases)
    print(f"{len(cases)} questions of {len(known)} people; mean log likelihood {-loss:.4f}")
    for fact, weight in zip(("name", *FACT_NAMES), weights.tolist(), strict=True):
        print(f"{fact:14} {weight:6.2f}")


def _cases(
    known: Mapping[str, str], questions: Sequence[SpellingQuery], distractors: Sequence[str]
) -> list[FitCase]:
    people = [(id_, [name], 0) for id_, name in known.items()]
    invented = [(f"other-{index}", [name], 0) for index, name in enumerate(distractors)]
    names = near_duplicates_of(list(known.values()), distractors)
    namesakes = [(f"twin-{index}", [name], 0) for index, name in enumerate(names)]
    pairs = [(entry.text, entry.person_id) for entry in questions]
    surname_pairs = [(text, id_) for text, id_ in map(_surname, questions) if text]
    absent_names = distractors[::ABSENT_EACH]
    folded_absent = {fold(name) for name in absent_names}
    remaining = [entry for entry in invented if fold(entry[1][0]) not in folded_absent]
    return [
        *_cases_for(NameMatcher([*people, *invented]), pairs, CASE_WEIGHTS["present"]),
        *_cases_for(NameMatcher([*people, *invented, *namesakes]), pairs, CASE_WEIGHTS["twins"]),
        *_cases_for(NameMatcher(invented), pairs, CASE_WEIGHTS["absent"]),
        *_cases_for(NameMatcher([*invented, *namesakes]), pairs, CASE_WEIGHTS["twins"]),
        *_cases_for(NameMatcher(remaining), [(name, "") for name in absent_names], CASE_WEIGHTS["invented"]),
        *_cases_for(NameMatcher([*people, *invented]), surname_pairs, CASE_WEIGHTS["lone"]),
        *_cases_for(NameMatcher(invented), surname_pairs, CASE_WEIGHTS["lone"]),
    ]


def _surname(question: SpellingQuery) -> tuple[str, str]:
    """Return the last name of a question with several names, else an empty text."""
    names = [word.text for word in parse_name(question.text).words if word.role == NAME_ROLE]
    surname = names[-1] if len(names) > 1 and question.lang in SURNAME_LANGUAGES else ""
    return surname, question.person_id


def _cases_for(matcher: NameMatcher, pairs: Sequence[tuple[str, str]], weight: float) -> list[FitCase]:
    cases = []
    for text, person_id in pairs:
        matches = matcher.find(text, FITTED_CANDIDATES)
        evidence = [evaluate_name(text, match).to_dict() for match in matches]
        facts = [(1.0, *(entry[fact] for fact in FACT_NAMES)) for entry in evidence]
        ids = [match.person_id for match in matches]
        cases.append((facts, ids.index(person_id) if person_id in ids else -1, weight))
    return cases


def _fit_weights(cases: Sequence[FitCase]) -> tuple[Floats, float]:
    """Fit by Adam (Kingma and Ba, 2015), which needs no second derivative."""
    count, width = len(cases), 1 + len(FACT_NAMES)
    facts, mask = (
        np.zeros((count, FITTED_CANDIDATES, width)),
        np.zeros((count, FITTED_CANDIDATES), np.bool_),
    )
    targets, case_weights = (np.zeros((count, FITTED_CANDIDATES + 1)), np.array([case[2] for case in cases]))
    case_weights /= case_weights.sum()
    for row, (candidate_facts, target_index, _) in enumerate(cases):
        targets[row, target_index] = 1
        if candidate_facts:
            facts[row, : len(candidate_facts)] = candidate_facts
            mask[row, : len(candidate_facts)] = True
    weights, first_moment, second_moment = np.zeros(width), np.zeros(width), np.zeros(width)
    probabilities = targets
    for step in range(1, STEPS + 1):
        probabilities = _softmax(np.where(mask, facts @ weights, -np.inf))
        errors = (probabilities - targets)[:, :FITTED_CANDIDATES] * case_weights[:, None]
        gradient = np.einsum("nk,nkd->d", errors, facts) + L2_PENALTY * weights
        first_moment, second_moment = (
            0.9 * first_moment + 0.1 * gradient,
            0.999 * second_moment + 0.001 * gradient**2,
        )
        weights -= (
            LEARNING_RATE
            * first_moment
            / (1 - 0.9**step)
            / (np.sqrt(second_moment / (1 - 0.999**step)) + 1e-8)
        )
        weights[1:] = np.minimum(weights[1:], 0)
    loss = -float((case_weights * np.log((probabilities * targets).sum(axis=1) + 1e-12)).sum())
    return weights, loss


def _softmax(utilities: Floats) -> Floats:
    """Return, by question, the probability of each candidate and, last, of none."""
    logits = np.concatenate([utilities, np.zeros((len(utilities), 1))], axis=1)
    exponentials = np.exp(logits - logits.max(axis=1, keepdims=True))
    probabilities: Floats = exponentials / exponentials.sum(axis=1, keepdims=True)
    return probabilities
