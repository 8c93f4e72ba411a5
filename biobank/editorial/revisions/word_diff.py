"""Word-by-word diff of long texts, in bounded time.

Words that occur once in both texts and in the same order are anchors (a "patience" diff). The parts
between anchors are compared recursively, and short parts word by word.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from rapidfuzz.distance import LCSseq

from biobank.editorial.revisions.record_diff import find_moved

DiffKind = Literal["same", "added", "removed"]

#: A word with the space before it, so that the joined words are the text.
_SPACED_WORD_PATTERN = re.compile(r"\s*+\S++|\s++")
#: Maximum recursion depth of the search for anchors; each level takes linear time.
_MAX_DEPTH = 24
#: Maximum product of the word counts of two parts that are compared word by word.
_MAX_WORD_PAIRS = 2_500
#: Runs of a diff, some hundred changed sentences; what follows is one removal and one addition.
MAX_DIFF_RUNS = 1_000


@dataclass(frozen=True)
class DiffRun:
    """Consecutive words that stayed, were added or were removed."""

    kind: DiffKind
    text: str


def diff_words(before: str, after: str) -> tuple[DiffRun, ...]:
    """Return the diff of two texts as runs of equal, added and removed words."""
    runs: list[tuple[DiffKind, list[str]]] = []
    for kind, words in _diff_sequences(
        _SPACED_WORD_PATTERN.findall(before), _SPACED_WORD_PATTERN.findall(after), 0
    ):
        if runs and runs[-1][0] == kind:
            runs[-1][1].extend(words)
        elif words:
            runs.append((kind, list(words)))
    grouped = _group_changes([DiffRun(kind, "".join(words)) for kind, words in runs])
    shown = tuple(islice(grouped, MAX_DIFF_RUNS))
    return shown + tuple(_replace_whole([*grouped]))


DiffPart = tuple[DiffKind, Sequence[str]]


def _diff_sequences(old: Sequence[str], new: Sequence[str], depth: int) -> Iterator[DiffPart]:
    start = _common_prefix_length(old, new)
    end = _common_prefix_length(old[start:][::-1], new[start:][::-1])
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
    unique_words &= {word for word, count in Counter(old).items() if count == 1}
    positions = {word: i for i, word in enumerate(old) if word in unique_words}
    pairs = [(positions[word], j) for j, word in enumerate(new) if word in unique_words]
    moved_pairs = find_moved(pairs)
    return [pair for pair in pairs if pair not in moved_pairs]


def _replace_whole(runs: Sequence[DiffRun]) -> Iterator[DiffRun]:
    """Yield the runs as one removal and one addition."""
    removed = "".join(run.text for run in runs if run.kind != "added")
    added = "".join(run.text for run in runs if run.kind != "removed")
    return _group_changes([DiffRun("removed", removed), DiffRun("added", added)])


def _common_prefix_length(old: Sequence[str], new: Sequence[str]) -> int:
    for count, (left, right) in enumerate(zip(old, new, strict=False)):
        if left != right:
            return count
    return min(len(old), len(new))


def _group_changes(runs: Sequence[DiffRun]) -> Iterator[DiffRun]:
    """Group consecutive changes into one removal followed by one addition."""
    pending: dict[DiffKind, str] = {"removed": "", "added": ""}
    for run in (*runs, DiffRun("same", "")):
        if run.kind != "same":
            pending[run.kind] += run.text
            continue
        for kind, text in pending.items():
            if text:
                yield DiffRun(kind, text)
        pending = {"removed": "", "added": ""}
        if run.text:
            yield run
