"""Fit the weights of `biobank.exchange.reconciling.log_odds` to lists of spellings.

A conditional logit with an outside option: of the candidates of a question one is meant, or none,
whose utility is 0. The likelihood is convex; weights are limited to 0 and below, as no fact counted
here supports a candidate.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from benchmarks.questions import ABSENT_EACH
from biobank.exchange.reconciling.evidence import NameEvidence, name_evidence
from biobank.exchange.reconciling.odds import JUDGED
from biobank.names.evaluation import Question
from biobank.names.folding import fold
from biobank.names.matcher import Matcher
from biobank.names.structure import NAME, parse
from tests.support.twins import twins_among

FACTS = tuple(fact for fact in NameEvidence.__dataclass_fields__ if fact not in JUDGED)
LOOKED_AT = 6
STEPS, RATE = 3000, 0.05
#: L2 penalty, for facts that hardly ever occur.
PULL = 1e-3
#: Weight of each bank: tables contain more people of the bank, and of no bank, than namesakes.
SHARES = {"present": 1.0, "absent": 1.0, "twins": 0.25, "invented": 2.0, "lone": 0.1}
#: Languages in which surnames are also asked alone.
LONE = ("en", "ru", "de")

Floats = NDArray[np.float64]
#: The facts of each candidate, the index of the right one (-1: none), and the case weight.
Case = tuple[list[tuple[float, ...]], int, float]


def fit(known: Mapping[str, str], questions: Sequence[Question], others: Sequence[str]) -> None:
    """Print the weights for spellings of `known` people, queried with and without them."""
    cases = _cases(known, questions, others)
    weights, loss = _fitted(cases)
    print(f"{len(cases)} questions of {len(known)} people; mean log likelihood {-loss:.4f}")
    for fact, weight in zip(("name", *FACTS), weights.tolist(), strict=True):
        print(f"{fact:14} {weight:6.2f}")


def _cases(
    known: Mapping[str, str], questions: Sequence[Question], others: Sequence[str]
) -> list[Case]:
    people = [(id_, [name], 0) for id_, name in known.items()]
    invented = [(f"other-{at}", [name], 0) for at, name in enumerate(others)]
    names = twins_among(list(known.values()), others)
    twins = [(f"twin-{at}", [name], 0) for at, name in enumerate(names)]
    asked = [(one.text, one.person_id) for one in questions]
    lone = [(text, id_) for text, id_ in map(_surname, questions) if text]
    sought = others[::ABSENT_EACH]
    out = {fold(name) for name in sought}
    rest = [one for one in invented if fold(one[1][0]) not in out]
    return [
        *_of(Matcher([*people, *invented]), asked, SHARES["present"]),
        *_of(Matcher([*people, *invented, *twins]), asked, SHARES["twins"]),
        *_of(Matcher(invented), asked, SHARES["absent"]),
        *_of(Matcher([*invented, *twins]), asked, SHARES["twins"]),
        *_of(Matcher(rest), [(name, "") for name in sought], SHARES["invented"]),
        *_of(Matcher([*people, *invented]), lone, SHARES["lone"]),
        *_of(Matcher(invented), lone, SHARES["lone"]),
    ]


def _surname(question: Question) -> tuple[str, str]:
    """Return the last name of a question with several names, else an empty text."""
    names = [word.text for word in parse(question.text).words if word.role == NAME]
    alone = names[-1] if len(names) > 1 and question.lang in LONE else ""
    return alone, question.person_id


def _of(matcher: Matcher, asked: Sequence[tuple[str, str]], share: float) -> list[Case]:
    cases = []
    for text, person_id in asked:
        found = matcher.find(text, LOOKED_AT)
        told = [name_evidence(text, match).as_dict() for match in found]
        facts = [(1.0, *(one[fact] for fact in FACTS)) for one in told]
        ids = [match.person_id for match in found]
        cases.append((facts, ids.index(person_id) if person_id in ids else -1, share))
    return cases


def _fitted(cases: Sequence[Case]) -> tuple[Floats, float]:
    """Fit by Adam (Kingma and Ba, 2015), which needs no second derivative."""
    count, width = len(cases), 1 + len(FACTS)
    facts, there = np.zeros((count, LOOKED_AT, width)), np.zeros((count, LOOKED_AT), np.bool_)
    meant, share = np.zeros((count, LOOKED_AT + 1)), np.array([case[2] for case in cases])
    share /= share.sum()
    for row, (found, place, _) in enumerate(cases):
        meant[row, place] = 1
        if found:
            facts[row, : len(found)] = found
            there[row, : len(found)] = True
    weights, mean, square = np.zeros(width), np.zeros(width), np.zeros(width)
    chance = meant
    for step in range(1, STEPS + 1):
        chance = _chances(np.where(there, facts @ weights, -np.inf))
        wrong = (chance - meant)[:, :LOOKED_AT] * share[:, None]
        slope = np.einsum("nk,nkd->d", wrong, facts) + PULL * weights
        mean, square = 0.9 * mean + 0.1 * slope, 0.999 * square + 0.001 * slope**2
        weights -= RATE * mean / (1 - 0.9**step) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
        weights[1:] = np.minimum(weights[1:], 0)
    loss = -float((share * np.log((chance * meant).sum(axis=1) + 1e-12)).sum())
    return weights, loss


def _chances(utilities: Floats) -> Floats:
    """Return, by question, the probability of each candidate and, last, of none."""
    all_ = np.concatenate([utilities, np.zeros((len(utilities), 1))], axis=1)
    parts = np.exp(all_ - all_.max(axis=1, keepdims=True))
    found: Floats = parts / parts.sum(axis=1, keepdims=True)
    return found
