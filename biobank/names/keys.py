"""Phonetic keys: what remains of a skeleton without its ambiguous sounds.

The coarse key consists of consonant classes only and is the same for nearly every spelling of a
word; the fine key adds vowels in three classes. Grams of both match what no whole key matches.
"""

from __future__ import annotations

from functools import lru_cache
from zlib import crc32

_CONSONANTS = {
    "b": "pbPB",
    "d": "tdTD",
    "k": "kgqğhxKQGĞƔXÇƓ",
    "c": "cçjCŽɈ",
    "s": "szşSZẒΘ",
    "v": "fvVFŴ",
    "m": "m",
    "n": "n",
    "l": "l",
    "r": "r",
}
_VOWELS = {"a": "aəeAEH@Ȧ", "i": "iıIYJ", "o": "oöuüOƆUɅW"}
_COARSE = {sign: kind for kind, signs in _CONSONANTS.items() for sign in signs}
_FINE = _COARSE | {sign: kind for kind, signs in _VOWELS.items() for sign in signs}


def coarse_key(skeleton: str) -> str:
    """Return consonant classes without repetition; y is ignored, h is in the class of k."""
    return _key(skeleton, _COARSE)


def fine_key(skeleton: str) -> str:
    """Return consonant and vowel classes without repetition."""
    return _key(skeleton, _FINE)


def _key(skeleton: str, kinds: dict[str, str]) -> str:
    key = ""
    for sign in skeleton:
        kind = kinds.get(sign, "")
        if kind and not key.endswith(kind):
            key += kind
    return key


@lru_cache(maxsize=4096)
def grams(skeleton: str, stem: int) -> tuple[int, ...]:
    """Return pairs and triples of the coarse key and triples of the fine key, of stem and whole.

    The fine key of the stem with any one sound deleted is included: a typing error in a short word
    leaves no other gram intact. Each gram is its CRC-32, which needs less memory than strings.
    """
    found: dict[str, None] = {}
    for part in (skeleton[:stem], skeleton):
        coarse, fine = f"^{coarse_key(part)}$", f"^{fine_key(part)}$"
        found[f"={coarse}"] = None
        for size in (2, 3):
            found.update((coarse[at : at + size], None) for at in range(len(coarse) - size + 1))
        found.update((f"~{fine[at : at + 3]}", None) for at in range(len(fine) - 2))
    stem_key = fine_key(skeleton[:stem])
    found[f"#{stem_key}"] = None
    found[f"-{stem_key}"] = None
    found.update((f"-{stem_key[:at]}{stem_key[at + 1 :]}", None) for at in range(len(stem_key)))
    return tuple(crc32(gram.encode()) for gram in found)


def whole_grams(skeleton: str) -> tuple[int, int]:
    """Return the grams that identify stems with the same coarse key and the same fine key."""
    coarse, fine = f"=^{coarse_key(skeleton)}$", f"#{fine_key(skeleton)}"
    return crc32(coarse.encode()), crc32(fine.encode())
