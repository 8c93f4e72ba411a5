"""Word-by-word diff of long texts, in bounded time.

Words that occur once in both texts and in the same order are anchors (a "patience" diff). The parts
between anchors are compared recursively, and short parts word by word. Nothing behind the last run
that is shown is compared.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any, Literal

from rapidfuzz.distance import LCSseq

from biobank.editorial.revisions.record_diff import find_stayed

DiffKind = Literal["same", "added", "removed"]
DiffPart = tuple[DiffKind, Sequence[str]]

#: A word with the space before it, so that the joined words are the text.
_SPACED_WORD_PATTERN = re.compile(r"\s*+\S++|\s++")
#: Where a word ends before space, and the same in a reversed text.
_WORD_END_PATTERN, _REVERSED_WORD_END_PATTERN = re.compile(r"\S\s"), re.compile(r"\s\S")
#: Maximum recursion depth of the search for anchors; each level takes linear time.
_MAX_DEPTH = 24
#: Maximum product of the word counts of two parts that are compared word by word.
_MAX_WORD_PAIRS = 2_500
#: Runs of a diff, some hundred changed sentences; what follows is one removal and one addition.
MAX_DIFF_RUNS = 1_000
#: Words of each text that are compared after its unchanged beginning: a text of 50,000 characters that is
#: changed throughout; further ones are replaced.
MAX_DIFF_WORDS = 8_000


@dataclass(frozen=True)
class DiffRun:
    """Consecutive words that stayed, were added or were removed."""

    kind: DiffKind
    text: str


def diff_words(before: str, after: str) -> tuple[DiffRun, ...]:
    """Return the diff of two texts as runs of equal, added and removed words."""
    start = _common_start_length(before, after)
    end = _common_end_length(before[start:], after[start:])
    (old, old_rest), (new, new_rest) = (
        _split_words(text[start : len(text) - end]) for text in (before, after)
    )
    behind: tuple[DiffPart, ...] = (
        ("removed", [old_rest]),
        ("added", [new_rest]),
        ("same", [before[len(before) - end :]]),
    )
    first: DiffPart = ("same", [before[:start]])
    shown = tuple(islice(_group_runs(chain([first], _diff_middle(old, new, 0), behind)), MAX_DIFF_RUNS))
    return shown + tuple(_replace_rest(before, after, shown))


def _split_words(text: str) -> tuple[list[str], str]:
    """Return the words that are compared, and the rest of the text."""
    words = [match[0] for match in islice(_SPACED_WORD_PATTERN.finditer(text), MAX_DIFF_WORDS)]
    return words, text[sum(map(len, words)) :]


def _diff_sequences(old: Sequence[str], new: Sequence[str], depth: int) -> Iterator[DiffPart]:
    start = _common_length(old, new)
    end = _common_length(old[start:][::-1], new[start:][::-1])
    yield "same", old[:start]
    yield from _diff_middle(old[start : len(old) - end], new[start : len(new) - end], depth)
    yield "same", old[len(old) - end :]


def _diff_middle(old: Sequence[str], new: Sequence[str], depth: int) -> Iterator[DiffPart]:
    anchors = _find_anchors(old, new) if old and new and depth < _MAX_DEPTH else []
    if anchors:
        left = right = 0
        for i, j in anchors:
            yield from _diff_sequences(old[left:i], new[right:j], depth + 1)
            yield "same", old[i : i + 1]
            left, right = i + 1, j + 1
        yield from _diff_sequences(old[left:], new[right:], depth + 1)
    elif len(old) * len(new) <= _MAX_WORD_PAIRS:
        for part in LCSseq.opcodes(old, new):
            if part.tag == "equal":
                yield "same", old[part.src_start : part.src_end]
            else:
                yield "removed", old[part.src_start : part.src_end]
                yield "added", new[part.dest_start : part.dest_end]
    else:
        yield "removed", old
        yield "added", new


def _find_anchors(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Return index pairs of words that occur once in each text and in the same order."""
    unique_words = {word for word, count in Counter(new).items() if count == 1}
    if unique_words:
        unique_words &= {word for word, count in Counter(old).items() if count == 1}
    if not unique_words:
        return []
    positions = {word: i for i, word in enumerate(old) if word in unique_words}
    return find_stayed([(positions[word], j) for j, word in enumerate(new) if word in unique_words])


def _group_runs(parts: Iterable[DiffPart]) -> Iterator[DiffRun]:
    """Join parts to runs; consecutive changes become one removal followed by one addition."""
    pending: dict[DiffKind, list[str]] = {"same": [], "removed": [], "added": []}
    for kind, words in parts:
        if not any(words):
            continue
        if kind == "same":
            yield from _take_runs(pending, "removed", "added")
        else:
            yield from _take_runs(pending, "same")
        pending[kind].extend(words)
    yield from _take_runs(pending, "same", "removed", "added")


def _take_runs(pending: dict[DiffKind, list[str]], *kinds: DiffKind) -> Iterator[DiffRun]:
    for kind in kinds:
        if pending[kind]:
            yield DiffRun(kind, "".join(pending[kind]))
            pending[kind] = []


def _replace_rest(before: str, after: str, shown: Sequence[DiffRun]) -> Iterator[DiffRun]:
    """Yield what follows the shown runs as one removal and one addition."""
    removed = before[sum(len(run.text) for run in shown if run.kind != "added") :]
    added = after[sum(len(run.text) for run in shown if run.kind != "removed") :]
    changes: tuple[DiffRun, ...] = (DiffRun("removed", removed), DiffRun("added", added))
    return filter(lambda run: run.text, changes)


def _common_start_length(before: str, after: str) -> int:
    """Return the length of the words with which both texts begin."""
    length = _common_length(before, after)
    is_whole_word = length > 0 and not before[length - 1].isspace()
    if is_whole_word and all(len(text) == length or text[length].isspace() for text in (before, after)):
        return length
    word_end = _REVERSED_WORD_END_PATTERN.search(before[:length][::-1])
    return length - word_end.start() - 1 if word_end else 0


def _common_end_length(before: str, after: str) -> int:
    """Return the length of the words with which both texts end."""
    length = _common_length(before[::-1], after[::-1])
    if all(_is_word_start(text, len(text) - length) for text in (before, after)):
        return length
    word_end = _WORD_END_PATTERN.search(before, len(before) - length)
    return len(before) - word_end.start() - 1 if word_end else 0


def _is_word_start(text: str, position: int) -> bool:
    return position == 0 or (not text[position - 1].isspace() and text[position : position + 1].isspace())


def _common_length(left: Sequence[Any], right: Sequence[Any]) -> int:
    """Return how many items at the beginning are the same, by halving the part that may differ."""
    low, high = 0, min(len(left), len(right))
    while low < high:
        middle = (low + high + 1) // 2
        if left[low:middle] == right[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
