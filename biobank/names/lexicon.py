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
_ANYWHERE = 5
_AT_START = 3


@dataclass(frozen=True, slots=True)
class Part:
    """A part of `size` letters that may be read as each of `spellings`, the most likely first."""

    size: int
    spellings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Title:
    """A word used with names: its tag, and its role (title or particle)."""

    tag: str
    role: str


def rows(name: str) -> Iterator[list[str]]:
    """Yield the tab-separated rows of a data file, without comments."""
    text = files("biobank.names").joinpath("data", name).read_text("utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")


@cache
def titles() -> dict[str, Title]:
    """Return titles by folded form."""
    return {
        fold(form): Title(tag, role)
        for tag, role, forms in rows("titles.tsv")
        for form in forms.split()
    }


@cache
def _parts() -> dict[str, tuple[str, ...]]:
    return {
        fold(form): tuple(spellings.split())
        for spellings, forms, _reason in rows("parts.tsv")
        for form in forms.split()
    }


@cache
def _longest() -> int:
    return max(map(len, _parts()))


def parts_at(word: str) -> dict[int, Part]:
    """Return known parts of a lower-case word by start, without overlaps, longest first."""
    folded = fold(word)
    if len(folded) != len(word):
        return {}
    found: dict[int, Part] = {}
    at = 0
    while at < len(folded):
        part = _part_at(folded, at)
        if part:
            found[at] = part
        at += part.size if part else 1
    return found


def _part_at(folded: str, at: int) -> Part | None:
    least = _AT_START if at == 0 else _ANYWHERE
    for size in range(min(_longest(), len(folded) - at), least - 1, -1):
        spellings = _parts().get(folded[at : at + size])
        if spellings and not (size < 4 and len(folded) - size > 5):
            return Part(size, spellings)
    return None
