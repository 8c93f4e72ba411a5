"""Name mention detection in queries: `Гаджибеков опера` names a person, then a topic."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from biobank.names.folding import has_letter
from biobank.names.matcher import Matcher
from biobank.names.matches import Match
from biobank.names.readings import script
from biobank.names.structure import fills, of_father

#: Maximum number of words in a person's name.
LONGEST = 8
#: Maximum number of query words scanned for names.
WORDS_MOST = 24
#: Maximum number of people returned for a similar name.
SIMILAR_MOST = 50
#: Minimum similarity of a word to a name word, to count as misspelled.
NEARLY = 0.8
#: Minimum similarity of a similar name to the query, of a single-word name, and maximum difference
#: to the best match.
ALIKE = 0.7
ALONE = 0.84
WORSE = 0.12


@dataclass(frozen=True, slots=True)
class Run:
    """A mention: `words[start:end]` is a name of the people in `scores` (0–1).

    `is_exact` if it is equal or a transliteration, otherwise it is only similar.
    """

    start: int
    end: int
    text: str
    people: Mapping[str, float]
    sure: bool


def name_runs(matcher: Matcher, words: Sequence[str], apart: Collection[int] = ()) -> list[Run]:
    """Return the mentions of known people in `words`, in order; the rest is text.

    The longest full name is taken first, then names to the left and right of it. Words at the
    positions `excluded` never belong to a name.
    """
    question = _Question(matcher, words[:WORDS_MOST], apart, 1.0)
    if people := question.whole_name(matcher):
        return [Run(0, len(words), question.text(0, len(words)), people, sure=True)]
    return [
        run
        for start, end in question.stretches()
        for run in _Stretch(matcher, question, start, end).runs()
    ]


def similar_runs(
    matcher: Matcher, words: Sequence[str], unknown: Collection[int], apart: Collection[int] = ()
) -> list[Run]:
    """Return mentions of similar names, each with at least one of the `unknown` words.

    All words together are tried first, then each stretch of possible name words.
    """
    question = _Question(matcher, words[:WORDS_MOST], apart, NEARLY)
    found = list(_similar_runs(matcher, question, [(0, len(words))], unknown))
    return found or list(_similar_runs(matcher, question, question.stretches(), unknown))


def _similar_runs(
    matcher: Matcher,
    question: _Question,
    stretches: Iterable[tuple[int, int]],
    unknown: Collection[int],
) -> Iterator[Run]:
    for start, end in stretches:
        if end - start <= LONGEST and any(start <= at < end for at in unknown):
            text = question.text(start, end)
            if people := _similar(matcher, text):
                yield Run(start, end, text, people, sure=False)


def _familiar(matcher: Matcher, word: str) -> float:
    return matcher.familiarity(word) if has_letter(word) else 0.0


class _Question:
    """The words of a query, and which of them may be part of a name."""

    def __init__(
        self, matcher: Matcher, words: Sequence[str], apart: Collection[int], least: float
    ) -> None:
        self.words = words
        self._apart = apart
        known = [
            at not in apart and _familiar(matcher, word) >= least for at, word in enumerate(words)
        ]
        #: Whether a name may start or end with the word.
        self.edge = [
            known[at] or (at not in apart and of_father(words, at)) for at in range(len(words))
        ]
        self._inside = [
            self.edge[at] or (at not in apart and fills(words, at)) for at in range(len(words))
        ]

    def text(self, start: int, end: int) -> str:
        return " ".join(self.words[start:end])

    def whole_name(self, matcher: Matcher) -> Mapping[str, float]:
        """Return people whose name is the whole query, possibly with words joined or split."""
        several = 1 < len(self.words) <= LONGEST
        # An unknown word may consist of two known ones: Mirəsədulla.
        lettered = all(has_letter(word) for word in self.words)
        if not (several and lettered) or self._apart or not any(self.edge) or all(self._inside):
            return {}
        return matcher.bearers(self.text(0, len(self.words)), cut_otherwise=True)

    def stretches(self) -> Iterator[tuple[int, int]]:
        """Yield start and end of each stretch of words that may form one name."""
        start = 0
        for at, inside in enumerate([*self._inside, False]):
            if not inside:
                edges = [place for place in range(start, at) if self.edge[place]]
                if edges:
                    yield edges[0], edges[-1] + 1
                start = at + 1


class _Stretch:
    """Consecutive words that may form one name, and the names that contain each."""

    def __init__(self, matcher: Matcher, question: _Question, start: int, end: int) -> None:
        self._matcher = matcher
        self._question = question
        self._start, self._end = start, end
        # Optional words of a name exclude nobody.
        self._having = {
            at: matcher.having(question.words[at])
            for at in range(start, end)
            if not fills(question.words, at)
        }

    def runs(self) -> Iterator[Run]:
        """Yield the names in the stretch; the whole may be segmented differently."""
        start, end = self._start, self._end
        text = self._question.text(start, end)
        whole = end - start <= LONGEST
        people = self._matcher.bearers(text, cut_otherwise=True) if whole else {}
        if people:
            yield Run(start, end, text, people, sure=True)
        else:
            yield from self._longest(start, end)

    def _longest(self, start: int, end: int) -> Iterator[Run]:
        """Yield names within the stretch, the longest first, then those beside it."""
        for size in range(min(LONGEST, end - start), 0, -1):
            for at in range(start, end - size + 1):
                people = self._people(at, at + size)
                if people:
                    yield from self._longest(start, at)
                    text = self._question.text(at, at + size)
                    yield Run(at, at + size, text, people, sure=True)
                    yield from self._longest(at + size, end)
                    return

    def _people(self, start: int, end: int) -> Mapping[str, float]:
        """Return people named `words[start:end]`, looked up only if some name may match."""
        edge = self._question.edge
        if not (edge[start] and edge[end - 1]):
            return {}
        having = [self._having[at] for at in range(start, end) if at in self._having]
        if having and not np.logical_and.reduce(having).any():
            return {}
        return self._matcher.bearers(self._question.text(start, end))


def _similar(matcher: Matcher, text: str) -> Mapping[str, float]:
    found = {match.person_id: _alike(matcher, match) for match in matcher.find(text, SIMILAR_MOST)}
    least = max(ALIKE, max(found.values(), default=0.0) - WORSE)
    return {id_: alike for id_, alike in found.items() if alike >= least}


def _alike(matcher: Matcher, match: Match) -> float:
    """Return the similarity of a name; 0 if a query word is not a name at all.

    A single word is compared on its own, not with the person's other names.
    """
    if len(match.pairs) > 1:
        extra = [pair.query for pair in match.pairs if pair.telling and not pair.name]
        named = all(_familiar(matcher, word) >= NEARLY for word in extra)
        return match.score if named else 0.0
    asked = match.pairs[0]
    # Without vowels nearly every short word resembles some name.
    guessed = script(match.name) == "Arab" != script(asked.query)
    return 0.0 if guessed or asked.likeness < ALONE else asked.likeness
