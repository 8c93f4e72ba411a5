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

FONTS_DIR: Final = Path(__file__).parent / "fonts"
SANS, SERIF, SERIF_TEXT = "sans", "serif", "serif-text"
ELLIPSIS: Final = "…"
#: A Unicode noncharacter: it is drawn as the glyph of all missing characters.
MISSING_GLYPH_CHAR: Final = "\uffff"
#: Font size at which a glyph is compared with the missing glyph.
GLYPH_TEST_SIZE: Final = 32
#: Characters after which a line may break, and how many must precede: `al-` is not split off.
BREAK_CHARS: Final = "-–/"
MIN_CHARS_BEFORE_BREAK: Final = 4


@dataclass(frozen=True)
class TextBlock:
    """Text set in lines at a font size; `is_cut` if it was truncated."""

    lines: tuple[str, ...]
    size: int
    font: str
    is_cut: bool = False

    def height(self, leading: float) -> int:
        """Return the height at `leading` times the font size per line."""
        return round(len(self.lines) * self.size * leading)


@lru_cache(maxsize=64)
def load_font(name: str, size: int) -> FreeTypeFont:
    """Load a bundled font at a size."""
    return ImageFont.truetype(str(FONTS_DIR / f"{name}.ttf"), size)


def text_width(text: str, font: str, size: int) -> float:
    return load_font(font, size).getlength(text)


@lru_cache(maxsize=8192)
def has_glyph(character: str, font: str) -> bool:
    """Return whether the font has a glyph for `character`."""
    if character.isspace():
        return True
    font_face = load_font(font, GLYPH_TEST_SIZE)
    return bytes(font_face.getmask(character)) != bytes(font_face.getmask(MISSING_GLYPH_CHAR))


def drop_missing_glyphs(text: str, font: str) -> str:
    """Return `text` in NFC, on one line, without characters that the font lacks."""
    normalized = unicodedata.normalize("NFC", text)
    return " ".join("".join(c for c in normalized if has_glyph(c, font)).split())


def has_all_glyphs(text: str, font: str) -> bool:
    """Return whether the font has a glyph for every character of `text`."""
    return all(has_glyph(c, font) for c in unicodedata.normalize("NFC", text))


def grapheme_clusters(text: str) -> list[str]:
    """Split text into characters with their combining marks; text is cut only between these."""
    result: list[str] = []
    for character in text:
        if result and unicodedata.category(character).startswith("M"):
            result[-1] += character
        else:
            result.append(character)
    return result


def fit_text(text: str, font: str, max_width: float, sizes: Sequence[int], max_lines: int) -> TextBlock:
    """Set `text` in at most `max_lines` lines at the first of `sizes` at which it fits.

    If it fits at none, set it at the last size and end it with an ellipsis.
    """
    for size in sizes:
        lines = wrap_text(text, font, size, max_width)
        if len(lines) <= max_lines and _words_fit(text, font, size, max_width):
            return TextBlock(_balance_lines(text, font, size, max_width, len(lines)), size, font)
    lines = wrap_text(text, font, sizes[-1], max_width)
    if len(lines) <= max_lines:
        return TextBlock(lines, sizes[-1], font)
    last = _truncate(" ".join(lines[max_lines - 1 :]), font, sizes[-1], max_width)
    return TextBlock((*lines[: max_lines - 1], last), sizes[-1], font, is_cut=True)


def wrap_text(text: str, font: str, size: int, max_width: float) -> tuple[str, ...]:
    """Fill lines greedily; a word wider than `max_width` is split between graphemes."""
    lines: list[str] = []
    for part in _break_units(text):
        line = lines[-1] + part if lines else part
        if lines and text_width(line.rstrip(), font, size) <= max_width:
            lines[-1] = line
        else:
            lines += _break_word(part.lstrip(), font, size, max_width)
    return tuple(line.strip() for line in lines if line.strip())


def _break_units(text: str) -> Iterator[str]:
    """Yield the unbreakable units: words with the space before or the hyphen after them."""
    for index, word in enumerate(text.split()):
        prefix = " " if index else ""
        start = 0
        for position, character in enumerate(word[:-1], 1):
            if character in BREAK_CHARS and position - start > MIN_CHARS_BEFORE_BREAK:
                yield prefix + word[start:position]
                start, prefix = position, ""
        yield prefix + word[start:]


def _break_word(word: str, font: str, size: int, max_width: float) -> list[str]:
    """Split a word into segments that fit into a line; almost always one."""
    segments = [""]
    for cluster in grapheme_clusters(word):
        if segments[-1] and text_width(segments[-1] + cluster, font, size) > max_width:
            segments.append("")
        segments[-1] += cluster
    return segments


def _words_fit(text: str, font: str, size: int, max_width: float) -> bool:
    """Return whether every word fits into a line."""
    return all(text_width(part.strip(), font, size) <= max_width for part in _break_units(text))


def _balance_lines(text: str, font: str, size: int, max_width: float, count: int) -> tuple[str, ...]:
    """Wrap into `count` lines of about equal length, to avoid a single word on the last."""
    if count < 2:
        return wrap_text(text, font, size, max_width)
    low, high = max_width / count, max_width
    while high - low > size / 4:
        middle = (low + high) / 2
        same_count = len(wrap_text(text, font, size, middle)) == count
        fits = same_count and _words_fit(text, font, size, middle)
        low, high = (low, middle) if fits else (middle, high)
    return wrap_text(text, font, size, high)


def _truncate(text: str, font: str, size: int, max_width: float) -> str:
    """Truncate `text` to one line with an ellipsis, between words if possible."""
    prefix = ""
    for cluster in grapheme_clusters(text):
        if text_width(prefix + cluster + ELLIPSIS, font, size) > max_width:
            break
        prefix += cluster
    else:
        return text
    whole_words = prefix.rpartition(" ")[0] if text[len(prefix) :][:1] != " " else prefix
    return (whole_words or prefix).rstrip(" ,;:.–-") + ELLIPSIS
