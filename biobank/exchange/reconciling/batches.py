"""Answers to batches of queries, from current public data."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy.orm import Session

from biobank.errors import Problem
from biobank.exchange.reconciling.agreement import Told
from biobank.exchange.reconciling.asking import Query, Unread, read_batch, shown
from biobank.exchange.reconciling.candidates import (
    POOL,
    RIVALS,
    Candidate,
    candidate,
    ranked,
    wants_people,
)
from biobank.exchange.reconciling.conditions import conditions
from biobank.exchange.reconciling.entities import PERSON, Entity, thing_line, thing_name
from biobank.exchange.reconciling.entities import thing as thing_of
from biobank.exchange.reconciling.properties import SCHEMES
from biobank.exchange.reconciling.things import Things
from biobank.exchange.reconciling.types import Types, of_people
from biobank.names.matches import Match
from biobank.records.catalogue import Catalogue
from biobank.records.people.outlines import Outline, identified, outlines
from biobank.search.known_names import KnownNames
from biobank.search.known_values import KnownValues
from biobank.search.service import SearchService
from biobank.store.session import Database

Answer = dict[str, Any]

#: Maximum seconds per batch: a hundred times what fifty real names take. Only nonsense names come
#: near it.
SECONDS_MOST: Final = 10.0
LATE: Final = Problem("", "late", "The batch took too long; send this query again with fewer.")


@dataclass(frozen=True)
class _Asked:
    """A parsed query with its claims, and the people with similar names."""

    query: Query
    told: Told
    matches: Mapping[str, Match | None]


@dataclass
class Batches:
    """Answers batches of queries; thread-safe."""

    database: Database
    names: KnownNames
    search: SearchService
    values: KnownValues
    catalogue: Callable[[], Catalogue]
    things: Things
    seconds_most: float = SECONDS_MOST

    def answer(self, text: str, lang: str) -> Answer:
        """Answer a batch in JSON.

        Raises:
            BadQuery: if the batch is malformed.
        """
        batch = read_batch(text)
        types = Types(self.catalogue().public)
        queries = {
            key: self._with_types_of_now(query, types)
            for key, query in batch.items()
            if isinstance(query, Query)
        }
        with self.database.read() as session:
            asked = dict(self._all_asked(session, queries))
            people = outlines(session, (id_ for one in asked.values() for id_ in one.matches))
        answer: Answer = {}
        for key, query in batch.items():
            if key in asked:
                found = self.candidates(asked[key], people, types)[: queries[key].limit]
                result = [self._shown(one, people, types, lang) for one in found]
                answer[key] = {"result": result, **_problems(queries[key].problems)}
            else:
                problems = query.problems if isinstance(query, Unread) else (LATE,)
                answer[key] = {"result": [], **_problems(problems)}
        return answer

    def _all_asked(
        self, session: Session, queries: Mapping[str, Query]
    ) -> Iterator[tuple[str, _Asked]]:
        """Yield the queries that are processed in time, and the first in any case."""
        end = time.monotonic() + self.seconds_most
        for number, (key, query) in enumerate(queries.items()):
            if not number or time.monotonic() < end:
                yield key, self._asked(session, query)

    def candidates(
        self, asked: _Asked, people: Mapping[str, Outline], types: Types
    ) -> list[Candidate]:
        """Return the candidates, likeliest first."""
        query = asked.query
        total = len(self.names.matcher())
        found = [
            candidate(
                query.text,
                Entity(PERSON, id_),
                types.of_person(people[id_].professions),
                match,
                total,
                asked.told.compared(people[id_]),
            )
            for id_, match in asked.matches.items()
            if id_ in people
        ]
        found += self._things(query, types, total)
        return ranked(query, found, {one.entity: types.all_of(one.types) for one in found})

    def _asked(self, session: Session, query: Query) -> _Asked:
        told = Told(query.given, self.search.labels(), self._share)
        matcher = self.names.matcher()
        matches: dict[str, Match | None] = {}
        if query.text and wants_people(query):
            most = POOL if query.given or query.types else max(RIVALS, query.limit)
            matches |= {one.person_id: one for one in matcher.find(query.text, most)}
        for id_ in self._by_properties(session, query, told):
            if id_ not in matches:
                matches[id_] = matcher.match(query.text, id_) if query.text else None
        return _Asked(query, told, matches)

    def _by_properties(self, session: Session, query: Query, told: Told) -> Iterator[str]:
        """Yield people with a given catalogue id or, without a name, all given properties."""
        for scheme in SCHEMES:
            if ids := told.ids(scheme):
                yield from identified(session, scheme, ids, RIVALS)
        if not query.text and (wanted := conditions(told, POOL)):
            yield from self.search.page(wanted)[1]

    def _things(self, query: Query, types: Types, total: int) -> Iterator[Candidate]:
        """Yield organisations, places and terms; unless requested by type, only exact names."""
        wanted = any(not of_people(one) for one in query.types)
        if not query.text or (query.types and not wanted and query.strict != "should"):
            return
        for entity, match in self.things.find(types.catalogue, query.text, exactly=not wanted):
            yield candidate(query.text, entity, types.of_thing(entity), match, total)

    def _share(self, facet: str, value: str) -> float:
        return self.values.counts(facet).get(value, 0) / max(1, len(self.names.matcher()))

    def _with_types_of_now(self, query: Query, types: Types) -> Query:
        """Follow merges of professions, and report unknown types."""
        unknown = [
            Problem("type", "unknown", f"There is no type {shown(one)!r}.")
            for one in query.types
            if not types.known(one)
        ]
        now = tuple(types.now(one) for one in query.types)
        return replace(query, types=now, problems=(*query.problems, *unknown))

    def _shown(
        self, one: Candidate, people: Mapping[str, Outline], types: Types, lang: str
    ) -> Answer:
        name, line = self._told(one.entity, people, types, lang)
        return {
            "id": one.entity.ref,
            "name": name,
            **({"description": line} if line else {}),
            "score": one.score,
            "match": one.certain,
            "type": [types.short(type_id, lang) for type_id in one.types],
            "features": one.features(),
        }

    def _told(
        self, entity: Entity, people: Mapping[str, Outline], types: Types, lang: str
    ) -> tuple[str, str]:
        if entity.kind == PERSON:
            return people[entity.id].name(lang), people[entity.id].line(lang)
        found = thing_of(types.catalogue, entity)
        if found is None:
            return entity.ref, ""
        return thing_name(*found, lang), thing_line(types.catalogue, *found, lang)


def _problems(problems: Iterable[Problem]) -> Answer:
    told = [one.as_dict() for one in problems]
    return {"problems": told} if told else {}
