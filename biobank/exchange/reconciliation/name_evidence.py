"""Evidence from names for and against a candidate, from which its log odds are computed.

The matcher's score ranks people well, but whether the first is meant depends on more: a `bəy` or
`Mir` on one side only, a surname alone, or a script without vowels.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from threading import Lock
from typing import Final

from biobank.exchange.reconciliation.entity_types import Entity, entity_names, iter_entities, parse_entity
from biobank.names.matcher import NameMatcher
from biobank.names.matches import Match
from biobank.names.structure import INITIAL_ROLE, NAME_ROLE, NUMBER_ROLE, TITLE_ROLE, NameWord, parse_name
from biobank.names.transliteration import detect_script
from biobank.records.catalogue import Catalogue

#: Maximum count of names that only one side has.
MAX_UNMATCHED_NAMES = 2


@dataclass(frozen=True, slots=True)
class NameEvidence:
    """Facts weighted by `scoring.NAME_WEIGHTS`; all but the counts and scores are 0 or 1."""

    #: Distance of the matcher's score from 1, and of the worst word pair from equality.
    unlike: float
    worst: float
    #: A word is no known spelling of its counterpart, or has none.
    similar: float
    #: A title or number that only the query has, or only the name.
    title_in_query: float
    title_in_name: float
    #: Number of names that only the query has, or only the name.
    names_in_query: float
    names_in_name: float
    #: A single name agrees; it agrees only approximately; the person has more names than it.
    lone: float
    lone_similar: float
    lone_part: float
    #: The query is in a script that omits vowels.
    vowelless: float

    def to_dict(self) -> Mapping[str, float]:
        return asdict(self)


def evaluate_name(text: str, match: Match) -> NameEvidence:
    """Return what `match`, found for the query `text`, says about whether its person is meant."""
    roles = _word_roles(parse_name(text).words)
    pairs_by_role = [(roles.get(_fold_word(pair.query), NAME_ROLE), pair) for pair in match.pairs]
    query_only = Counter(role for role, pair in pairs_by_role if not pair.name)
    matched = [pair for role, pair in pairs_by_role if pair.name and role == NAME_ROLE]
    name_only = Counter(_unmatched_roles(match))
    similar = match.quality == "similar"
    return NameEvidence(
        unlike=1 - match.score,
        worst=1 - min((pair.similarity for pair in matched), default=0.0),
        similar=float(similar),
        title_in_query=float(query_only[TITLE_ROLE] + query_only[NUMBER_ROLE] > 0),
        title_in_name=float(name_only[TITLE_ROLE] + name_only[NUMBER_ROLE] > 0),
        names_in_query=float(min(MAX_UNMATCHED_NAMES, query_only[NAME_ROLE] + query_only[INITIAL_ROLE])),
        names_in_name=float(min(MAX_UNMATCHED_NAMES, name_only[NAME_ROLE])),
        lone=float(len(matched) <= 1),
        lone_similar=float(len(matched) <= 1 and similar),
        lone_part=float(len(matched) <= 1 and name_only[NAME_ROLE] > 0),
        vowelless=float(detect_script(text) == "Arab"),
    )


def matches_whole_query(match: Match) -> bool:
    """Return whether every word of the query occurs in the name, equal or transliterated."""
    return match.quality != "similar" and all(pair.name for pair in match.pairs)


def _word_roles(words: Sequence[NameWord]) -> dict[str, int]:
    """Return the role of each folded word; beside one name alone, a title counts as a name.

    Example: Xan Şuşinski.
    """
    is_single_name = sum(word.role == NAME_ROLE for word in words) <= 1
    return {
        word.folded: NAME_ROLE if is_single_name and word.role == TITLE_ROLE else word.role for word in words
    }


def _fold_word(word: str) -> str:
    return next((parsed.folded for parsed in parse_name(word).words), word)


def _unmatched_roles(match: Match) -> list[int]:
    """Return the roles of the words in the person's name that no word of the query matches."""
    matched = Counter(pair.name for pair in match.pairs if pair.name)
    words = parse_name(match.name).words
    roles = _word_roles(words)
    unmatched = []
    for word in words:
        if matched[word.text]:
            matched[word.text] -= 1
        else:
            unmatched.append(roles[word.folded])
    return unmatched


MAX_ENTITY_MATCHES: Final = 10
#: Facets whose values are entities, and the prefix of their ids.
FACET_ID_PREFIXES: Final = {"place": "place", "organisation": "organisation", "profession": "term/profession"}


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
                    ref: count for facet in FACET_ID_PREFIXES for ref, count in self._facet_counts(facet)
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
