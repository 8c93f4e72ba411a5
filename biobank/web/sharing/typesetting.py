"""Lines of text in a picture: in the fonts of the house, as large as fits, never cut in a letter.

Lengths are in pixels. The fonts hold Latin and Cyrillic; what they have no letter for is left out,
so that nobody ever sees the empty box of a missing one.
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
#: A place of Unicode that never holds a letter: what is drawn for it is drawn for all missing ones.
NO_LETTER: Final = "\uffff"
#: The size at which letters are compared with the box of a missing one.
LOOKED_AT: Final = 32
#: What may end a line and stays on it, after so many letters: `al-` goes with what follows it.
HYPHENS: Final = "-–/"
BEFORE_HYPHEN: Final = 4


@dataclass(frozen=True)
class Lines:
    """Text as it is set: its lines and the size of its letters; `is_cut` where some is left out."""

    lines: tuple[str, ...]
    size: int
    font: str
    is_cut: bool = False

    def height(self, leading: float) -> int:
        """From the top of the first line to the foot of the last, at `leading` sizes a line."""
        return round(len(self.lines) * self.size * leading)


@lru_cache(maxsize=64)
def face(name: str, size: int) -> FreeTypeFont:
    """A font of the house at a size."""
    return ImageFont.truetype(str(FONTS / f"{name}.ttf"), size)


def width(text: str, font: str, size: int) -> float:
    return face(font, size).getlength(text)


@lru_cache(maxsize=8192)
def has_letter(character: str, font: str) -> bool:
    """Whether the font draws `character`, and not the box that stands for what it lacks."""
    if character.isspace():
        return True
    its = face(font, LOOKED_AT)
    return bytes(its.getmask(character)) != bytes(its.getmask(NO_LETTER))


def drawable(text: str, font: str) -> str:
    """`text` in one line without what the font lacks, letters with their marks made one."""
    ready = unicodedata.normalize("NFC", text)
    return " ".join("".join(c for c in ready if has_letter(c, font)).split())


def is_whole(text: str, font: str) -> bool:
    """Whether the font has every letter of `text`."""
    return all(has_letter(c, font) for c in unicodedata.normalize("NFC", text))


def clusters(text: str) -> list[str]:
    """Letters with the marks that belong to them: a text is cut between these alone."""
    found: list[str] = []
    for character in text:
        if found and unicodedata.category(character).startswith("M"):
            found[-1] += character
        else:
            found.append(character)
    return found


def fitted(text: str, font: str, room: float, sizes: Sequence[int], most: int) -> Lines:
    """`text` in at most `most` lines of `room`, at the first of `sizes` at which it fits.

    Where it fits at none, it is set at the last and ends with an ellipsis.
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
    """Lines filled one after the other; a word wider than `room` is cut between letters."""
    lines: list[str] = []
    for part in _parts(text):
        line = lines[-1] + part if lines else part
        if lines and width(line.rstrip(), font, size) <= room:
            lines[-1] = line
        else:
            lines += _pieces(part.lstrip(), font, size, room)
    return tuple(line.strip() for line in lines if line.strip())


def _parts(text: str) -> Iterator[str]:
    """What may not be parted: words, with the space before them or the hyphen at their end."""
    for at, word in enumerate(text.split()):
        lead = " " if at else ""
        start = 0
        for place, character in enumerate(word[:-1], 1):
            if character in HYPHENS and place - start > BEFORE_HYPHEN:
                yield lead + word[start:place]
                start, lead = place, ""
        yield lead + word[start:]


def _pieces(word: str, font: str, size: int, room: float) -> list[str]:
    """A word in as many pieces as it needs; almost always one."""
    pieces = [""]
    for cluster in clusters(word):
        if pieces[-1] and width(pieces[-1] + cluster, font, size) > room:
            pieces.append("")
        pieces[-1] += cluster
    return pieces


def _has_room(text: str, font: str, size: int, room: float) -> bool:
    """Whether every word fits into a line."""
    return all(width(part.strip(), font, size) <= room for part in _parts(text))


def _balanced(text: str, font: str, size: int, room: float, count: int) -> tuple[str, ...]:
    """The same number of lines, about equally long: no lonely word at the end."""
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
    """As much of `text` as fits into one line, with an ellipsis: whole words where any do."""
    kept = ""
    for cluster in clusters(text):
        if width(kept + cluster + ELLIPSIS, font, size) > room:
            break
        kept += cluster
    else:
        return text
    words = kept.rpartition(" ")[0] if text[len(kept) :][:1] != " " else kept
    return (words or kept).rstrip(" ,;:.–-") + ELLIPSIS
