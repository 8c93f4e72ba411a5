"""Phonetic keys: what remains of a skeleton without its ambiguous sounds.

The coarse key consists of consonant classes only and is the same for nearly every spelling of a
word; the fine key adds vowels in three classes. Grams of both match what no whole key matches.
"""

from __future__ import annotations

from functools import lru_cache
from zlib import crc32

_CONSONANT_CLASSES = {
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
_VOWEL_CLASSES = {"a": "aəeAEH@Ȧ", "i": "iıIYJ", "o": "oöuüOƆUɅW"}
_COARSE_CLASSES = {sign: kind for kind, signs in _CONSONANT_CLASSES.items() for sign in signs}
_FINE_CLASSES = _COARSE_CLASSES | {sign: kind for kind, signs in _VOWEL_CLASSES.items() for sign in signs}


def coarse_key(skeleton: str) -> str:
    """Return consonant classes without repetition; y is ignored, h is in the class of k."""
    return _key(skeleton, _COARSE_CLASSES)


def fine_key(skeleton: str) -> str:
    """Return consonant and vowel classes without repetition."""
    return _key(skeleton, _FINE_CLASSES)


def _key(skeleton: str, kinds: dict[str, str]) -> str:
    key = ""
    for sign in skeleton:
        kind = kinds.get(sign, "")
        if kind and not key.endswith(kind):
            key += kind
    return key


@lru_cache(maxsize=4096)
def key_grams(skeleton: str, stem: int) -> tuple[int, ...]:
    """Return pairs and triples of the coarse key and triples of the fine key, of stem and whole.

    The fine key of the stem with any one sound deleted is included: a typing error in a short word
    leaves no other gram intact. Each gram is its CRC-32, which needs less memory than strings.
    """
    unique: dict[str, None] = {}
    for part in (skeleton[:stem], skeleton):
        coarse, fine = f"^{coarse_key(part)}$", f"^{fine_key(part)}$"
        unique[f"={coarse}"] = None
        for size in (2, 3):
            unique.update(
                (coarse[position : position + size], None) for position in range(len(coarse) - size + 1)
            )
        unique.update((f"~{fine[position : position + 3]}", None) for position in range(len(fine) - 2))
    stem_key = fine_key(skeleton[:stem])
    unique[f"#{stem_key}"] = None
    unique[f"-{stem_key}"] = None
    unique.update(
        (f"-{stem_key[:position]}{stem_key[position + 1 :]}", None) for position in range(len(stem_key))
    )
    return tuple(crc32(gram.encode()) for gram in unique)


def whole_key_grams(skeleton: str) -> tuple[int, int]:
    """Return the grams that identify stems with the same coarse key and the same fine key."""
    coarse, fine = f"=^{coarse_key(skeleton)}$", f"#{fine_key(skeleton)}"
    return crc32(coarse.encode()), crc32(fine.encode())
