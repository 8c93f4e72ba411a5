"""Candidates for a query, with the evidence for and against each."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from biobank.exchange.reconciliation.agreement import Agreement
from biobank.exchange.reconciliation.entities import PERSON_TYPE, Entity
from biobank.exchange.reconciliation.entity_types import is_person_type, matches_types
from biobank.exchange.reconciliation.name_evidence import (
    NameEvidence,
    evaluate_name,
    matches_whole_query,
)
from biobank.exchange.reconciliation.query_parser import ReconciliationQuery
from biobank.exchange.reconciliation.scoring import (
    CERTAIN_SHARE,
    TYPE_PREFERENCE_LOG_ODDS,
    name_log_odds,
    nameless_log_odds,
    softmax,
)
from biobank.names.matches import Match

#: People compared by name: rivals of the best match, and more if properties may decide.
MIN_NAME_CANDIDATES: Final = 12
MAX_NAME_CANDIDATES: Final = 100

MatchFeature = dict[str, object]


@dataclass(frozen=True)
class ReconciliationCandidate:
    """A possible answer: `chance` is its share of the odds, 0–1; `certain` if it is the match."""

    entity: Entity
    types: tuple[str, ...]
    log_odds: float
    match: Match | None = None
    evidence: NameEvidence | None = None
    agreements: Sequence[Agreement] = field(default=())
    preferred: bool | None = None
    chance: float = 0.0
    certain: bool = False

    @property
    def score(self) -> float:
        return round(100 * self.chance, 1)

    def features(self) -> list[MatchFeature]:
        """Return the features of the API: numbers, and facts that are true or false."""
        features: list[MatchFeature] = []
        if self.match and self.evidence:
            features += _name_features(self.match, self.evidence)
        features += [
            {"id": f"property_{agreement.property_id}", "value": agreement.value}
            for agreement in self.agreements
        ]
        if self.preferred is not None:
            features.append({"id": "type_fits", "value": self.preferred})
        return features


def make_candidate(
    text: str,
    entity: Entity,
    types: Iterable[str],
    match: Match | None,
    population: int,
    agreements: Sequence[Agreement] = (),
) -> ReconciliationCandidate:
    """Build a candidate from its name match, if any, and its agreements."""
    evidence = evaluate_name(text, match) if match else None
    log_odds = name_log_odds(evidence) if evidence else nameless_log_odds(population)
    log_odds += sum(agreement.log_odds for agreement in agreements)
    return ReconciliationCandidate(entity, tuple(types), log_odds, match, evidence, agreements)


def rank_candidates(
    query: ReconciliationQuery,
    candidates: Iterable[ReconciliationCandidate],
    broader_types: Mapping[Entity, frozenset[str]],
) -> list[ReconciliationCandidate]:
    """Rank candidates of the requested types, likeliest first.

    `broader_types` holds the types of each entity with all broader ones.
    """
    weighted = (
        _apply_type_filter(query, candidate_, broader_types[candidate_.entity])
        for candidate_ in candidates
    )
    admitted = [candidate_ for candidate_ in weighted if candidate_ is not None]
    results = [
        replace(candidate_, chance=chance)
        for candidate_, chance in zip(
            admitted, softmax([candidate_.log_odds for candidate_ in admitted]), strict=True
        )
    ]
    # The sort is stable: equal candidates keep the matcher's order.
    results.sort(key=lambda candidate_: -candidate_.log_odds)
    if results and results[0].chance >= CERTAIN_SHARE and not _may_mean_person(query, results):
        results[0] = replace(results[0], certain=True)
    return results


def wants_people(query: ReconciliationQuery) -> bool:
    """Return whether a person may be meant: no type, a type of people, or only a preference."""
    may_be_person = not query.types or any(is_person_type(type_id) for type_id in query.types)
    return may_be_person or query.strict == "should"


def _may_mean_person(
    query: ReconciliationQuery, results: Sequence[ReconciliationCandidate]
) -> bool:
    """Return whether the first candidate is no person, but a person of that name may be meant.

    The log odds measure how much of a person's name is missing. Tables of people contain pen names
    and bare surnames, and a town of that name must not be matched automatically. Properties
    describe people, so a query with properties does not look for a town.
    """
    if results[0].entity.kind == PERSON_TYPE or not wants_people(query):
        return False
    return bool(query.constraints) or any(
        result.entity.kind == PERSON_TYPE
        and result.match is not None
        and matches_whole_query(result.match)
        for result in results
    )


def _apply_type_filter(
    query: ReconciliationQuery, candidate_: ReconciliationCandidate, broader_types: frozenset[str]
) -> ReconciliationCandidate | None:
    """Return the candidate with the effect of its types; None if it has no required type."""
    if not query.types:
        return candidate_
    type_fits = matches_types(broader_types, query.types, match_all=query.strict == "all")
    if query.strict != "should":
        return candidate_ if type_fits else None
    log_odds = candidate_.log_odds + (
        TYPE_PREFERENCE_LOG_ODDS if type_fits else -TYPE_PREFERENCE_LOG_ODDS
    )
    return replace(candidate_, log_odds=log_odds, preferred=type_fits)


def _name_features(match: Match, evidence: NameEvidence) -> list[MatchFeature]:
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
