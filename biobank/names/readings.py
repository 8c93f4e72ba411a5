"""Transliteration: labelled hypotheses of how a spelling sounds in Azerbaijani."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, chain, pairwise, zip_longest

from anyascii import anyascii

from biobank.names import tables
from biobank.names.folding import APOSTROPHES, TATWEEL, fold, normalise
from biobank.names.lexicon import Part, parts_at
from biobank.names.suffixes import suffix
from biobank.names.tables import Table

#: Prior cost by orthography: a foreign spelling is less likely than a plain one.
_PRIOR = {"az": 0.0, "ascii": 0.0, "en": 0.0, "az-cyrl": 0.0, "ru": 0.0, "fa": 0.0, "tr": 0.01}
_PRIOR_ELSE = 0.02
_LEXICON = 0.045
_VAV = 0.005
_ACCENTED = 0.025
_ARTICLE = 0.05
#: Maximum number of compared signs of a word; longer words are truncated.
SIGNS_MOST = 22
VAV = "و"
#: The Arabic article, and the minimum length of a word that contains it.
ARTICLE = "ال"
ARTICLE_LEAST = 5

_AZERI_LATIN = re.compile("[əǝ]")
_TURKISH_LATIN = re.compile("[şğı]")
_SHARED_LATIN = re.compile("[çöü]")
_FRENCH_LATIN = re.compile("[éèêëïœ]")
_AZERI_CYRILLIC = re.compile("[ғәјҝөүһҹҷҗ]")
_FALLBACKS: tuple[tuple[Table, re.Pattern[str]], ...] = (
    (tables.DE, re.compile("[wjäöü]|ch|(?:^|[aeiou ])s[aeiou]|ss|tz")),
    (tables.FR, re.compile("ch|dj|ou|gu|qu|eu|au|[éèêëïîôç]|ges?\\b|ois|ier\\b|ault\\b")),
    (tables.SLAVIC, re.compile("[čšžřěłśźżćńů]|cz|sz|rz|j")),
    (tables.LATIN, re.compile(r"[iur](?:us|as)\b")),
    (tables.NL, re.compile("[sz]j|oe")),
)
# A title after a non-joiner is a separate word: fəthəli‌xan.
_APART = re.compile("\u200c(?=(?:خان|خانم|بیگ|بک)(?:\\s|$))")
_DROPPED = dict.fromkeys(map(ord, APOSTROPHES + TATWEEL), "") | {ord("."): " "}


@dataclass(frozen=True, slots=True)
class Reading:
    """A hypothesis: key of the orthography, graphemes with their signs, and a prior cost.

    The first `stem` signs precede the ending of a surname; `lexicon` means that a part was looked
    up.
    """

    key: str
    parts: tuple[tuple[str, str], ...]
    stem: int
    prior: float
    lexicon: bool = False

    @property
    def skeleton(self) -> str:
        return "".join(signs for _, signs in self.parts)[:SIGNS_MOST]


def prepared(text: str) -> str:
    """Return lower case with accents and without apostrophes; I is ı if ə, ş or ğ occur."""
    text = normalise(text).translate(_DROPPED).replace("I\u0307", "İ")
    lowered = text.replace("İ", "i")
    if "I" in lowered and (_turkic(lowered.lower()) or "İ" in text):
        lowered = lowered.replace("I", "ı")
    lowered = lowered.lower()
    return fold(_APART.sub(" ", lowered)) if script(lowered) == "Arab" else lowered


def _turkic(lowered: str) -> bool:
    return bool(_AZERI_LATIN.search(lowered) or _TURKISH_LATIN.search(lowered))


def script(text: str) -> str:
    """Return Latn, Cyrl, Arab, or Zyyy for others, by the first distinctive letter."""
    for character in text:
        code = ord(character)
        if character.isalpha():
            if code < 0x250 or 0x1E00 <= code < 0x1F00 or character in "əɵƣ":
                return "Latn"
            if 0x400 <= code < 0x530:
                return "Cyrl"
            if 0x600 <= code < 0x780 or 0xFB50 <= code < 0xFF00:
                return "Arab"
            return "Zyyy"
    return "Zyyy"


def orthographies(text: str) -> tuple[Table, ...]:
    """Return the orthographies that a prepared name may be written in, the most likely first."""
    written = script(text)
    if written == "Arab":
        return (tables.PERSIAN,)
    if written == "Cyrl":
        return (tables.AZ_CYRILLIC, tables.RU) if _AZERI_CYRILLIC.search(text) else (tables.RU,)
    if written == "Zyyy":
        return (tables.EN,)
    if _AZERI_LATIN.search(text):
        return (tables.AZ,)
    if _TURKISH_LATIN.search(text):
        return (tables.AZ, tables.TR)
    if _SHARED_LATIN.search(text):
        plain: tuple[Table, ...] = (tables.AZ, tables.TR, tables.EN)
    else:
        plain = (tables.ASCII, tables.EN, tables.TR)
    return plain + tuple(table for table, sign in _FALLBACKS if sign.search(text))


@lru_cache(maxsize=4096)
def readings(word: str, keys: tuple[str, ...]) -> tuple[Reading, ...]:
    """Return the distinct transliterations of a prepared word in the orthographies `keys`."""
    if script(word) == "Zyyy":
        word = re.sub("[^a-z0-9]", "", anyascii(word).lower())
    if script(word) != _SCRIPTS[keys[0]]:
        keys = tuple(table.key for table in orthographies(word))
    found: dict[tuple[str, int], Reading] = {}
    # The plain transliterations of all orthographies come first, since queries use only the first
    # few.
    in_turn = zip_longest(*(_readings(word, BY_KEY[key]) for key in keys))
    for reading in chain.from_iterable(in_turn):
        if reading is None or not reading.skeleton:
            continue
        spelt = (reading.skeleton, reading.stem)
        if spelt not in found or found[spelt].prior > reading.prior:
            found[spelt] = reading
    return tuple(found.values())


def _readings(word: str, table: Table) -> Iterator[Reading]:
    stem = suffix(word).stem
    prior = _PRIOR.get(table.key, _PRIOR_ELSE)
    if table in (tables.ASCII, tables.EN) and _FRENCH_LATIN.search(word):
        prior += _ACCENTED
    plain = _reading(table, word, stem, prior, {})
    yield plain
    if table is tables.PERSIAN:
        yield from _persian(plain, word, stem)
    looked_up = {} if table is tables.AZ else parts_at(word)
    if looked_up:
        most = max(len(part.spellings) for part in looked_up.values())
        for choice in range(most):
            yield _reading(table, word, stem, prior + _LEXICON * (1 + choice), looked_up, choice)


def _persian(plain: Reading, word: str, stem: int) -> Iterator[Reading]:
    """Yield variants with vav as v within a word (Ənvər, Pərviz), and with the article."""
    if VAV in word[1:stem]:
        as_v = tuple((VAV, "v") if part == (VAV, "W") else part for part in plain.parts)
        if as_v != plain.parts:
            signs = _signs_before(as_v, stem)
            yield Reading(plain.key, as_v, signs, plain.prior + _VAV)
    if stem >= ARTICLE_LEAST and "".join(letters for letters, _ in plain.parts[:2]) == ARTICLE:
        parts = ((ARTICLE, ""), *plain.parts[2:])
        yield Reading(plain.key, parts, _signs_before(parts, stem), plain.prior + _ARTICLE)


def _signs_before(parts: Sequence[tuple[str, str]], end: int) -> int:
    """Return the number of signs of the graphemes that start before the letter `end`."""
    starts = accumulate((len(grapheme) for grapheme, _ in parts), initial=0)
    signs = (len(signs) for start, (_, signs) in zip(starts, parts, strict=False) if start < end)
    return min(sum(signs), SIGNS_MOST)


def _reading(
    table: Table, word: str, stem: int, prior: float, known: dict[int, Part], choice: int = 0
) -> Reading:
    """Build a hypothesis; graphemes do not cross the boundaries of the stem and known parts."""
    cuts = sorted({0, stem, len(word), *known, *(at + part.size for at, part in known.items())})
    parts: list[tuple[str, str]] = []
    signs_in_stem = 0
    for start, end in pairwise(cuts):
        if start in known:
            spellings = known[start].spellings
            parts.append((word[start:end], spellings[min(choice, len(spellings) - 1)]))
        else:
            parts.extend(table.parts(word, start, end))
        if end <= stem:
            signs_in_stem = sum(len(signs) for _, signs in parts)
    stem_signs = min(signs_in_stem, SIGNS_MOST)
    return Reading(table.key, tuple(parts), stem_signs, prior, bool(known))


BY_KEY = {
    table.key: table
    for table in (
        tables.AZ,
        tables.ASCII,
        tables.EN,
        tables.TR,
        tables.DE,
        tables.FR,
        tables.SLAVIC,
        tables.NL,
        tables.LATIN,
        tables.RU,
        tables.AZ_CYRILLIC,
        tables.PERSIAN,
    )
}
_SCRIPTS = dict.fromkeys(BY_KEY, "Latn") | {"ru": "Cyrl", "az-cyrl": "Cyrl", "fa": "Arab"}
