"""Where in a question a person's name stands: `Гаджибеков опера` names somebody, then a thing."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from biobank.names.folding import has_letter
from biobank.names.matcher import Matcher
from biobank.names.structure import fills

#: Words that one person's name has at most.
LONGEST = 8
#: Words of a question among which names are sought; who asks for more does not ask for a name.
WORDS_MOST = 24
#: People of a similar name that are returned.
SIMILAR_MOST = 50
#: How like a name a word must be to be one with a slip.
NEARLY = 0.8
#: How like the question a similar name must be, and how much less than the best one others may be.
ALIKE = 0.7
WORSE = 0.12


@dataclass(frozen=True, slots=True)
class Run:
    """`words[start:end]` reads as the name of `people`, with how well, 0–1.

    `sure` where it is theirs, equal or under a reading; else it is only similar.
    """

    start: int
    end: int
    text: str
    people: Mapping[str, float]
    sure: bool


def name_runs(matcher: Matcher, words: Sequence[str], apart: Collection[int] = ()) -> list[Run]:
    """The runs of `words` that are names of known people, in order; the rest is text.

    The longest run that somebody bears whole is taken, then what stands left and right of it. Words
    at the places `apart` belong to no name, be they ever so like one.
    """
    words = words[:WORDS_MOST]
    named = [
        at not in apart and (fills(words, at) or _familiar(matcher, word) >= 1)
        for at, word in enumerate(words)
    ]
    return [run for start, end in _stretches(named) for run in _within(matcher, words, start, end)]


def similar_runs(
    matcher: Matcher, words: Sequence[str], unknown: Collection[int], apart: Collection[int] = ()
) -> list[Run]:
    """The runs of `words` that are nearly names of known people, each with a word of `unknown`."""
    words = words[:WORDS_MOST]
    nearly = [
        at not in apart and (fills(words, at) or _familiar(matcher, word) >= NEARLY)
        for at, word in enumerate(words)
    ]
    found = []
    for start, end in _stretches(nearly):
        end = min(end, start + LONGEST)
        people = _similar(matcher, " ".join(words[start:end]))
        if people and any(start <= at < end for at in unknown):
            found.append(Run(start, end, " ".join(words[start:end]), people, sure=False))
    return found


def _familiar(matcher: Matcher, word: str) -> float:
    return matcher.familiarity(word) if has_letter(word) else 0.0


def _stretches(named: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """Start and end of every stretch of words that are all part of names."""
    start = 0
    for at, value in enumerate([*named, False]):
        if not value:
            if start < at:
                yield start, at
            start = at + 1


def _within(matcher: Matcher, words: Sequence[str], start: int, end: int) -> Iterator[Run]:
    """The runs of a stretch; the whole of it may be cut into words otherwise than it is."""
    text = " ".join(words[start:end])
    people = matcher.bearers(text, cut_otherwise=True) if end - start <= LONGEST else {}
    if people:
        yield Run(start, end, text, people, sure=True)
    else:
        yield from _longest(matcher, words, start, end)


def _longest(matcher: Matcher, words: Sequence[str], start: int, end: int) -> Iterator[Run]:
    """Runs within `words[start:end]`, the longest first, then those beside it."""
    for size in range(min(LONGEST, end - start), 0, -1):
        for at in range(start, end - size + 1):
            text = " ".join(words[at : at + size])
            people = matcher.bearers(text)
            if people:
                yield from _longest(matcher, words, start, at)
                yield Run(at, at + size, text, people, sure=True)
                yield from _longest(matcher, words, at + size, end)
                return


def _similar(matcher: Matcher, text: str) -> Mapping[str, float]:
    found = matcher.find(text, SIMILAR_MOST)
    least = max(ALIKE, found[0].score - WORSE) if found else ALIKE
    return {match.person_id: match.score for match in found if match.score >= least}
