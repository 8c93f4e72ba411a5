"""Matching of organisations, places and terms by name, in any script."""

from collections.abc import Callable, Iterator, Mapping
from threading import Lock
from typing import Final

from biobank.exchange.reconciliation.entities import (
    Entity,
    entity_names,
    iter_entities,
    parse_entity,
)
from biobank.exchange.reconciliation.name_evidence import matches_whole_query
from biobank.names.matcher import NameMatcher
from biobank.names.matches import Match
from biobank.records.catalogue import Catalogue

MAX_ENTITY_MATCHES: Final = 10
#: Facets whose values are entities, and the prefix of their ids.
FACET_ID_PREFIXES: Final = {
    "place": "place",
    "organisation": "organisation",
    "profession": "term/profession",
}


class EntityMatcher:
    """Name matchers of the current catalogue, built on first use; thread-safe."""

    def __init__(self, counts: Callable[[str], Mapping[str, int]]) -> None:
        """Create the matcher; `counts` returns how many people have each value of a facet."""
        self._counts = counts
        self._catalogue: Catalogue | None = None
        self._matcher = NameMatcher()
        self._lock = Lock()

    def matcher(self, catalogue: Catalogue) -> NameMatcher:
        with self._lock:
            if self._catalogue is not catalogue:
                counts = {
                    ref: count
                    for facet in FACET_ID_PREFIXES
                    for ref, count in self._facet_counts(facet)
                }
                self._matcher = NameMatcher(
                    (entity.ref, entity_names(entity, record), counts.get(entity.ref, 0))
                    for entity, record in iter_entities(catalogue)
                )
                self._catalogue = catalogue
            return self._matcher

    def _facet_counts(self, facet: str) -> Iterator[tuple[str, int]]:
        for value, count in self._counts(facet).items():
            yield f"{FACET_ID_PREFIXES[facet]}/{value}", count

    def find(self, catalogue: Catalogue, text: str, *, exactly: bool) -> list[tuple[Entity, Match]]:
        """Find entities named `text`, with `exactly` only equal or transliterated whole names."""
        matches = self.matcher(catalogue).find(text, MAX_ENTITY_MATCHES)
        return [
            (entity, match)
            for match in matches
            if (not exactly or _is_whole_name(match)) and (entity := parse_entity(match.person_id))
        ]


def _is_whole_name(match: Match) -> bool:
    return matches_whole_query(match) and len(match.pairs) == len(match.name.split())
