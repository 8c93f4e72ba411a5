"""Evidence from names for and against a candidate, from which its log odds are computed.

The matcher's score ranks people well, but whether the first is meant depends on more: a `bəy` or
`Mir` on one side only, a surname alone, or a script without vowels.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from biobank.names.matches import Match
from biobank.names.structure import (
    INITIAL_ROLE,
    NAME_ROLE,
    NUMBER_ROLE,
    TITLE_ROLE,
    NameWord,
    parse_name,
)
from biobank.names.transliteration import detect_script

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
    title_asked: float
    title_borne: float
    #: Number of names that only the query has, or only the name.
    name_asked: float
    name_borne: float
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
        title_asked=float(query_only[TITLE_ROLE] + query_only[NUMBER_ROLE] > 0),
        title_borne=float(name_only[TITLE_ROLE] + name_only[NUMBER_ROLE] > 0),
        name_asked=float(
            min(MAX_UNMATCHED_NAMES, query_only[NAME_ROLE] + query_only[INITIAL_ROLE])
        ),
        name_borne=float(min(MAX_UNMATCHED_NAMES, name_only[NAME_ROLE])),
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
        word.folded: NAME_ROLE if is_single_name and word.role == TITLE_ROLE else word.role
        for word in words
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
