"""Candidates for a query, with the evidence for and against each."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import exp, log
from typing import Final

from biobank.exchange.reconciliation.agreement import PROPERTY_WEIGHTS, Agreement, Claims
from biobank.exchange.reconciliation.entity_types import PERSON_TYPE, Entity, is_person_type, matches_types
from biobank.exchange.reconciliation.name_evidence import NameEvidence, evaluate_name, matches_whole_query
from biobank.exchange.reconciliation.query_parser import ReconciliationQuery
from biobank.names.matches import Match
from biobank.records.proleptic_calendar import format_iso
from biobank.search.query import MAX_FACET_VALUES, MAX_PAGE_SIZE, DateFilter, FacetChoice, SearchQuery

#: Log odds of a candidate with a perfectly matching name.
EXACT_NAME_LOG_ODDS: Final = 3.4
#: Weight of each fact about the names, multiplied by its value.
NAME_WEIGHTS: Final[Mapping[str, float]] = {
    "unlike": -6.3,
    "worst": -7.8,
    "similar": -2.7,
    "title_in_query": -1.6,
    "title_in_name": -1.15,
    "names_in_query": 0.0,
    "names_in_name": -2.25,
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
        _apply_type_filter(query, candidate_, broader_types[candidate_.entity]) for candidate_ in candidates
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


def _may_mean_person(query: ReconciliationQuery, results: Sequence[ReconciliationCandidate]) -> bool:
    """Return whether the first candidate is no person, but a person of that name may be meant.

    The log odds measure how much of a person's name is missing. Tables of people contain pen names
    and bare surnames, and a town of that name must not be matched automatically. Properties
    describe people, so a query with properties does not look for a town.
    """
    if results[0].entity.kind == PERSON_TYPE or not wants_people(query):
        return False
    return bool(query.constraints) or any(
        result.entity.kind == PERSON_TYPE and result.match is not None and matches_whole_query(result.match)
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
    log_odds = candidate_.log_odds + (TYPE_PREFERENCE_LOG_ODDS if type_fits else -TYPE_PREFERENCE_LOG_ODDS)
    return replace(candidate_, log_odds=log_odds, preferred=type_fits)


def _name_features(match: Match, evidence: NameEvidence) -> list[MatchFeature]:
    keys = dict.fromkeys(pair.reading for pair in match.pairs if pair.reading)
    return [
        {"id": "name_similarity", "value": round(match.score, 3)},
        {"id": "name_worst_word", "value": round(1 - evidence.worst, 3)},
        {"id": f"name_{match.quality}", "value": True},
        *({"id": f"read_as_{key}", "value": True} for key in keys),
        {"id": "title_only_asked", "value": bool(evidence.title_in_query)},
        {"id": "title_only_borne", "value": bool(evidence.title_in_name)},
        {"id": "names_only_asked", "value": int(evidence.names_in_query)},
        {"id": "names_only_borne", "value": int(evidence.names_in_name)},
        {"id": "one_name_only", "value": bool(evidence.lone)},
    ]


def build_search_query(claims: Claims, limit: int) -> SearchQuery | None:
    """Build a search for people with all claimed facts; None if no claim was understood."""
    choices = {
        property_id: FacetChoice(include=ids[:MAX_FACET_VALUES])
        for property_id in PROPERTY_WEIGHTS
        if (ids := claims.ids(property_id))
    }
    born, died = _date_filter(claims, "birth"), _date_filter(claims, "death")
    if not (choices or born or died):
        return None
    size = min(limit, MAX_PAGE_SIZE)
    return SearchQuery(size=size, choices=choices, born=born, died=died)


def _date_filter(claims: Claims, role: str) -> DateFilter | None:
    """Return a filter by the first date given for a birth or death."""
    for span in claims.spans(role):
        first, last = span.earliest, span.latest
        days = ("" if day is None else format_iso(day) for day in (first, last))
        return DateFilter("..".join(days), first, last)
    return None
