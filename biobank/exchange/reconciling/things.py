"""Organisations, places and terms by their names, in any script."""

from threading import Lock

from biobank.exchange.reconciling.entities import Entity, read_entity, thing_names, things
from biobank.names.matcher import Matcher
from biobank.names.matches import Match
from biobank.records.catalogue import Catalogue

MOST = 10


class Things:
    """The names of one catalogue, put in order when first asked for; safe between threads."""

    def __init__(self) -> None:
        self._of: Catalogue | None = None
        self._matcher = Matcher()
        self._making = Lock()

    def matcher(self, catalogue: Catalogue) -> Matcher:
        with self._making:
            if self._of is not catalogue:
                self._matcher = Matcher(
                    (entity.ref, thing_names(entity, record), 0)
                    for entity, record in things(catalogue)
                )
                self._of = catalogue
            return self._matcher

    def find(self, catalogue: Catalogue, text: str, *, exactly: bool) -> list[tuple[Entity, Match]]:
        """What may be called `text`; `exactly`: word by word, equal or under a reading."""
        found = self.matcher(catalogue).find(text, MOST)
        return [
            (entity, match)
            for match in found
            if (not exactly or _whole(match)) and (entity := read_entity(match.person_id))
        ]


def _whole(match: Match) -> bool:
    words = len(match.name.split())
    told = all(pair.name for pair in match.pairs)
    return match.quality != "similar" and told and len(match.pairs) == words
