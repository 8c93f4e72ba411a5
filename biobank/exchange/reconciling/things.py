"""Matching of organisations, places and terms by name, in any script."""

from collections.abc import Callable, Iterator, Mapping
from threading import Lock
from typing import Final

from biobank.exchange.reconciling.entities import Entity, read_entity, thing_names, things
from biobank.exchange.reconciling.evidence import all_asked
from biobank.names.matcher import Matcher
from biobank.names.matches import Match
from biobank.records.catalogue import Catalogue

MOST: Final = 10
#: Facets whose values are entities, and the prefix of their ids.
FACETS: Final = {"place": "place", "organisation": "organisation", "profession": "term/profession"}


class Things:
    """Name matchers of the current catalogue, built on first use; thread-safe."""

    def __init__(self, counts: Callable[[str], Mapping[str, int]]) -> None:
        """Create the matcher; `counts` returns how many people have each value of a facet."""
        self._counts = counts
        self._of: Catalogue | None = None
        self._matcher = Matcher()
        self._making = Lock()

    def matcher(self, catalogue: Catalogue) -> Matcher:
        with self._making:
            if self._of is not catalogue:
                counts = {ref: count for facet in FACETS for ref, count in self._counted(facet)}
                self._matcher = Matcher(
                    (entity.ref, thing_names(entity, record), counts.get(entity.ref, 0))
                    for entity, record in things(catalogue)
                )
                self._of = catalogue
            return self._matcher

    def _counted(self, facet: str) -> Iterator[tuple[str, int]]:
        for value, count in self._counts(facet).items():
            yield f"{FACETS[facet]}/{value}", count

    def find(self, catalogue: Catalogue, text: str, *, exactly: bool) -> list[tuple[Entity, Match]]:
        """Find entities named `text`, with `exactly` only equal or transliterated whole names."""
        found = self.matcher(catalogue).find(text, MOST)
        return [
            (entity, match)
            for match in found
            if (not exactly or _whole(match)) and (entity := read_entity(match.person_id))
        ]


def _whole(match: Match) -> bool:
    return all_asked(match) and len(match.pairs) == len(match.name.split())
