"""Candidate index: the forms of vocabulary words that share n-grams with a spelling."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

from biobank.names.distance import Forms, Ints, make_forms
from biobank.names.keys import coarse_key, fine_key, grams
from biobank.names.readings import Reading, readings
from biobank.names.suffixes import suffix

Floats = NDArray[np.float32]

#: Maximum number of forms sharing most grams, whose keys are then compared by plain edit distance,
#: at a hundredth of the cost of the phonetic distance.
SHARING = 240
#: Maximum number of (transliteration, form) pairs compared by phonetic distance.
NEAREST = 120
READINGS_EACH = 2
#: Weights of shared grams and of coarse keys relative to the similarity of fine keys.
SHARED = 2.0
COARSE = 0.5
#: Maximum number of gram postings read for one word, rare grams first.
POSTINGS_MOST = 16_000
#: Number of words processed at a time while building.
CHUNK = 4096
#: Maximum number of key letters stored for comparison.
KEY_MOST = 16


class Grams:
    """An immutable index of the forms that contain each gram."""

    def __init__(
        self, hashes: NDArray[np.uint32], forms: Ints, keys: Sequence[tuple[bytes, bytes, bytes]]
    ) -> None:
        order = np.argsort(hashes, kind="stable")
        self._postings = forms[order]
        self._hashes, starts, counts = np.unique(
            hashes[order], return_index=True, return_counts=True
        )
        self._starts = np.append(starts, len(hashes)).astype(np.int32)
        self._rarity = np.log(1 + len(keys) / counts).astype(np.float32)
        self._sums = np.bincount(
            self._postings, np.repeat(self._rarity, counts), minlength=len(keys)
        ).astype(np.float32)
        self._stems, self._wholes, self._coarse = (
            np.array([key[place] for key in keys], f"S{KEY_MOST}") for place in range(3)
        )

    def knows(self, gram: int) -> bool:
        """Return whether any form has this gram."""
        at = int(np.searchsorted(self._hashes, gram))
        return at < len(self._hashes) and int(self._hashes[at]) == gram

    def fine_keys(self) -> NDArray[np.bytes_]:
        """Return the fine key of each form, cut to MAX_KEY_CHARS letters."""
        return self._wholes

    def nearest(self, spelt: Sequence[Reading]) -> tuple[Ints, Ints]:
        """Return pairs of a hypothesis, by index, and a form that may sound similar."""
        forms, shared = self._sharing(spelt)
        if not len(forms):
            return forms, forms
        alike = SHARED * shared + self._keys_alike(spelt, forms)
        # Transliterations of one word are similar: without a limit per form, those of a common
        # surname would displace all others.
        ones = np.argsort(-alike, axis=0, kind="stable")[:READINGS_EACH]
        at = np.broadcast_to(np.arange(len(forms)), ones.shape)
        alike = np.take_along_axis(alike, ones, axis=0)
        ones, at = ones.ravel(), at.ravel()
        if len(at) > NEAREST:
            best = np.sort(np.argpartition(-alike.ravel(), NEAREST)[:NEAREST])
            ones, at = ones[best], at[best]
        return ones.astype(np.int32), forms[at]

    def _keys_alike(self, spelt: Sequence[Reading], forms: Ints) -> Floats:
        """Return key similarity by plain edit distance, by transliteration and form."""
        wholes = [reading.skeleton for reading in spelt]
        stems = [reading.skeleton[: reading.stem] for reading in spelt]
        # A typing error may hide an ending, so that only the whole words are similar.
        fine = np.maximum(
            _likeness([fine_key(stem) for stem in stems], self._stems[forms]),
            _likeness([fine_key(whole) for whole in wholes], self._wholes[forms]),
        )
        coarse = _likeness([coarse_key(stem) for stem in stems], self._coarse[forms])
        return np.asarray(fine + COARSE * coarse, np.float32)

    def _sharing(self, spelt: Sequence[Reading]) -> tuple[Ints, Floats]:
        """Return the forms that share most grams with any hypothesis, and the share."""
        wanted = {gram for r in spelt for gram in grams(r.skeleton, r.stem)}
        hashes = np.array(sorted(wanted), np.uint32)
        at = np.minimum(np.searchsorted(self._hashes, hashes), max(len(self._hashes) - 1, 0))
        known = at[self._hashes[at] == hashes] if len(self._hashes) else at[:0]
        if not len(known):
            return np.empty(0, np.int32), np.empty(0, np.float32)
        known = known[np.argsort(-self._rarity[known], kind="stable")]
        sizes = self._starts[known + 1] - self._starts[known]
        kept = max(1, int(np.searchsorted(np.cumsum(sizes), POSTINGS_MOST, side="right")))
        known, sizes = known[:kept], sizes[:kept]
        starts, ends = self._starts[known].tolist(), self._starts[known + 1].tolist()
        forms = np.concatenate([self._postings[a:b] for a, b in zip(starts, ends, strict=True)])
        sums = np.bincount(forms, np.repeat(self._rarity[known], sizes))
        touched = distinct(forms, len(self._sums))
        # Several transliterations have more grams than any single form can have.
        total = float(self._rarity[known].sum()) / max(1.0, len(known) / 14)
        score = (sums[touched] / (self._sums[touched] + total)).astype(np.float32)
        if len(touched) > SHARING:
            best = np.sort(np.argpartition(-score, SHARING)[:SHARING])
            touched, score = touched[best], score[best]
        return touched, score


def _likeness(own: Sequence[str], others: NDArray[np.bytes_]) -> Floats:
    found: Floats = cdist(
        [key.encode() for key in own],
        others.tolist(),
        scorer=OSA.normalized_similarity,
        dtype=np.float32,
    )
    return found


def distinct(numbers: Ints, below: int) -> Ints:
    """Return each of `numbers`, all below `upper_bound`, once; much faster than sorting."""
    places = np.empty(below, np.int32)
    order = np.arange(len(numbers), dtype=np.int32)
    places[numbers] = order
    kept: Ints = numbers[places[numbers] == order]
    return kept


def spelt_forms(words: Sequence[tuple[str, tuple[str, ...], str]]) -> tuple[Forms, Ints, Grams]:
    """Return the transliterations of `words` as a batch, their word numbers and their index."""
    parts: list[Forms] = [make_forms([])]
    owners, forms, hashes = array("i"), array("i"), array("I")
    kept: list[tuple[bytes, bytes, bytes]] = []
    for start in range(0, len(words), CHUNK):
        spelt = []
        for number, (text, keys, kind) in enumerate(words[start : start + CHUNK], start):
            if kind == "initial":
                continue
            ending = suffix(text)
            for reading in readings(text, keys):
                stem = reading.skeleton[: reading.stem]
                own = grams(reading.skeleton, reading.stem)
                hashes.extend(own)
                forms.extend([len(owners)] * len(own))
                owners.append(number)
                kept.append(
                    (
                        _short(fine_key(stem)),
                        _short(fine_key(reading.skeleton)),
                        _short(coarse_key(stem)),
                    )
                )
                spelt.append((reading, ending))
        parts.append(make_forms(spelt))
    found = Grams(np.array(hashes, np.uint32), np.array(forms, np.int32), kept)
    return Forms.joined(parts), np.array(owners, np.int32), found


def _short(key: str) -> bytes:
    return key.encode()[:KEY_MOST]
