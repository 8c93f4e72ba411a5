"""From evidence to a score: how likely it is that a candidate is meant, by all that is known.

Every fact adds to the logarithm of the odds of a candidate against "nobody of the bank is meant",
whose odds are 1. A score is 100 times the share of a candidate in the odds of all, so that two
namesakes of whom nothing more is known get 49 each and neither is certain.

The weights of names were fitted by `python -m benchmarks.reconciling --fit` on spellings of 222
people, but for two that no list can tell. `lone_similar`: a single word that is only like a name.
`lone_part`: a surname alone, which is borne by many in no bank, so that with a year of birth it is
no certainty yet. How they fare on people they were not fitted on is in docs/adr/0012.
"""

from collections.abc import Mapping, Sequence
from math import exp, log
from typing import Final

from biobank.exchange.reconciling.evidence import NameEvidence

#: Log odds of a candidate with whose name there is nothing wrong.
NAME: Final = 3.4
#: What each fact about the names takes off, times its number.
WEIGHTS: Final[Mapping[str, float]] = {
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
#: Those that were not fitted.
JUDGED: Final = ("lone_similar", "lone_part")
#: The share from which on a candidate is said to be the one.
CERTAIN: Final = 0.9
#: Candidates of other types than those that are only preferred, and of those.
PREFERRED: Final = 0.7


def name_odds(evidence: NameEvidence) -> float:
    """Log odds by the name alone."""
    facts = evidence.as_dict()
    return NAME + sum(weight * facts[fact] for fact, weight in WEIGHTS.items())


def nameless_odds(people: int) -> float:
    """Log odds of somebody of whose name nothing is known: anybody may be meant."""
    return -log(people + 1)


def chances(odds: Sequence[float]) -> list[float]:
    """The share of each in the odds of all and of nobody, 0–1."""
    top = max([0.0, *odds])
    parts = [exp(one - top) for one in odds]
    whole = sum(parts) + exp(-top)
    return [part / whole for part in parts]
