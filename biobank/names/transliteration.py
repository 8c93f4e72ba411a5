"""Transliteration: labelled hypotheses of how a spelling sounds in Azerbaijani."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, chain, pairwise, zip_longest

from anyascii import anyascii

from biobank.names import orthographies
from biobank.names.folding import APOSTROPHES, TATWEEL, fold, normalise
from biobank.names.lexicon import NamePart, find_parts
from biobank.names.orthographies import Orthography
from biobank.names.suffixes import find_ending

#: Prior cost by orthography: a foreign spelling is less likely than a plain one.
_PRIOR_COSTS = {"az": 0.0, "ascii": 0.0, "en": 0.0, "az-cyrl": 0.0, "ru": 0.0, "fa": 0.0, "tr": 0.01}
_OTHER_PRIOR_COST = 0.02
_LEXICON_COST = 0.045
_VAV_COST = 0.005
_ACCENTED_COST = 0.025
_ARTICLE_COST = 0.05
#: Maximum number of compared signs of a word; longer words are truncated.
MAX_SIGNS = 22
VAV = "و"
#: The Arabic article, and the minimum length of a word that contains it.
ARTICLE = "ال"
MIN_ARTICLE_WORD_CHARS = 5

_AZERI_LATIN = re.compile("[əǝ]")
_TURKISH_LATIN = re.compile("[şğı]")
_SHARED_LATIN = re.compile("[çöü]")
_FRENCH_LATIN = re.compile("[éèêëïœ]")
_AZERI_CYRILLIC = re.compile("[ғәјҝөүһҹҷҗ]")
_FALLBACK_ORTHOGRAPHIES: tuple[tuple[Orthography, re.Pattern[str]], ...] = (
    (orthographies.DE, re.compile("[wjäöü]|ch|(?:^|[aeiou ])s[aeiou]|ss|tz")),
    (orthographies.FR, re.compile("ch|dj|ou|gu|qu|eu|au|[éèêëïîôç]|ges?\\b|ois|ier\\b|ault\\b")),
    (orthographies.SLAVIC, re.compile("[čšžřěłśźżćńů]|cz|sz|rz|j")),
    (orthographies.LATIN, re.compile(r"[iur](?:us|as)\b")),
    (orthographies.NL, re.compile("[sz]j|oe")),
)
# A title after a non-joiner is a separate word: fəthəli‌xan.
_DETACHED_TITLE_PATTERN = re.compile("\u200c(?=(?:خان|خانم|بیگ|بک)(?:\\s|$))")
_DROPPED_CHARS = dict.fromkeys(map(ord, APOSTROPHES + TATWEEL), "") | {ord("."): " "}


@dataclass(frozen=True, slots=True)
class TransliterationHypothesis:
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
        return "".join(signs for _, signs in self.parts)[:MAX_SIGNS]


def prepare(text: str) -> str:
    """Return lower case with accents and without apostrophes; I is ı if ə, ş or ğ occur."""
    text = normalise(text).translate(_DROPPED_CHARS).replace("I\u0307", "İ")
    lowered = text.replace("İ", "i")
    if "I" in lowered and (_is_turkic(lowered.lower()) or "İ" in text):
        lowered = lowered.replace("I", "ı")
    lowered = lowered.lower()
    return fold(_DETACHED_TITLE_PATTERN.sub(" ", lowered)) if detect_script(lowered) == "Arab" else lowered


def _is_turkic(lowered: str) -> bool:
    return bool(_AZERI_LATIN.search(lowered) or _TURKISH_LATIN.search(lowered))


def detect_script(text: str) -> str:
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


def detect_orthographies(text: str) -> tuple[Orthography, ...]:
    """Return the orthographies that a prepared name may be written in, the most likely first."""
    script_code = detect_script(text)
    if script_code == "Arab":
        return (orthographies.PERSIAN,)
    if script_code == "Cyrl":
        return (
            (orthographies.AZ_CYRILLIC, orthographies.RU)
            if _AZERI_CYRILLIC.search(text)
            else (orthographies.RU,)
        )
    if script_code == "Zyyy":
        return (orthographies.EN,)
    if _AZERI_LATIN.search(text):
        return (orthographies.AZ,)
    if _TURKISH_LATIN.search(text):
        return (orthographies.AZ, orthographies.TR)
    if _SHARED_LATIN.search(text):
        likely: tuple[Orthography, ...] = (orthographies.AZ, orthographies.TR, orthographies.EN)
    else:
        likely = (orthographies.ASCII, orthographies.EN, orthographies.TR)
    return likely + tuple(table for table, pattern in _FALLBACK_ORTHOGRAPHIES if pattern.search(text))


@lru_cache(maxsize=4096)
def transliterate(word: str, keys: tuple[str, ...]) -> tuple[TransliterationHypothesis, ...]:
    """Return the distinct transliterations of a prepared word in the orthographies `keys`."""
    if detect_script(word) == "Zyyy":
        word = re.sub("[^a-z0-9]", "", anyascii(word).lower())
    if detect_script(word) != _SCRIPTS_BY_KEY[keys[0]]:
        keys = tuple(table.key for table in detect_orthographies(word))
    hypotheses: dict[tuple[str, int], TransliterationHypothesis] = {}
    # The plain transliterations of all orthographies come first, since queries use only the first
    # few.
    interleaved = zip_longest(*(_transliterate_in(word, ORTHOGRAPHIES_BY_KEY[key]) for key in keys))
    for reading in chain.from_iterable(interleaved):
        if reading is None or not reading.skeleton:
            continue
        sound_key = (reading.skeleton, reading.stem)
        if sound_key not in hypotheses or hypotheses[sound_key].prior > reading.prior:
            hypotheses[sound_key] = reading
    return tuple(hypotheses.values())


def _transliterate_in(word: str, table: Orthography) -> Iterator[TransliterationHypothesis]:
    stem = find_ending(word).stem
    prior = _PRIOR_COSTS.get(table.key, _OTHER_PRIOR_COST)
    if table in (orthographies.ASCII, orthographies.EN) and _FRENCH_LATIN.search(word):
        prior += _ACCENTED_COST
    plain = _build_hypothesis(table, word, stem, prior, {})
    yield plain
    if table is orthographies.PERSIAN:
        yield from _persian_variants(plain, word, stem)
    lexicon_parts = {} if table is orthographies.AZ else find_parts(word)
    if lexicon_parts:
        max_choices = max(len(part.spellings) for part in lexicon_parts.values())
        for choice in range(max_choices):
            yield _build_hypothesis(
                table, word, stem, prior + _LEXICON_COST * (1 + choice), lexicon_parts, choice
            )


def _persian_variants(
    plain: TransliterationHypothesis, word: str, stem: int
) -> Iterator[TransliterationHypothesis]:
    """Yield variants with vav as v within a word (Ənvər, Pərviz), and with the article."""
    if VAV in word[1:stem]:
        parts_with_v = tuple((VAV, "v") if part == (VAV, "W") else part for part in plain.parts)
        if parts_with_v != plain.parts:
            signs = _signs_before(parts_with_v, stem)
            yield TransliterationHypothesis(plain.key, parts_with_v, signs, plain.prior + _VAV_COST)
    if stem >= MIN_ARTICLE_WORD_CHARS and "".join(letters for letters, _ in plain.parts[:2]) == ARTICLE:
        parts = ((ARTICLE, ""), *plain.parts[2:])
        yield TransliterationHypothesis(
            plain.key, parts, _signs_before(parts, stem), plain.prior + _ARTICLE_COST
        )


def _signs_before(parts: Sequence[tuple[str, str]], end: int) -> int:
    """Return the number of signs of the graphemes that start before the letter `end`."""
    starts = accumulate((len(grapheme) for grapheme, _ in parts), initial=0)
    signs = (len(signs) for start, (_, signs) in zip(starts, parts, strict=False) if start < end)
    return min(sum(signs), MAX_SIGNS)


def _build_hypothesis(
    table: Orthography, word: str, stem: int, prior: float, known_parts: dict[int, NamePart], choice: int = 0
) -> TransliterationHypothesis:
    """Build a hypothesis; graphemes do not cross the boundaries of the stem and known parts."""
    cuts = sorted(
        {0, stem, len(word), *known_parts, *(position + part.size for position, part in known_parts.items())}
    )
    parts: list[tuple[str, str]] = []
    signs_in_stem = 0
    for start, end in pairwise(cuts):
        if start in known_parts:
            spellings = known_parts[start].spellings
            parts.append((word[start:end], spellings[min(choice, len(spellings) - 1)]))
        else:
            parts.extend(table.parts(word, start, end))
        if end <= stem:
            signs_in_stem = sum(len(signs) for _, signs in parts)
    stem_signs = min(signs_in_stem, MAX_SIGNS)
    return TransliterationHypothesis(table.key, tuple(parts), stem_signs, prior, bool(known_parts))


ORTHOGRAPHIES_BY_KEY = {
    table.key: table
    for table in (
        orthographies.AZ,
        orthographies.ASCII,
        orthographies.EN,
        orthographies.TR,
        orthographies.DE,
        orthographies.FR,
        orthographies.SLAVIC,
        orthographies.NL,
        orthographies.LATIN,
        orthographies.RU,
        orthographies.AZ_CYRILLIC,
        orthographies.PERSIAN,
    )
}
_SCRIPTS_BY_KEY = dict.fromkeys(ORTHOGRAPHIES_BY_KEY, "Latn") | {
    "ru": "Cyrl",
    "az-cyrl": "Cyrl",
    "fa": "Arab",
}
