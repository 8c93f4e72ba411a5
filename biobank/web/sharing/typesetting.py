"""Typesetting of text in pictures: as large as fits, never cut within a grapheme.

Lengths are in pixels. The fonts hold Latin and Cyrillic; characters without a glyph are left out,
so that no picture shows the box of a missing glyph.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from PIL import ImageFont
from PIL.ImageFont import FreeTypeFont

FONTS: Final = Path(__file__).parent / "fonts"
SANS, SERIF, SERIF_TEXT = "sans", "serif", "serif-text"
ELLIPSIS: Final = "…"
#: A Unicode noncharacter: it is drawn as the glyph of all missing characters.
NO_LETTER: Final = "\uffff"
#: Font size at which a glyph is compared with the missing glyph.
LOOKED_AT: Final = 32
#: Characters after which a line may break, and how many must precede: `al-` is not split off.
HYPHENS: Final = "-–/"
BEFORE_HYPHEN: Final = 4


@dataclass(frozen=True)
class Lines:
    """Text set in lines at a font size; `is_cut` if it was truncated."""

    lines: tuple[str, ...]
    size: int
    font: str
    is_cut: bool = False

    def height(self, leading: float) -> int:
        """Return the height at `leading` times the font size per line."""
        return round(len(self.lines) * self.size * leading)


@lru_cache(maxsize=64)
def face(name: str, size: int) -> FreeTypeFont:
    """Load a bundled font at a size."""
    return ImageFont.truetype(str(FONTS / f"{name}.ttf"), size)


def width(text: str, font: str, size: int) -> float:
    return face(font, size).getlength(text)


@lru_cache(maxsize=8192)
def has_letter(character: str, font: str) -> bool:
    """Return whether the font has a glyph for `character`."""
    if character.isspace():
        return True
    its = face(font, LOOKED_AT)
    return bytes(its.getmask(character)) != bytes(its.getmask(NO_LETTER))


def drawable(text: str, font: str) -> str:
    """Return `text` in NFC, on one line, without characters that the font lacks."""
    ready = unicodedata.normalize("NFC", text)
    return " ".join("".join(c for c in ready if has_letter(c, font)).split())


def is_whole(text: str, font: str) -> bool:
    """Return whether the font has a glyph for every character of `text`."""
    return all(has_letter(c, font) for c in unicodedata.normalize("NFC", text))


def clusters(text: str) -> list[str]:
    """Split text into characters with their combining marks; text is cut only between these."""
    found: list[str] = []
    for character in text:
        if found and unicodedata.category(character).startswith("M"):
            found[-1] += character
        else:
            found.append(character)
    return found


def fitted(text: str, font: str, room: float, sizes: Sequence[int], most: int) -> Lines:
    """Set `text` in at most `max_lines` lines at the first of `sizes` at which it fits.

    If it fits at none, set it at the last size and end it with an ellipsis.
    """
    for size in sizes:
        lines = wrapped(text, font, size, room)
        if len(lines) <= most and _has_room(text, font, size, room):
            return Lines(_balanced(text, font, size, room, len(lines)), size, font)
    lines = wrapped(text, font, sizes[-1], room)
    if len(lines) <= most:
        return Lines(lines, sizes[-1], font)
    last = _shortened(" ".join(lines[most - 1 :]), font, sizes[-1], room)
    return Lines((*lines[: most - 1], last), sizes[-1], font, is_cut=True)


def wrapped(text: str, font: str, size: int, room: float) -> tuple[str, ...]:
    """Fill lines greedily; a word wider than `max_width` is split between graphemes."""
    lines: list[str] = []
    for part in _parts(text):
        line = lines[-1] + part if lines else part
        if lines and width(line.rstrip(), font, size) <= room:
            lines[-1] = line
        else:
            lines += _pieces(part.lstrip(), font, size, room)
    return tuple(line.strip() for line in lines if line.strip())


def _parts(text: str) -> Iterator[str]:
    """Yield the unbreakable units: words with the space before or the hyphen after them."""
    for at, word in enumerate(text.split()):
        lead = " " if at else ""
        start = 0
        for place, character in enumerate(word[:-1], 1):
            if character in HYPHENS and place - start > BEFORE_HYPHEN:
                yield lead + word[start:place]
                start, lead = place, ""
        yield lead + word[start:]


def _pieces(word: str, font: str, size: int, room: float) -> list[str]:
    """Split a word into segments that fit into a line; almost always one."""
    pieces = [""]
    for cluster in clusters(word):
        if pieces[-1] and width(pieces[-1] + cluster, font, size) > room:
            pieces.append("")
        pieces[-1] += cluster
    return pieces


def _has_room(text: str, font: str, size: int, room: float) -> bool:
    """Return whether every word fits into a line."""
    return all(width(part.strip(), font, size) <= room for part in _parts(text))


def _balanced(text: str, font: str, size: int, room: float, count: int) -> tuple[str, ...]:
    """Wrap into `count` lines of about equal length, to avoid a single word on the last."""
    if count < 2:
        return wrapped(text, font, size, room)
    narrow, wide = room / count, room
    while wide - narrow > size / 4:
        middle = (narrow + wide) / 2
        same = len(wrapped(text, font, size, middle)) == count
        fits = same and _has_room(text, font, size, middle)
        narrow, wide = (narrow, middle) if fits else (middle, wide)
    return wrapped(text, font, size, wide)


def _shortened(text: str, font: str, size: int, room: float) -> str:
    """Truncate `text` to one line with an ellipsis, between words if possible."""
    kept = ""
    for cluster in clusters(text):
        if width(kept + cluster + ELLIPSIS, font, size) > room:
            break
        kept += cluster
    else:
        return text
    words = kept.rpartition(" ")[0] if text[len(kept) :][:1] != " " else kept
    return (words or kept).rstrip(" ,;:.–-") + ELLIPSIS
