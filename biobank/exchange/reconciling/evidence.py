"""What a name says for and against a candidate: the facts that its odds are made of.

The matcher's score orders people well; whether the first is meant hangs on more: a `bəy` or a
`Mir` that only one side has, a surname that stands alone, letters that leave vowels open.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from biobank.names.matches import Match
from biobank.names.readings import script
from biobank.names.structure import INITIAL, NAME, NUMBER, TITLE, Word, parse

#: Names that only one side has are counted up to here.
NAMES_MOST = 2


@dataclass(frozen=True, slots=True)
class NameEvidence:
    """Numbers that the odds weigh, as `odds.WEIGHTS` has them; those of a fact are 0 or 1."""

    #: How far the matcher's score is from 1, and the worst pair of words from being equal.
    unlike: float
    worst: float
    #: A word is no other spelling of the one it stands for, or has no partner.
    similar: float
    #: A title or a number that only the question has, or only the name.
    title_asked: float
    title_borne: float
    #: How many names only the question has, or only the name.
    name_asked: float
    name_borne: float
    #: One name alone agrees; that one only nearly so; and the person has more names than it.
    lone: float
    lone_similar: float
    lone_part: float
    #: The question is in letters that leave vowels open.
    vowelless: float

    def as_dict(self) -> Mapping[str, float]:
        return asdict(self)


def name_evidence(text: str, match: Match) -> NameEvidence:
    """What `match`, found for the question `text`, says of whether its person is meant."""
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
    """Whether each word of the question stands in the name, equal or under a reading."""
    return match.quality != "similar" and all(pair.name for pair in match.pairs)


def _roles(words: Sequence[Word]) -> dict[str, int]:
    """By folded word its role; beside one name alone a title is as good as one: Xan Şuşinski."""
    alone = sum(word.role == NAME for word in words) <= 1
    return {word.folded: NAME if alone and word.role == TITLE else word.role for word in words}


def _folded(word: str) -> str:
    return next((one.folded for one in parse(word).words), word)


def _left(match: Match) -> list[int]:
    """The roles of the words of the person's name that no word of the question stands for."""
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
