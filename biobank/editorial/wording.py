"""Word-by-word diff of long texts, in bounded time.

Words that occur once in both texts and in the same order are anchors (a "patience" diff). The parts
between anchors are compared recursively, and short parts word by word.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from biobank.editorial.matching import moved

Kind = Literal["same", "added", "removed"]

#: A word with the space before it, so that the joined words are the text.
_WORD = re.compile(r"\s*\S+|\s+")
#: Maximum recursion depth of the search for anchors; each level takes linear time.
_DEPTH_MOST = 24
#: Maximum product of the word counts of two parts that are compared word by word.
_PRODUCT_MOST = 2_500


@dataclass(frozen=True)
class Run:
    """Consecutive words that stayed, were added or were removed."""

    kind: Kind
    text: str


def word_runs(before: str, after: str) -> tuple[Run, ...]:
    """Return the diff of two texts as runs of equal, added and removed words."""
    runs: list[Run] = []
    for kind, words in _compared(_WORD.findall(before), _WORD.findall(after), 0):
        text = "".join(words)
        if runs and runs[-1].kind == kind:
            runs[-1] = Run(kind, runs[-1].text + text)
        elif text:
            runs.append(Run(kind, text))
    return tuple(_removed_first(runs))


Part = tuple[Kind, Sequence[str]]


def _compared(old: Sequence[str], new: Sequence[str], depth: int) -> Iterator[Part]:
    start = _same_at_start(old, new)
    end = _same_at_start(old[start:][::-1], new[start:][::-1])
    yield "same", old[:start]
    yield from _between(old[start : len(old) - end], new[start : len(new) - end], depth)
    yield "same", old[len(old) - end :]


def _between(old: Sequence[str], new: Sequence[str], depth: int) -> Iterator[Part]:
    held = _held(old, new) if old and new and depth < _DEPTH_MOST else []
    if held:
        left = right = 0
        for i, j in held:
            yield from _compared(old[left:i], new[right:j], depth + 1)
            yield "same", old[i : i + 1]
            left, right = i + 1, j + 1
        yield from _compared(old[left:], new[right:], depth + 1)
    elif len(old) * len(new) <= _PRODUCT_MOST:
        matcher = SequenceMatcher(None, old, new, autojunk=False)
        for tag, i, i_end, j, j_end in matcher.get_opcodes():
            if tag == "equal":
                yield "same", old[i:i_end]
            else:
                yield "removed", old[i:i_end]
                yield "added", new[j:j_end]
    else:
        yield "removed", old
        yield "added", new


def _held(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Return index pairs of words that occur once in each text and in the same order."""
    once = {word for word, count in Counter(new).items() if count == 1}
    once &= {word for word, count in Counter(old).items() if count == 1}
    places = {word: i for i, word in enumerate(old) if word in once}
    pairs = [(places[word], j) for j, word in enumerate(new) if word in once]
    away = moved(pairs)
    return [pair for pair in pairs if pair not in away]


def _same_at_start(old: Sequence[str], new: Sequence[str]) -> int:
    for count, (left, right) in enumerate(zip(old, new, strict=False)):
        if left != right:
            return count
    return min(len(old), len(new))


def _removed_first(runs: Sequence[Run]) -> Iterator[Run]:
    """Group consecutive changes into one removal followed by one addition."""
    held: dict[Kind, str] = {"removed": "", "added": ""}
    for run in (*runs, Run("same", "")):
        if run.kind != "same":
            held[run.kind] += run.text
            continue
        for kind, text in held.items():
            if text:
                yield Run(kind, text)
        held = {"removed": "", "added": ""}
        if run.text:
            yield run
