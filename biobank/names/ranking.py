"""Ranking of people: the best-scored name of each, best first."""

from collections.abc import Iterator

import numpy as np

from biobank.names.index import EMPTY, NameIndex
from biobank.names.matches import Found
from biobank.names.scoring import Scored, score_names, search, search_whole
from biobank.names.state import State
from biobank.names.structure import NAME, TITLE, Name
from biobank.names.vocabulary import READING, SIMILAR, VOWELLESS

#: Minimum score of results.
LEAST = 0.5
#: Score penalty of a transliterated match against an exact one.
READ = 0.001
#: Score factor of similar names without written vowels, which match nearly everything.
UNTOLD = 0.85


def best_people(state: State, asked: Name, most: int, limit: int, part: float) -> list[Found]:
    """Return the best name of each of the best `limit` people per index; scores times `factor`."""
    return [
        one
        for index, alive in zip(state.indexes, state.alive, strict=True)
        for one in _ranked(index, search(index, asked, alive, most), asked, part, 2 * limit)
    ]


def names_of_person(index: NameIndex, number: int, asked: Name, part: float) -> Iterator[Found]:
    """Yield the matching names of one person, best first."""
    scored = score_names(index, asked, index.names_of(number))
    yield from _ranked(index, scored, asked, part, len(scored.names), each_name=True)


def all_bearers(state: State, asked: Name, part: float) -> tuple[dict[str, float], bool]:
    """Return the scores of all people with the name, and whether any name has the whole query."""
    found: dict[str, float] = {}
    told = np.array([word.role in (NAME, TITLE) for word in asked.words])
    whole = False
    for index, alive in zip(state.indexes, state.alive, strict=True):
        scored = search_whole(index, asked, alive)
        scores = np.round(scored.scores * part, _places(asked))
        scores -= READ * ((scored.levels == READING) & (not _single(asked)))
        owners = index.owners[scored.names]
        # Ascending, so that the best name of a person is written last.
        order = np.argsort(scores, kind="stable")
        for owner, score in zip(owners[order].tolist(), scores[order].tolist(), strict=True):
            found[index.ids[owner]] = score
        whole |= bool((scored.taken[:, told] != EMPTY).all(axis=1).any())
    return found, whole


def _single(asked: Name) -> bool:
    return sum(word.role == NAME for word in asked.words) <= 1


def _places(asked: Name) -> int:
    """Return the number of significant decimal places of a score.

    A single word is shared by many people; small differences in their other names are irrelevant.
    """
    return 2 if _single(asked) else 4


def _ranked(
    index: NameIndex,
    scored: Scored,
    asked: Name,
    part: float,
    most: int,
    *,
    each_name: bool = False,
) -> Iterator[Found]:
    """Yield the best name of each of the best `limit` people, or all; scores times `factor`."""
    owners = index.owners[scored.names]
    similar = scored.levels == SIMILAR
    scores = scored.scores * part
    if VOWELLESS not in asked.keys:
        scores = np.where(similar & index.vowelless[scored.names], scores * UNTOLD, scores)
    documented = index.documented[owners]
    rounded = np.round(scores, _places(asked))
    reading = (scored.levels == READING) & (not _single(asked))
    order = np.lexsort((scored.names, -documented, reading, -rounded, similar))
    order = order[scores[order] >= LEAST]
    who = scored.names if each_name else owners
    _, first = np.unique(who[order], return_index=True)
    for row in order[np.sort(first)[:most]].tolist():
        yield Found(
            id=index.ids[owners[row]],
            rank=(
                bool(similar[row]),
                -float(rounded[row]),
                bool(reading[row]),
                -int(documented[row]),
            ),
            index=index,
            name=int(scored.names[row]),
            score=float(scores[row]),
            level=int(scored.levels[row]),
            taken=tuple(scored.taken[row].tolist()),
            asked=asked,
        )
