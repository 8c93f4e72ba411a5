"""One form for many: normalising, lower case by language, and folding for matching.

Index and query go through the same functions here, since no library does it right for Azerbaijani:
``str.lower`` makes two code points of İ, and accent maps leave ə alone (WHOOSH.md, pitfall 9).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

# What keyboards and scribes put where an apostrophe stands, the letters for ayn and hamza included.
APOSTROPHES = "'’‘‛`´ʹ\u0374ʻʼʽʾʿˈ′＇᾽"
HYPHENS = "-‐‑‒–—―−﹘﹣－"
ZWNJ = "\u200c"
# Invisible: soft hyphen, zero-width space and joiner, bidirectional controls, word joiners, BOM.
INVISIBLE = (
    "\u00ad\u061c\u180e\u200b\u200d\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff"
)
# No letters, whatever `isalnum` says: tatweel, and the Arabic and kana signs that had code points
# of their own in old encodings.  They stand inside words and fold away.
TATWEEL = "\u0640"
LOOSE_SIGNS = f"{TATWEEL}\ufcf2-\ufcf4\ufe70-\ufe7f\uff9e\uff9f"

_NORMAL = {ord(c): "'" for c in APOSTROPHES} | {ord(c): "-" for c in HYPHENS}
_INVISIBLE = re.compile(f"[{INVISIBLE}]")
_SPACES = re.compile(r"\s+")

# Letters that Unicode does not decompose, or that this field reads otherwise.
_LETTERS = {
    "ə": "e",
    "ǝ": "e",
    "ı": "i",
    "ɵ": "o",
    "ƣ": "g",
    "ƶ": "z",  # Azerbaijani, 1929 and now
    "ø": "o",
    "đ": "d",
    "ð": "d",
    "ł": "l",
    "ħ": "h",
    "ŧ": "t",
    "ŋ": "n",
    "ɨ": "i",
    "ĸ": "k",
    "æ": "ae",
    "œ": "oe",
    "þ": "th",
    "ß": "ss",
    # Arabic: one ye, kaf, he, alef and vav, as Persian and Azerbaijani write them.
    **dict.fromkeys("يىئېےۍ", "ی"),
    **dict.fromkeys("كڪ", "ک"),
    **dict.fromkeys("ةہھۃەۀۂ", "ه"),
    **dict.fromkeys("ٱأإآ", "ا"),
    **dict.fromkeys("ۆۇۈۋؤۏ", "و"),
}
# й is a letter of its own in Russian, and so told from и; ё is written as е more often than not.
_KEPT = frozenset("й")


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a text: ``text == original[start:end]``."""

    text: str
    start: int
    end: int


def normalise(text: str) -> str:
    """NFC with one apostrophe, one hyphen and one space, nothing invisible but ZWNJ.  Idempotent.

    The zero-width non-joiner belongs to the spelling of Persian (حاجی‌بیوف) and is kept; fold()
    leaves it out, so that it never breaks a word.
    """
    text = _INVISIBLE.sub("", unicodedata.normalize("NFC", text)).translate(_NORMAL)
    # Once more, for what lost the invisible character between a letter and its accent.
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip()


def lower(text: str, lang: str) -> str:
    """Lower case as the language has it: İ→i and I→ı in Azerbaijani and Turkish, else İ→i, I→i."""
    text = text.replace("I\u0307", "İ").replace("İ", "i")
    if lang in ("az", "tr"):
        text = text.replace("I", "ı")
    return text.lower()


def fold(text: str) -> str:
    """The form in which spellings are compared: no case, no accents, ASCII for Latin letters.

    ə→e ı→i ş→s ç→c ö→o ü→u ğ→g é→e, ё→е (й and the letters of Azerbaijani Cyrillic stay), one ye,
    kaf and he for Arabic without vowel signs, ASCII digits, no apostrophes, no ZWNJ.  I, İ, ı and i
    all become i, so no language is needed.  Idempotent; a word stays one word.
    """
    folded = unicodedata.normalize("NFC", normalise(text).translate(_FOLD))
    return _SPACES.sub(" ", folded).strip()


def tokens(text: str) -> list[Token]:
    """The words of a text, in order.  Apostrophes inside join (Bakı'da), hyphens split."""
    return [Token(found.group(), found.start(), found.end()) for found in _WORD.finditer(text)]


def has_letter(text: str) -> bool:
    """Whether there is a letter of any script in the text."""
    return any(c.isalpha() for c in text)


@lru_cache(maxsize=8192)
def fold_word(word: str) -> str:
    """fold() for single words that come again and again."""
    return fold(word)


class _FoldTable(dict[int, str]):
    """A table for str.translate that works out each character when it is first met."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = _fold_character(chr(code))
        return folded


def _fold_character(c: str) -> str:
    if c in APOSTROPHES or c in (ZWNJ, TATWEEL):
        return ""
    if _is_accent(c):
        return ""
    if not c.isalnum():
        return c
    lowered = c.lower() if c != "İ" else "i"
    if lowered in _KEPT:
        return lowered
    return unicodedata.normalize("NFC", "".join(_fold_part(part) for part in _parts(lowered)))


def _parts(c: str) -> str:
    """The compatibility decomposition where it is one word (ﻻ, ﬁ, Ａ), else c: ½ is not 1⁄2."""
    whole = _LETTERS.get(c)
    if whole:
        return whole
    parts = unicodedata.normalize("NFKD", c)
    return parts if all(p.isalnum() or _is_mark(p) for p in parts) else c


def _fold_part(c: str) -> str:
    if _is_accent(c) or c in APOSTROPHES or c == TATWEEL:
        return ""
    if unicodedata.category(c) == "Nd":
        return str(unicodedata.digit(c))
    c = c.casefold() if len(c.casefold()) == 1 else c.lower()
    return _LETTERS.get(c, c)


def _is_accent(c: str) -> bool:
    """Accents, Hebrew points and harakat; not the vowel signs that Indic scripts are read by."""
    return unicodedata.combining(c) > 9


def _is_mark(c: str) -> bool:
    return unicodedata.category(c)[0] == "M"


def _marks() -> Iterator[str]:
    # The basic plane holds every script that this bank will meet, and takes 10 ms to look through.
    return (chr(code) for code in range(0x300, 0x10000) if _is_mark(chr(code)))


_FOLD = _FoldTable()


def _word_pattern() -> re.Pattern[str]:
    # `\w` has no combining marks, and has letter-like apostrophes and tatweel: say it in full.
    letter = rf"[^\W_{APOSTROPHES}{LOOSE_SIGNS}]"
    marks = "".join(_marks())
    silent = f"[{marks}{INVISIBLE}{ZWNJ}{LOOSE_SIGNS}]"
    apostrophe = f"[{APOSTROPHES}]"
    inside = f"(?:{silent}*(?:{apostrophe}{silent}*)?{letter})*"
    return re.compile(f"{letter}{inside}[{marks}]*")


_WORD = _word_pattern()
