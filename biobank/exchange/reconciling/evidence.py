"""Evidence from names for and against a candidate, from which its log odds are computed.

The matcher's score ranks people well, but whether the first is meant depends on more: a `bəy` or
`Mir` on one side only, a surname alone, or a script without vowels.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from biobank.names.matches import Match
from biobank.names.readings import script
from biobank.names.structure import INITIAL, NAME, NUMBER, TITLE, Word, parse

#: Maximum count of names that only one side has.
NAMES_MOST = 2


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

    def as_dict(self) -> Mapping[str, float]:
        return asdict(self)


def name_evidence(text: str, match: Match) -> NameEvidence:
    """Return what `match`, found for the query `text`, says about whether its person is meant."""
    roles = _roles(parse(text).words)
    named = [(roles.get(_folded(pair.query), NAME), pair) for pair in match.pairs]
    asked = Counter(role for role, pair in named if not pair.name)
    told = [pair for role, pair in named if pair.name and role == NAME]
    borne = Counter(_left(match))
    similar = match.quality == "similar"
    return NameEvidence(
        unlike=1 - match.score,
        worst=1 - min((pair.likeness for pair in told), default=0.0),
        similar=float(similar),
        title_asked=float(asked[TITLE] + asked[NUMBER] > 0),
        title_borne=float(borne[TITLE] + borne[NUMBER] > 0),
        name_asked=float(min(NAMES_MOST, asked[NAME] + asked[INITIAL])),
        name_borne=float(min(NAMES_MOST, borne[NAME])),
        lone=float(len(told) <= 1),
        lone_similar=float(len(told) <= 1 and similar),
        lone_part=float(len(told) <= 1 and borne[NAME] > 0),
        vowelless=float(script(text) == "Arab"),
    )


def all_asked(match: Match) -> bool:
    """Return whether every word of the query occurs in the name, equal or transliterated."""
    return match.quality != "similar" and all(pair.name for pair in match.pairs)


def _roles(words: Sequence[Word]) -> dict[str, int]:
    """Return the role of each folded word; beside one name alone, a title counts as a name.

    Example: Xan Şuşinski.
    """
    alone = sum(word.role == NAME for word in words) <= 1
    return {word.folded: NAME if alone and word.role == TITLE else word.role for word in words}


def _folded(word: str) -> str:
    return next((one.folded for one in parse(word).words), word)


def _left(match: Match) -> list[int]:
    """Return the roles of the words in the person's name that no word of the query matches."""
    taken = Counter(pair.name for pair in match.pairs if pair.name)
    words = parse(match.name).words
    roles = _roles(words)
    left = []
    for word in words:
        if taken[word.text]:
            taken[word.text] -= 1
        else:
            left.append(roles[word.folded])
    return left
