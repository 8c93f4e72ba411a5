"""Match results: the person, the matched name, the score, and the matched word pairs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from biobank.names.index import EMPTY_SLOT, MatcherSnapshot, NameIndex
from biobank.names.scoring import ScoredNames, score_names, search, search_exact
from biobank.names.structure import NAME_ROLE, TITLE_ROLE, ParsedName, parse_name
from biobank.names.vocabulary import EQUAL, READING, SIMILAR, VOWELLESS_ORTHOGRAPHY

QUALITIES = {EQUAL: "equal", READING: "reading", SIMILAR: "similar"}


@dataclass(frozen=True, slots=True)
class WordPair:
    """A word of the query and the corresponding word of the name; either may be empty."""

    query: str
    name: str
    quality: str
    reading: str
    similarity: float = 0.0
    #: Whether the query word is a name, not a title, an initial or a patronymic.
    is_name: bool = True


@dataclass(frozen=True, slots=True)
class Match:
    """A matched person and name with word pairs; even a high `score` (0–1) proves no identity."""

    person_id: str
    score: float
    quality: str
    name: str
    pairs: tuple[WordPair, ...]
    reading: str


@dataclass(frozen=True)
class NameCandidate:
    """A scored name; its words are paired on demand only."""

    id: str
    #: Lower is better: only similar, negative score, by transliteration, negative popularity.
    rank: tuple[bool, float, bool, int]
    index: NameIndex
    name: int
    score: float
    level: int
    #: The slot of the name assigned to each word of the query.
    slots: tuple[int, ...]
    query: ParsedName

    @property
    def is_complete(self) -> bool:
        """Return whether every name and title of the query corresponds to a word of the name."""
        return all(
            slot >= 0 or word.role not in (NAME_ROLE, TITLE_ROLE)
            for word, slot in zip(self.query.words, self.slots, strict=True)
        )

    def to_match(self) -> Match:
        pairs = tuple(self._word_pairs())
        keys = [pair.reading for pair in pairs if pair.reading]
        return Match(
            self.id,
            round(self.score, 4),
            QUALITIES[self.level],
            self.index.names[self.name],
            pairs,
            keys[0] if keys else "",
        )

    def _word_pairs(self) -> Iterator[WordPair]:
        words = parse_name(self.index.names[self.name]).words
        for word, slot in zip(self.query.words, self.slots, strict=True):
            if slot < 0:
                yield WordPair(word.text, "", QUALITIES[SIMILAR], "", is_name=word.role == NAME_ROLE)
                continue
            number = self.index.slots[self.name, slot]
            word_matches = self.index.vocabulary.match(word, self.query.keys)
            position = int(np.flatnonzero(word_matches.ids == number)[0])
            reading = int(word_matches.reading[position])
            key = word_matches.readings[reading].key if reading >= 0 else ""
            quality = QUALITIES[int(word_matches.levels[position])]
            yield WordPair(
                word.text, words[slot].text, quality, key, round(float(word_matches.similarity[position]), 3)
            )


#: Minimum score of results.
MIN_SCORE = 0.5
#: Score penalty of a transliterated match against an exact one.
READING_PENALTY = 0.001
#: Score factor of similar names without written vowels, which match nearly everything.
VOWELLESS_PENALTY = 0.85


def best_people(
    snapshot: MatcherSnapshot, query: ParsedName, max_candidates: int, limit: int, factor: float
) -> list[NameCandidate]:
    """Return the best name of each of the best `limit` people per index; scores times `factor`."""
    return [
        candidate
        for index, active_mask in zip(snapshot.indexes, snapshot.active_masks, strict=True)
        for candidate in _rank(
            index, search(index, query, active_mask, max_candidates), query, factor, 2 * limit
        )
    ]


def rank_names_of_person(
    index: NameIndex, number: int, query: ParsedName, factor: float
) -> Iterator[NameCandidate]:
    """Yield the matching names of one person, best first."""
    scored = score_names(index, query, index.names_of(number))
    yield from _rank(index, scored, query, factor, len(scored.names), each_name=True)


def people_with_name(
    snapshot: MatcherSnapshot, query: ParsedName, factor: float
) -> tuple[dict[str, float], bool]:
    """Return the scores of all people with the name, and whether any name has the whole query."""
    best_scores: dict[str, float] = {}
    required = np.array([word.role in (NAME_ROLE, TITLE_ROLE) for word in query.words])
    is_complete = False
    for index, active_mask in zip(snapshot.indexes, snapshot.active_masks, strict=True):
        scored = search_exact(index, query, active_mask)
        scores = np.round(scored.scores * factor, _decimal_places(query))
        scores -= READING_PENALTY * ((scored.levels == READING) & (not _is_single_name(query)))
        owners = index.owners[scored.names]
        # Ascending, so that the best name of a person is written last.
        order = np.argsort(scores, kind="stable")
        for owner, score in zip(owners[order].tolist(), scores[order].tolist(), strict=True):
            best_scores[index.ids[owner]] = score
        is_complete |= bool((scored.slots[:, required] != EMPTY_SLOT).all(axis=1).any())
    return best_scores, is_complete


def _is_single_name(query: ParsedName) -> bool:
    return sum(word.role == NAME_ROLE for word in query.words) <= 1


def _decimal_places(query: ParsedName) -> int:
    """Return the number of significant decimal places of a score.

    A single word is shared by many people; small differences in their other names are irrelevant.
    """
    return 2 if _is_single_name(query) else 4


def _rank(
    index: NameIndex,
    scored: ScoredNames,
    query: ParsedName,
    factor: float,
    limit: int,
    *,
    each_name: bool = False,
) -> Iterator[NameCandidate]:
    """Yield the best name of each of the best `limit` people, or all; scores times `factor`."""
    owners = index.owners[scored.names]
    is_similar = scored.levels == SIMILAR
    scores = scored.scores * factor
    if VOWELLESS_ORTHOGRAPHY not in query.keys:
        scores = np.where(is_similar & index.vowelless[scored.names], scores * VOWELLESS_PENALTY, scores)
    popularity = index.popularity[owners]
    rounded = np.round(scores, _decimal_places(query))
    by_transliteration = (scored.levels == READING) & (not _is_single_name(query))
    order = np.lexsort((scored.names, -popularity, by_transliteration, -rounded, is_similar))
    order = order[scores[order] >= MIN_SCORE]
    group_keys = scored.names if each_name else owners
    _, first = np.unique(group_keys[order], return_index=True)
    for row in order[np.sort(first)[:limit]].tolist():
        yield NameCandidate(
            id=index.ids[owners[row]],
            rank=(
                bool(is_similar[row]),
                -float(rounded[row]),
                bool(by_transliteration[row]),
                -int(popularity[row]),
            ),
            index=index,
            name=int(scored.names[row]),
            score=float(scores[row]),
            level=int(scored.levels[row]),
            slots=tuple(scored.slots[row].tolist()),
            query=query,
        )
