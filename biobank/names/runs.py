"""Where in a question a person's name stands: `Гаджибеков опера` names somebody, then a thing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from biobank.names.folding import has_letter
from biobank.names.matcher import Match, Matcher

#: Words that one person's name has at most.
LONGEST = 6
#: People of a run that are returned.
PEOPLE_MOST = 50
#: How like a name a word must be, where no word is one.
NEARLY = 0.82


@dataclass(frozen=True, slots=True)
class Run:
    """`words[start:end]` reads as the name of the people in `matches`, best first.

    All matches are of the quality of the first: `similar` only where nothing else was found.
    """

    start: int
    end: int
    matches: tuple[Match, ...]

    @property
    def quality(self) -> str:
        """equal, reading or similar."""
        return self.matches[0].quality


def name_runs(matcher: Matcher, words: Sequence[str], most: int = PEOPLE_MOST) -> list[Run]:
    """The runs of `words` that read as known people's names, in order; the rest is text.

    The longest run that somebody bears whole is taken, then what stands left and right of it.
    Where no word is a known name, the longest run that is nearly one, if any.
    """
    familiar = [matcher.familiarity(word) if has_letter(word) else 0.0 for word in words]
    runs = list(_runs(matcher, words, [value >= 1 for value in familiar], most, sure=True))
    if runs:
        return runs
    return list(_runs(matcher, words, [value >= NEARLY for value in familiar], most, sure=False))


def _runs(
    matcher: Matcher, words: Sequence[str], named: Sequence[bool], most: int, *, sure: bool
) -> Iterator[Run]:
    start = 0
    while start < len(words):
        end = start
        while end < len(words) and named[end]:
            end += 1
        yield from _longest(matcher, words, start, end, most, sure=sure)
        start = end + 1


def _longest(
    matcher: Matcher, words: Sequence[str], start: int, end: int, most: int, *, sure: bool
) -> Iterator[Run]:
    """Runs within `words[start:end]`, which are all names of somebody."""
    for size in range(min(LONGEST, end - start), 0, -1):
        for at in range(start, end - size + 1):
            matches = _matches(matcher, words[at : at + size], most, sure=sure)
            if matches:
                yield from _longest(matcher, words, start, at, most, sure=sure)
                yield Run(at, at + size, matches)
                yield from _longest(matcher, words, at + size, end, most, sure=sure)
                return


def _matches(matcher: Matcher, words: Sequence[str], most: int, *, sure: bool) -> tuple[Match, ...]:
    found = matcher.find(" ".join(words), most)
    if sure:
        return tuple(m for m in found if m.quality != "similar" and all(p.name for p in m.pairs))
    return tuple(m for m in found if all(pair.likeness >= NEARLY for pair in m.pairs))
