"""Normalization, language-aware lower case, and folding of text for matching.

Index and query use the same functions, since no library handles Azerbaijani correctly:
``str.lower`` makes two code points of İ, and accent maps do not cover ə (WHOOSH.md, pitfall 9).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import NamedTuple

# Characters used as apostrophes, including the letters for ayn and hamza.
APOSTROPHES = "'’‘‛`´ʹ\u0374ʻʼʽʾʿˈ′＇᾽"
HYPHENS = "-‐‑‒–—―−﹘﹣－"
ZWNJ = "\u200c"
# Invisible: soft hyphen, zero-width space and joiner, bidirectional controls, word joiners, BOM.
INVISIBLE = "\u00ad\u061c\u180e\u200b\u200d\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff"
# Not letters, although `isalnum` is true: tatweel, and Arabic and kana signs with legacy code
# points. They occur inside words and are removed by folding.
TATWEEL = "\u0640"
IGNORED_SIGNS = f"{TATWEEL}\ufcf2-\ufcf4\ufe70-\ufe7f\uff9e\uff9f"

_NORMAL_CHARS = {ord(c): "'" for c in APOSTROPHES} | {ord(c): "-" for c in HYPHENS}
_INVISIBLE_PATTERN = re.compile(f"[{INVISIBLE}]")
_SPACES_PATTERN = re.compile(r"\s+")

# Letters without Unicode decomposition, or with another folding here.
_LETTER_FOLDS = {
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
# й is distinct from и in Russian, while ё is mostly written as е.
_UNFOLDED_LETTERS = frozenset("й")


class Token(NamedTuple):
    """A word of a text with ``text == original[start:end]``."""

    text: str
    start: int
    end: int


def normalise(text: str) -> str:
    """Return NFC text with one kind of apostrophe, hyphen and space, without invisible characters.

    Idempotent. The zero-width non-joiner belongs to Persian spelling (حاجی‌بیوف) and remains;
    fold() removes it, so that it never splits a word.
    """
    text = _INVISIBLE_PATTERN.sub("", unicodedata.normalize("NFC", text)).translate(_NORMAL_CHARS)
    # Normalize again, since an invisible character may have separated a letter from its accent.
    return _SPACES_PATTERN.sub(" ", unicodedata.normalize("NFC", text)).strip()


def lower(text: str, lang: str) -> str:
    """Return lower case by language: İ→i and I→ı in Azerbaijani and Turkish, else İ→i, I→i."""
    text = text.replace("I\u0307", "İ").replace("İ", "i")
    if lang in ("az", "tr"):
        text = text.replace("I", "ı")
    return text.lower()


def fold(text: str) -> str:
    """Return the form in which spellings are compared: no case or accents, ASCII for Latin letters.

    ə→e ı→i ş→s ç→c ö→o ü→u ğ→g é→e, ё→е (й and the letters of Azerbaijani Cyrillic stay), one ye,
    kaf and he for Arabic without vowel signs, ASCII digits, no apostrophes, no ZWNJ. I, İ, ı and i
    all become i, so no language is needed. Idempotent; a word stays one word.
    """
    folded = unicodedata.normalize("NFC", normalise(text).translate(_FOLD_TABLE))
    return _SPACES_PATTERN.sub(" ", folded).strip()


def tokens(text: str) -> list[Token]:
    """Return the words of a text in order; inner apostrophes join (Bakı'da), hyphens split."""
    return list(iter_tokens(text))


def iter_tokens(text: str, initials: Collection[str] | None = None) -> Iterator[Token]:
    """Yield the words of a text, only those whose folded form starts with one of `initials`.

    With `initials` the text must be in NFC, as those of records are.
    """
    characters = set(text)
    if initials is not None:
        characters = {character for character in characters if fold_word(character)[:1] in initials}
    for match in _WORD_PATTERN.finditer(text):
        start, end = match.span()
        if text[start] in characters:
            yield Token(match[0], start, end)


def has_letter(text: str) -> bool:
    """Return whether the text contains a letter of any script."""
    return any(c.isalpha() for c in text)


@lru_cache(maxsize=8192)
def fold_word(word: str) -> str:
    """Fold a single word, cached for repeated words."""
    return fold(word)


class _FoldTable(dict[int, str]):
    """A table for str.translate that computes each character on first use."""

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
    if lowered in _UNFOLDED_LETTERS:
        return lowered
    return unicodedata.normalize("NFC", "".join(_fold_part(part) for part in _decompose(lowered)))


def _decompose(c: str) -> str:
    """Return the compatibility decomposition if it is one word (ﻻ, ﬁ, Ａ), else c: ½ is not 1⁄2.

    A word begins with a letter, so the Thai sara am, which decomposes into a mark and a letter, stays.
    """
    mapped = _LETTER_FOLDS.get(c)
    if mapped:
        return mapped
    parts = unicodedata.normalize("NFKD", c)
    return parts if parts[0].isalnum() and all(p.isalnum() or _is_mark(p) for p in parts) else c


def _fold_part(c: str) -> str:
    if _is_accent(c) or c in APOSTROPHES or c == TATWEEL:
        return ""
    if unicodedata.category(c) == "Nd":
        return str(unicodedata.digit(c))
    c = c.casefold() if len(c.casefold()) == 1 else c.lower()
    return _LETTER_FOLDS.get(c, c)


def _is_accent(c: str) -> bool:
    """Return whether c is an accent, Hebrew point or haraka; Indic vowel signs are not."""
    return unicodedata.combining(c) > 9


def _is_mark(c: str) -> bool:
    return unicodedata.category(c)[0] == "M"


def _combining_marks() -> Iterator[str]:
    # The basic plane covers every relevant script and takes 10 ms to scan.
    return (chr(code) for code in range(0x300, 0x10000) if _is_mark(chr(code)))


_FOLD_TABLE = _FoldTable()


def _word_pattern() -> re.Pattern[str]:
    # `\w` excludes combining marks, and includes letter-like apostrophes and tatweel.
    letter = rf"[^\W_{APOSTROPHES}{IGNORED_SIGNS}]"
    marks = "".join(_combining_marks())
    ignored = f"[{marks}{INVISIBLE}{ZWNJ}{IGNORED_SIGNS}]"
    apostrophe = f"[{APOSTROPHES}]"
    joint = f"(?:{ignored}+(?:{apostrophe}{ignored}*)?|{apostrophe}{ignored}*)"
    return re.compile(f"{letter}+(?:{joint}{letter}+)*[{marks}]*")


_WORD_PATTERN = _word_pattern()
