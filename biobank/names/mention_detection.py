"""Name mention detection in queries: `Гаджибеков опера` names a person, then a topic."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from biobank.names.folding import has_letter
from biobank.names.matcher import NameMatcher
from biobank.names.matches import Match
from biobank.names.structure import is_optional, is_patronymic
from biobank.names.transliteration import detect_script

#: Maximum number of words in a person's name.
MAX_MENTION_WORDS = 8
#: Maximum number of query words scanned for names.
MAX_SCANNED_WORDS = 24
#: Maximum number of people returned for a similar name.
MAX_SIMILAR_PEOPLE = 50
#: Minimum similarity of a word to a name word, to count as misspelled.
FUZZY_WORD_MIN = 0.8
#: Minimum similarity of a similar name to the query, of a single-word name, and maximum difference
#: to the best match.
FUZZY_NAME_MIN = 0.7
SINGLE_WORD_MIN = 0.84
SCORE_MARGIN = 0.12


@dataclass(frozen=True, slots=True)
class NameMention:
    """A mention: `words[start:end]` is a name of the people in `scores` (0–1).

    `is_exact` if it is equal or a transliteration, otherwise it is only similar.
    """

    start: int
    end: int
    text: str
    scores: Mapping[str, float]
    is_exact: bool


def detect_mentions(
    matcher: NameMatcher, words: Sequence[str], excluded: Collection[int] = (), *, whole: bool = True
) -> list[NameMention]:
    """Return the mentions of known people in `words`, in order; the rest is text.

    The longest full name is taken first, then names to the left and right of it. Words at the
    positions `excluded` never belong to a name. With `whole`, words that are no names may be parts of
    one that all words form.
    """
    scanner = _NameScanner(matcher, words[:MAX_SCANNED_WORDS], excluded, 1.0)
    if whole and (people := scanner.whole_name(matcher)):
        return [NameMention(0, len(words), scanner.text(0, len(words)), people, is_exact=True)]
    return [
        mention
        for start, end in scanner.stretches()
        for mention in _NameStretch(matcher, scanner, start, end).mentions()
    ]


def detect_similar_mentions(
    matcher: NameMatcher, words: Sequence[str], unknown: Collection[int], excluded: Collection[int] = ()
) -> list[NameMention]:
    """Return mentions of similar names, each with at least one of the `unknown` words.

    All words together are tried first, then each stretch of possible name words.
    """
    scanner = _NameScanner(matcher, words[:MAX_SCANNED_WORDS], excluded, FUZZY_WORD_MIN)
    mentions = list(_similar_mentions(matcher, scanner, [(0, len(words))], unknown))
    return mentions or list(_similar_mentions(matcher, scanner, scanner.stretches(), unknown))


def _similar_mentions(
    matcher: NameMatcher,
    scanner: _NameScanner,
    stretches: Iterable[tuple[int, int]],
    unknown: Collection[int],
) -> Iterator[NameMention]:
    for start, end in stretches:
        if end - start <= MAX_MENTION_WORDS and any(start <= position < end for position in unknown):
            text = scanner.text(start, end)
            if people := _similar_people(matcher, text):
                yield NameMention(start, end, text, people, is_exact=False)


def _word_similarity(matcher: NameMatcher, word: str) -> float:
    return matcher.word_similarity(word) if has_letter(word) else 0.0


class _NameScanner:
    """The words of a query, and which of them may be part of a name."""

    def __init__(
        self, matcher: NameMatcher, words: Sequence[str], excluded: Collection[int], min_similarity: float
    ) -> None:
        self.words = words
        self._excluded = excluded
        known = [
            position not in excluded and _word_similarity(matcher, word) >= min_similarity
            for position, word in enumerate(words)
        ]
        #: Whether a name may start or end with the word.
        self.is_edge = [
            known[position] or (position not in excluded and is_patronymic(words, position))
            for position in range(len(words))
        ]
        self._is_inner = [
            self.is_edge[position] or (position not in excluded and is_optional(words, position))
            for position in range(len(words))
        ]

    def text(self, start: int, end: int) -> str:
        return " ".join(self.words[start:end])

    def whole_name(self, matcher: NameMatcher) -> Mapping[str, float]:
        """Return people whose name is the whole query, possibly with words joined or split."""
        has_several_words = 1 < len(self.words) <= MAX_MENTION_WORDS
        # An unknown word may consist of two known ones: Mirəsədulla.
        has_letters = all(has_letter(word) for word in self.words)
        if (
            not (has_several_words and has_letters)
            or self._excluded
            or not any(self.is_edge)
            or all(self._is_inner)
        ):
            return {}
        return matcher.people_with_name(self.text(0, len(self.words)), resegment=True)

    def stretches(self) -> Iterator[tuple[int, int]]:
        """Yield start and end of each stretch of words that may form one name."""
        start = 0
        for position, is_inner in enumerate([*self._is_inner, False]):
            if not is_inner:
                edges = [
                    edge_position for edge_position in range(start, position) if self.is_edge[edge_position]
                ]
                if edges:
                    yield edges[0], edges[-1] + 1
                start = position + 1


class _NameStretch:
    """Consecutive words that may form one name, and the names that contain each."""

    def __init__(self, matcher: NameMatcher, scanner: _NameScanner, start: int, end: int) -> None:
        self._matcher = matcher
        self._scanner = scanner
        self._start, self._end = start, end
        #: People by text: the same words are looked up in several passes, and may be repeated.
        self._people: dict[str, Mapping[str, float]] = {}
        # Optional words of a name exclude nobody.
        self._name_masks = {
            position: matcher.names_with(scanner.words[position])
            for position in range(start, end)
            if not is_optional(scanner.words, position)
        }

    def mentions(self) -> Iterator[NameMention]:
        """Yield the names in the stretch; the whole may be segmented differently."""
        start, end = self._start, self._end
        text = self._scanner.text(start, end)
        fits = end - start <= MAX_MENTION_WORDS
        people = self._matcher.people_with_name(text, resegment=True) if fits else {}
        if people:
            yield NameMention(start, end, text, people, is_exact=True)
        else:
            yield from self._longest_mentions(start, end)

    def _longest_mentions(self, start: int, end: int) -> Iterator[NameMention]:
        """Yield names within the stretch, the longest first, then those beside it."""
        for size in range(min(MAX_MENTION_WORDS, end - start), 0, -1):
            for position in range(start, end - size + 1):
                people = self._people_named(position, position + size)
                if people:
                    yield from self._longest_mentions(start, position)
                    text = self._scanner.text(position, position + size)
                    yield NameMention(position, position + size, text, people, is_exact=True)
                    yield from self._longest_mentions(position + size, end)
                    return

    def _people_named(self, start: int, end: int) -> Mapping[str, float]:
        """Return people named `words[start:end]`, looked up only if some name may match."""
        is_edge = self._scanner.is_edge
        if not (is_edge[start] and is_edge[end - 1]):
            return {}
        masks = [self._name_masks[position] for position in range(start, end) if position in self._name_masks]
        if masks and not np.logical_and.reduce(masks).any():
            return {}
        text = self._scanner.text(start, end)
        if text not in self._people:
            self._people[text] = self._matcher.people_with_name(text)
        return self._people[text]


def _similar_people(matcher: NameMatcher, text: str) -> Mapping[str, float]:
    scores = {
        match.person_id: _mention_similarity(matcher, match)
        for match in matcher.find(text, MAX_SIMILAR_PEOPLE)
    }
    min_score = max(FUZZY_NAME_MIN, max(scores.values(), default=0.0) - SCORE_MARGIN)
    return {id_: score for id_, score in scores.items() if score >= min_score}


def _mention_similarity(matcher: NameMatcher, match: Match) -> float:
    """Return the similarity of a name; 0 if a query word is not a name at all.

    A single word is compared on its own, not with the person's other names.
    """
    if len(match.pairs) > 1:
        extra = [pair.query for pair in match.pairs if pair.is_name and not pair.name]
        are_names = all(_word_similarity(matcher, word) >= FUZZY_WORD_MIN for word in extra)
        return match.score if are_names else 0.0
    only_pair = match.pairs[0]
    # Without vowels nearly every short word resembles some name.
    is_guess = detect_script(match.name) == "Arab" != detect_script(only_pair.query)
    return 0.0 if is_guess or only_pair.similarity < SINGLE_WORD_MIN else only_pair.similarity
