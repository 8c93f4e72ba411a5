"""Answers to batches of queries, from current public data."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from sqlalchemy.orm import Session

from biobank.errors import FieldError
from biobank.exchange.reconciliation.agreement import Claims
from biobank.exchange.reconciliation.candidates import (
    MAX_NAME_CANDIDATES,
    MIN_NAME_CANDIDATES,
    ReconciliationCandidate,
    build_search_query,
    make_candidate,
    rank_candidates,
    wants_people,
)
from biobank.exchange.reconciliation.entity_types import (
    PERSON_TYPE,
    Entity,
    EntityTypes,
    entity_description,
    entity_name,
    is_person_type,
    resolve_entity,
)
from biobank.exchange.reconciliation.name_evidence import EntityMatcher
from biobank.exchange.reconciliation.properties import IDENTIFIER_SCHEMES
from biobank.exchange.reconciliation.query_parser import (
    QueryError,
    ReconciliationQuery,
    parse_batch,
    truncate_for_message,
)
from biobank.names.matches import Match
from biobank.records.catalogue import Catalogue
from biobank.records.people.summaries import PersonSummary, find_by_identifier, load_summaries
from biobank.search.executor import NameMatcherCache
from biobank.search.facet_value_index import FacetValueIndex
from biobank.search.service import SearchService
from biobank.store.session import Database

JsonObject = dict[str, Any]

#: Maximum seconds per batch: a hundred times what fifty real names take. Only nonsense names come
#: near it.
MAX_BATCH_SECONDS: Final = 10.0
BATCH_TIMEOUT_PROBLEM: Final = FieldError(
    "", "late", "The batch took too long. Send this query again in a smaller batch."
)


@dataclass(frozen=True)
class _PreparedQuery:
    """A parsed query with its claims, and the people with similar names."""

    query: ReconciliationQuery
    claims: Claims
    matches: Mapping[str, Match | None]


@dataclass
class BatchProcessor:
    """Answers batches of queries; thread-safe, and limited to public data."""

    database: Database
    names: NameMatcherCache
    search: SearchService
    values: FacetValueIndex
    catalogue: Callable[[], Catalogue]
    max_seconds: float = MAX_BATCH_SECONDS
    entity_matcher: EntityMatcher = field(init=False)

    def __post_init__(self) -> None:
        self.entity_matcher = EntityMatcher(self.values.counts)

    def reconcile(self, text: str, lang: str) -> JsonObject:
        """Answer a batch in JSON.

        Raises:
            BadQuery: if the batch is malformed.
        """
        batch = parse_batch(text)
        types = EntityTypes(self.catalogue().public)
        queries = {
            key: self._resolve_types(query, types)
            for key, query in batch.items()
            if isinstance(query, ReconciliationQuery)
        }
        with self.database.read() as session:
            prepared = dict(self._prepare_all(session, queries))
            people = load_summaries(session, (id_ for item in prepared.values() for id_ in item.matches))
        answer: JsonObject = {}
        for key, query in batch.items():
            if key in prepared:
                candidates = self.candidates(prepared[key], people, types)[: queries[key].limit]
                result = [self._candidate_to_dict(item, people, types, lang) for item in candidates]
                answer[key] = {"result": result, **_problems(queries[key].problems)}
            else:
                problems = query.problems if isinstance(query, QueryError) else (BATCH_TIMEOUT_PROBLEM,)
                answer[key] = {"result": [], **_problems(problems)}
        return answer

    def _prepare_all(
        self, session: Session, queries: Mapping[str, ReconciliationQuery]
    ) -> Iterator[tuple[str, _PreparedQuery]]:
        """Yield the queries that are processed in time, and the first in any case."""
        end = time.monotonic() + self.max_seconds
        for number, (key, query) in enumerate(queries.items()):
            if not number or time.monotonic() < end:
                yield key, self._prepare(session, query)

    def candidates(
        self, prepared: _PreparedQuery, people: Mapping[str, PersonSummary], types: EntityTypes
    ) -> list[ReconciliationCandidate]:
        """Return the candidates, likeliest first."""
        query = prepared.query
        population = len(self.names.matcher())
        candidates = [
            make_candidate(
                query.text,
                Entity(PERSON_TYPE, id_),
                types.person_types(people[id_].professions),
                match,
                population,
                prepared.claims.compare(people[id_]),
            )
            for id_, match in prepared.matches.items()
            if id_ in people
        ]
        candidates += self._other_entities(query, types, population)
        return rank_candidates(
            query,
            candidates,
            {candidate_.entity: types.with_broader(candidate_.types) for candidate_ in candidates},
        )

    def _prepare(self, session: Session, query: ReconciliationQuery) -> _PreparedQuery:
        claims = Claims(query.constraints, self.search.labels(), self._share_of)
        matcher = self.names.matcher()
        matches: dict[str, Match | None] = {}
        if query.text and wants_people(query):
            limit = (
                MAX_NAME_CANDIDATES
                if query.constraints or query.types
                else max(MIN_NAME_CANDIDATES, query.limit)
            )
            matches |= {match.person_id: match for match in matcher.find(query.text, limit)}
        for id_ in self._by_properties(session, query, claims):
            if id_ not in matches:
                matches[id_] = matcher.match(query.text, id_) if query.text else None
        return _PreparedQuery(query, claims, matches)

    def _by_properties(self, session: Session, query: ReconciliationQuery, claims: Claims) -> Iterator[str]:
        """Yield people with a given catalogue id or, without a name, all given properties."""
        for scheme in IDENTIFIER_SCHEMES:
            if ids := claims.ids(scheme):
                yield from find_by_identifier(session, scheme, ids, MIN_NAME_CANDIDATES)
        if not query.text and (search_query := build_search_query(claims, MAX_NAME_CANDIDATES)):
            yield from self.search.page(search_query)[1]

    def _other_entities(
        self, query: ReconciliationQuery, types: EntityTypes, population: int
    ) -> Iterator[ReconciliationCandidate]:
        """Yield organisations, places and terms; unless requested by type, only exact names."""
        is_requested = any(not is_person_type(type_id) for type_id in query.types)
        if not query.text or (query.types and not is_requested and query.strict != "should"):
            return
        for entity, match in self.entity_matcher.find(types.catalogue, query.text, exactly=not is_requested):
            yield make_candidate(query.text, entity, types.entity_types(entity), match, population)

    def _share_of(self, facet: str, value: str) -> float:
        return self.values.counts(facet).get(value, 0) / max(1, len(self.names.matcher()))

    def _resolve_types(self, query: ReconciliationQuery, types: EntityTypes) -> ReconciliationQuery:
        """Follow merges of professions, and report unknown types."""
        unknown = [
            FieldError("type", "unknown", f"Unknown type {truncate_for_message(type_id)!r}.")
            for type_id in query.types
            if not types.exists(type_id)
        ]
        current = tuple(types.resolve(type_id) for type_id in query.types)
        return replace(query, types=current, problems=(*query.problems, *unknown))

    def _candidate_to_dict(
        self,
        candidate_: ReconciliationCandidate,
        people: Mapping[str, PersonSummary],
        types: EntityTypes,
        lang: str,
    ) -> JsonObject:
        name, description = self._name_and_description(candidate_.entity, people, types, lang)
        return {
            "id": candidate_.entity.ref,
            "name": name,
            **({"description": description} if description else {}),
            "score": candidate_.score,
            "match": candidate_.certain,
            "type": [types.to_dict(type_id, lang) for type_id in candidate_.types],
            "features": candidate_.features(),
        }

    def _name_and_description(
        self, entity: Entity, people: Mapping[str, PersonSummary], types: EntityTypes, lang: str
    ) -> tuple[str, str]:
        if entity.kind == PERSON_TYPE:
            return people[entity.id].name(lang), people[entity.id].line(lang)
        entity_and_record = resolve_entity(types.catalogue, entity)
        if entity_and_record is None:
            return entity.ref, ""
        return entity_name(*entity_and_record, lang), entity_description(
            types.catalogue, *entity_and_record, lang
        )


def _problems(problems: Iterable[FieldError]) -> JsonObject:
    data = [problem.to_dict() for problem in problems]
    return {"problems": data} if data else {}
