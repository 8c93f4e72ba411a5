"""Scoring: the probability that a candidate is meant, given all the evidence.

Every fact adds to the log odds of a candidate against "nobody in the bank is meant", whose odds are
1. A score is 100 times the share of a candidate in the sum of all odds, so that two namesakes
without further evidence get 49 each and neither is certain.

The weights of names were fitted by `python -m benchmarks.reconciling --fit` on spellings of 222
people, except for two that no list can provide. `lone_similar` is a single word that is only
similar to a name. `lone_part` is a surname alone: many people outside the bank share it, so even
with a year of birth it is not certain. Results on people outside the fitted set are in
docs/adr/0012.
"""

from collections.abc import Mapping, Sequence
from math import exp, log
from typing import Final

from biobank.exchange.reconciliation.name_evidence import NameEvidence

#: Log odds of a candidate with a perfectly matching name.
EXACT_NAME_LOG_ODDS: Final = 3.4
#: Weight of each fact about the names, multiplied by its value.
NAME_WEIGHTS: Final[Mapping[str, float]] = {
    "unlike": -6.3,
    "worst": -7.8,
    "similar": -2.7,
    "title_asked": -1.6,
    "title_borne": -1.15,
    "name_asked": 0.0,
    "name_borne": -2.25,
    "lone": -0.75,
    "lone_similar": -1.5,
    "lone_part": -2.0,
    "vowelless": -0.24,
}
#: Weights that were set by judgement instead of fitted.
JUDGED_WEIGHTS: Final = ("lone_similar", "lone_part")
#: Minimum share of a candidate that counts as certain.
CERTAIN_SHARE: Final = 0.9
#: Log odds added for a preferred type, and subtracted for others.
TYPE_PREFERENCE_LOG_ODDS: Final = 0.7


def name_log_odds(evidence: NameEvidence) -> float:
    """Return the log odds by the name alone."""
    facts = evidence.to_dict()
    return EXACT_NAME_LOG_ODDS + sum(weight * facts[fact] for fact, weight in NAME_WEIGHTS.items())


def nameless_log_odds(population: int) -> float:
    """Return the log odds of a candidate without a name: everyone is equally likely."""
    return -log(population + 1)


def softmax(log_odds: Sequence[float]) -> list[float]:
    """Return the share of each candidate in the odds of all and of nobody, 0–1."""
    maximum = max([0.0, *log_odds])
    weights = [exp(value - maximum) for value in log_odds]
    total = sum(weights) + exp(-maximum)
    return [weight / total for weight in weights]
