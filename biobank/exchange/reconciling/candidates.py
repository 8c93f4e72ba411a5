"""Candidates for a query, with the evidence for and against each."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from biobank.exchange.reconciling.agreement import Agreement
from biobank.exchange.reconciling.asking import Query
from biobank.exchange.reconciling.entities import PERSON, Entity
from biobank.exchange.reconciling.evidence import NameEvidence, all_asked, name_evidence
from biobank.exchange.reconciling.odds import CERTAIN, PREFERRED, chances, name_odds, nameless_odds
from biobank.exchange.reconciling.types import fits, of_people
from biobank.names.matches import Match

#: People compared by name: rivals of the best match, and more if properties may decide.
RIVALS: Final = 12
POOL: Final = 100

Feature = dict[str, object]


@dataclass(frozen=True)
class Candidate:
    """A possible answer: `chance` is its share of the odds, 0–1; `certain` if it is the match."""

    entity: Entity
    types: tuple[str, ...]
    odds: float
    match: Match | None = None
    evidence: NameEvidence | None = None
    agreements: Sequence[Agreement] = field(default=())
    preferred: bool | None = None
    chance: float = 0.0
    certain: bool = False

    @property
    def score(self) -> float:
        return round(100 * self.chance, 1)

    def features(self) -> list[Feature]:
        """Return the features of the API: numbers, and facts that are true or false."""
        found: list[Feature] = []
        if self.match and self.evidence:
            found += _of_names(self.match, self.evidence)
        found += [{"id": f"property_{one.pid}", "value": one.value} for one in self.agreements]
        if self.preferred is not None:
            found.append({"id": "type_fits", "value": self.preferred})
        return found


def candidate(
    text: str,
    entity: Entity,
    types: Iterable[str],
    match: Match | None,
    people: int,
    agreements: Sequence[Agreement] = (),
) -> Candidate:
    """Build a candidate from its name match, if any, and its agreements."""
    evidence = name_evidence(text, match) if match else None
    odds = name_odds(evidence) if evidence else nameless_odds(people)
    odds += sum(one.odds for one in agreements)
    return Candidate(entity, tuple(types), odds, match, evidence, agreements)


def ranked(
    query: Query, found: Iterable[Candidate], wide: Mapping[Entity, frozenset[str]]
) -> list[Candidate]:
    """Rank candidates of the requested types, likeliest first.

    `broader_types` holds the types of each entity with all broader ones.
    """
    weighed = (_fitting(query, one, wide[one.entity]) for one in found)
    fitting = [one for one in weighed if one is not None]
    told = [
        replace(one, chance=chance)
        for one, chance in zip(fitting, chances([one.odds for one in fitting]), strict=True)
    ]
    # The sort is stable: equal candidates keep the matcher's order.
    told.sort(key=lambda one: -one.odds)
    if told and told[0].chance >= CERTAIN and not _maybe_a_person(query, told):
        told[0] = replace(told[0], certain=True)
    return told


def wants_people(query: Query) -> bool:
    """Return whether a person may be meant: no type, a type of people, or only a preference."""
    told = not query.types or any(of_people(one) for one in query.types)
    return told or query.strict == "should"


def _maybe_a_person(query: Query, told: Sequence[Candidate]) -> bool:
    """Return whether the first candidate is no person, but a person of that name may be meant.

    The log odds measure how much of a person's name is missing. Tables of people contain pen names
    and bare surnames, and a town of that name must not be matched automatically. Properties
    describe people, so a query with properties does not look for a town.
    """
    if told[0].entity.kind == PERSON or not wants_people(query):
        return False
    return bool(query.given) or any(
        one.entity.kind == PERSON and one.match is not None and all_asked(one.match) for one in told
    )


def _fitting(query: Query, one: Candidate, wide: frozenset[str]) -> Candidate | None:
    """Return the candidate with the effect of its types; None if it has no required type."""
    if not query.types:
        return one
    told = fits(wide, query.types, every=query.strict == "all")
    if query.strict != "should":
        return one if told else None
    odds = one.odds + (PREFERRED if told else -PREFERRED)
    return replace(one, odds=odds, preferred=told)


def _of_names(match: Match, evidence: NameEvidence) -> list[Feature]:
    keys = dict.fromkeys(pair.reading for pair in match.pairs if pair.reading)
    return [
        {"id": "name_similarity", "value": round(match.score, 3)},
        {"id": "name_worst_word", "value": round(1 - evidence.worst, 3)},
        {"id": f"name_{match.quality}", "value": True},
        *({"id": f"read_as_{key}", "value": True} for key in keys),
        {"id": "title_only_asked", "value": bool(evidence.title_asked)},
        {"id": "title_only_borne", "value": bool(evidence.title_borne)},
        {"id": "names_only_asked", "value": int(evidence.name_asked)},
        {"id": "names_only_borne", "value": int(evidence.name_borne)},
        {"id": "one_name_only", "value": bool(evidence.lone)},
    ]
