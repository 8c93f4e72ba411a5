"""Scores of names against a query name: assignment of words, and penalties for the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biobank.names.grams import distinct
from biobank.names.index import EMPTY, NameIndex
from biobank.names.structure import (
    INITIAL,
    LONE_TITLE,
    NAME,
    NUMBER,
    PATRONYMIC,
    TITLE,
    WORDS_MOST,
    Name,
    Word,
)
from biobank.names.vocabulary import EQUAL, SIMILAR, VOWELLESS, Near

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]

#: Penalties for query words missing from the name, and for name words missing from the query.
EXTRA = 0.9
MISSING = 0.34
MISSING_MOST = 0.5
#: Factor for a patronymic matched with a name: same family, but seldom the same person.
OTHER_ROLE = 0.9
#: Penalty for a different word order.
DISORDER = 0.004
#: Minimum similarity of a single word by maximum length in letters: "their" is not Tair.
LONE_LEAST = ((3, 0.985), (4, 0.98), (6, 0.965))
#: Maximum number of scored names, those that share most with the query.
CANDIDATES = 200


@dataclass(frozen=True)
class Scored:
    """Scored names by number: score, level, and the slot assigned to each query word."""

    names: Ints
    scores: Floats
    levels: NDArray[np.int8]
    taken: NDArray[np.int8]

    def only(self, kept: NDArray[np.bool_]) -> Scored:
        """Return the names for which the mask is true."""
        return Scored(self.names[kept], self.scores[kept], self.levels[kept], self.taken[kept])


def search(index: NameIndex, name: Name, alive: NDArray[np.bool_], most: int) -> Scored:
    """Return the best names for `name` among active people, at most `limit`, unordered."""
    near = _near(index, name)
    found = _candidates(index, name, near, alive, most)
    return _score(index, name, near, found)


def search_whole(index: NameIndex, name: Name, alive: NDArray[np.bool_]) -> Scored:
    """Return all names of active people that match `name`, exact or transliterated.

    A single word has no other words to confirm it, so it must match closely.
    """
    near = _near(index, name)
    telling = _telling(name)
    found = alive[index.owners]
    for at in telling:
        sure = near[at].levels > SIMILAR
        if len(telling) == 1:
            sure &= _closely(index, name, near[at], name.words[at])
        having = np.zeros(len(index.names), np.bool_)
        having[index.with_words(near[at].ids[sure])[0]] = True
        found &= having
    scored = _score(index, name, near, np.flatnonzero(found).astype(np.int32))
    return scored.only(scored.levels > SIMILAR)


def _closely(index: NameIndex, name: Name, near: Near, word: Word) -> NDArray[np.bool_]:
    """Return which matches of a lone word are similar enough and write the same vowels."""
    least = next((least for most, least in LONE_LEAST if len(word.folded) <= most), 0.0)
    telling_vowels = ~index.vocabulary.vowelless[near.ids] | (VOWELLESS in name.keys)
    close = telling_vowels & (near.likeness >= least)
    return np.asarray(close | (near.levels == EQUAL))


def names_with(index: NameIndex, word: Word, keys: tuple[str, ...]) -> Ints:
    """Return the names that contain `word`, exact or transliterated."""
    near = index.vocabulary.near(word, keys)
    return index.with_words(near.ids[near.levels > SIMILAR])[0]


def score_names(index: NameIndex, name: Name, names: Ints) -> Scored:
    """Score the given name numbers only."""
    return _score(index, name, _near(index, name), names)


def _near(index: NameIndex, name: Name) -> list[Near]:
    return [index.vocabulary.near(word, name.keys) for word in name.words]


def _telling(name: Name) -> Sequence[int]:
    """Return the positions of words used for the search: names, else titles, else all."""
    names = [at for at, word in enumerate(name.words) if word.role == NAME]
    names = names or [at for at, word in enumerate(name.words) if word.role != INITIAL]
    return names or range(len(name.words))


def _candidates(
    index: NameIndex, name: Name, near: Sequence[Near], alive: NDArray[np.bool_], most: int
) -> Ints:
    weights = name.weights()
    having = []
    for at in _telling(name):
        order = np.argsort(near[at].likeness, kind="stable")
        names, counts = index.with_words(near[at].ids[order])
        having.append((weights[at], names, np.repeat(near[at].likeness[order], counts)))
    found = distinct(np.concatenate([names for _, names, _ in having]), len(index.names))
    found = found[alive[index.owners[found]]]
    total = index.bias[found]
    for weight, names, likeness in having:
        by_name = np.zeros(len(index.names), np.float32)
        # Ascending, so that the more similar of two words of a name is written last.
        by_name[names] = likeness
        total += weight * by_name[found]
    if len(found) > most:
        found = found[np.argpartition(-total, most)[:most]]
    return np.sort(found).astype(np.int32)


def _score(index: NameIndex, name: Name, near: Sequence[Near], names: Ints) -> Scored:
    """Return the weight of the assigned words relative to the total weight."""
    slots, weights = index.slots[names], index.weights[names]
    own = np.array(name.weights(), np.float32)
    likeness, levels = _pairs(index, name, near, slots, index.roles[names])
    taken = _assigned(likeness, own, weights)
    rows, words = np.nonzero(taken != EMPTY)
    places = taken[rows, words]
    pair = (own[words] + weights[rows, places]) / 2
    count = len(names)
    gained = np.bincount(rows, pair * likeness[rows, words, places], count)
    whole = np.bincount(rows, pair, count)
    extra = (own[None, :] * (taken == EMPTY)).sum(axis=1)
    missing = np.minimum(_missing(name, taken, weights), MISSING_MOST)
    points = gained / np.maximum(whole + EXTRA * extra + missing, 1e-6)
    points -= DISORDER * _disordered(taken)
    reached = np.full(taken.shape, EQUAL, np.int8)
    reached[rows, words] = levels[rows, words, places]
    level = reached.min(axis=1)
    # Initials alone match only the same initials.
    initial = np.array([word.role == INITIAL for word in name.words])
    told = ~initial[words] & (index.roles[names][rows, places] != INITIAL)
    full = np.bincount(rows, told | (reached[rows, words] == EQUAL), count) > 0
    level = np.where(full & ~_lacking(name, taken), level, SIMILAR).astype(np.int8)
    return Scored(names, points.astype(np.float32), level, taken)


def _assigned(likeness: Floats, own: Floats, weights: Floats) -> NDArray[np.int8]:
    """Assign query words to slots greedily, the most similar pair first."""
    count, size, _ = likeness.shape
    taken = np.full((count, size), EMPTY, np.int8)
    left = likeness * np.minimum(own[None, :, None] + 0.2, weights[:, None, :] + 0.2)
    rows = np.arange(count)
    for _ in range(size):
        best = left.reshape(count, size * WORDS_MOST).argmax(axis=1)
        word, slot = best // WORDS_MOST, best % WORDS_MOST
        good = left[rows, word, slot] > 0
        taken[rows[good], word[good]] = slot[good]
        left[rows[good], word[good], :] = 0
        left[rows[good], :, slot[good]] = 0
    return taken


def _pairs(
    index: NameIndex, name: Name, near: Sequence[Near], slots: Ints, roles: NDArray[np.int8]
) -> tuple[Floats, NDArray[np.int8]]:
    """Return similarity and level by name, query word and slot."""
    shape = (len(slots), len(name.words), WORDS_MOST)
    likeness, levels = np.zeros(shape, np.float32), np.zeros(shape, np.int8)
    # One extra element for the index -1 of empty slots.
    by_word = np.zeros(len(index.vocabulary) + 1, np.float32)
    level_by_word = np.zeros(len(index.vocabulary) + 1, np.int8)
    for at, word in enumerate(name.words):
        ids = near[at].ids
        by_word[ids], level_by_word[ids] = near[at].likeness, near[at].levels
        likeness[:, at], levels[:, at] = by_word[slots], level_by_word[slots]
        fathers = (roles == PATRONYMIC) != (word.role == PATRONYMIC)
        likeness[:, at] *= np.where(fathers, OTHER_ROLE, 1.0)
        levels[:, at] = np.where(fathers, SIMILAR, levels[:, at])
        by_word[ids], level_by_word[ids] = 0, 0
    return likeness, levels


def _missing(name: Name, taken: NDArray[np.int8], weights: Floats) -> Floats:
    """Return the penalty for name words missing from the query; constant for single words."""
    rest = weights.copy()
    for at in range(taken.shape[1]):
        found = taken[:, at] != EMPTY
        rest[found, taken[found, at]] = 0
    more = rest.sum(axis=1)
    if sum(word.role == NAME for word in name.words) == 1:
        return np.asarray(MISSING * (rest.max(axis=1) >= np.float32(LONE_TITLE)), np.float32)
    return np.asarray(MISSING * more, np.float32)


def _lacking(name: Name, taken: NDArray[np.int8]) -> NDArray[np.bool_]:
    """Return whether a required word is missing: a name, a number, or the title of a lone name."""
    names = sum(word.role == NAME for word in name.words)
    must = [
        word.role in (NAME, INITIAL, NUMBER) or (word.role == TITLE and names <= 1)
        for word in name.words
    ]
    return np.asarray(((taken == EMPTY) & np.array(must)).any(axis=1))


def _disordered(taken: NDArray[np.int8]) -> NDArray[np.bool_]:
    last = np.full(len(taken), -1, np.int8)
    wrong = np.zeros(len(taken), np.bool_)
    for at in range(taken.shape[1]):
        slot = taken[:, at]
        wrong |= (slot != EMPTY) & (slot < last)
        last = np.maximum(last, slot)
    return wrong
