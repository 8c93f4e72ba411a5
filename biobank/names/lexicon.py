"""Name lexicon: parts with irregular transliteration, and titles used with names.

Both are data files with explanations; they contain no full names of people.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from biobank.names.folding import fold

#: Minimum length of parts matched within a word, and at its start: `бек` occurs in many words.
_MIN_INNER_CHARS = 5
_MIN_INITIAL_CHARS = 3


@dataclass(frozen=True, slots=True)
class NamePart:
    """A part of `size` letters that may be read as each of `spellings`, the most likely first."""

    size: int
    spellings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Title:
    """A word used with names: its tag, and its role (title or particle)."""

    tag: str
    role: str


def read_rows(name: str) -> Iterator[list[str]]:
    """Yield the tab-separated rows of a data file, without comments."""
    text = files("biobank.names").joinpath("data", name).read_text("utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")


@cache
def titles() -> dict[str, Title]:
    """Return titles by folded form."""
    return {
        fold(form): Title(tag, role) for tag, role, forms in read_rows("titles.tsv") for form in forms.split()
    }


@cache
def _parts() -> dict[str, tuple[str, ...]]:
    return {
        fold(form): tuple(spellings.split())
        for spellings, forms, _reason in read_rows("parts.tsv")
        for form in forms.split()
    }


@cache
def _max_part_chars() -> int:
    return max(map(len, _parts()))


def find_parts(word: str) -> dict[int, NamePart]:
    """Return known parts of a lower-case word by start, without overlaps, longest first."""
    folded = fold(word)
    if len(folded) != len(word):
        return {}
    parts: dict[int, NamePart] = {}
    position = 0
    while position < len(folded):
        part = _find_part(folded, position)
        if part:
            parts[position] = part
        position += part.size if part else 1
    return parts


def _find_part(folded: str, position: int) -> NamePart | None:
    min_chars = _MIN_INITIAL_CHARS if position == 0 else _MIN_INNER_CHARS
    for size in range(min(_max_part_chars(), len(folded) - position), min_chars - 1, -1):
        spellings = _parts().get(folded[position : position + size])
        if spellings and not (size < 4 and len(folded) - size > 5):
            return NamePart(size, spellings)
    return None
