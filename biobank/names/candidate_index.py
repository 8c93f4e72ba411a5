"""Candidate index: the forms of vocabulary words that share n-grams with a spelling."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

from biobank.names.distance import Ints, SkeletonBatch, build_batch
from biobank.names.phonetic_keys import coarse_key, fine_key, key_grams
from biobank.names.suffixes import find_ending
from biobank.names.transliteration import TransliterationHypothesis, transliterate

Floats = NDArray[np.float32]

#: Maximum number of forms sharing most grams, whose keys are then compared by plain edit distance,
#: at a hundredth of the cost of the phonetic distance.
MAX_SHARING_FORMS = 240
#: Maximum number of (transliteration, form) pairs compared by phonetic distance.
MAX_NEAREST_PAIRS = 120
MAX_READINGS_PER_FORM = 2
#: Weights of shared grams and of coarse keys relative to the similarity of fine keys.
SHARED_GRAMS_WEIGHT = 2.0
COARSE_KEY_WEIGHT = 0.5
#: Maximum number of gram postings read for one word, rare grams first.
MAX_GRAM_POSTINGS = 16_000
#: Number of words processed at a time while building.
CHUNK_WORDS = 4096
#: Maximum number of key letters stored for comparison.
MAX_KEY_CHARS = 16


class GramIndex:
    """An immutable index of the forms that contain each gram."""

    def __init__(
        self, hashes: NDArray[np.uint32], forms: Ints, keys: Sequence[tuple[bytes, bytes, bytes]]
    ) -> None:
        order = np.argsort(hashes, kind="stable")
        self._postings = forms[order]
        self._hashes, starts, counts = np.unique(hashes[order], return_index=True, return_counts=True)
        self._starts = np.append(starts, len(hashes)).astype(np.int32)
        self._rarity = np.log(1 + len(keys) / counts).astype(np.float32)
        self._sums = np.bincount(self._postings, np.repeat(self._rarity, counts), minlength=len(keys)).astype(
            np.float32
        )
        self._stems, self._wholes, self._coarse = (
            np.array([key[place] for key in keys], f"S{MAX_KEY_CHARS}") for place in range(3)
        )

    def has_gram(self, gram: int) -> bool:
        """Return whether any form has this gram."""
        position = int(np.searchsorted(self._hashes, gram))
        return position < len(self._hashes) and int(self._hashes[position]) == gram

    def fine_keys(self) -> NDArray[np.bytes_]:
        """Return the fine key of each form, cut to MAX_KEY_CHARS letters."""
        return self._wholes

    def nearest(self, hypotheses: Sequence[TransliterationHypothesis]) -> tuple[Ints, Ints]:
        """Return pairs of a hypothesis, by index, and a form that may sound similar."""
        forms, shared_weights = self._forms_sharing_grams(hypotheses)
        if not len(forms):
            return forms, forms
        similarity = SHARED_GRAMS_WEIGHT * shared_weights + self._key_similarity(hypotheses, forms)
        # Transliterations of one word are similar: without a limit per form, those of a common
        # surname would displace all others.
        reading_rows = np.argsort(-similarity, axis=0, kind="stable")[:MAX_READINGS_PER_FORM]
        form_positions = np.broadcast_to(np.arange(len(forms)), reading_rows.shape)
        similarity = np.take_along_axis(similarity, reading_rows, axis=0)
        reading_rows, form_positions = reading_rows.ravel(), form_positions.ravel()
        if len(form_positions) > MAX_NEAREST_PAIRS:
            best = np.sort(np.argpartition(-similarity.ravel(), MAX_NEAREST_PAIRS)[:MAX_NEAREST_PAIRS])
            reading_rows, form_positions = reading_rows[best], form_positions[best]
        return reading_rows.astype(np.int32), forms[form_positions]

    def _key_similarity(self, hypotheses: Sequence[TransliterationHypothesis], forms: Ints) -> Floats:
        """Return key similarity by plain edit distance, by transliteration and form."""
        skeletons = [reading.skeleton for reading in hypotheses]
        stems = [reading.skeleton[: reading.stem] for reading in hypotheses]
        # A typing error may hide an ending, so that only the whole words are similar.
        fine = np.maximum(
            _similarity([fine_key(stem) for stem in stems], self._stems[forms]),
            _similarity([fine_key(skeleton) for skeleton in skeletons], self._wholes[forms]),
        )
        coarse = _similarity([coarse_key(stem) for stem in stems], self._coarse[forms])
        return np.asarray(fine + COARSE_KEY_WEIGHT * coarse, np.float32)

    def _forms_sharing_grams(self, hypotheses: Sequence[TransliterationHypothesis]) -> tuple[Ints, Floats]:
        """Return the forms that share most grams with any hypothesis, and the share."""
        query_grams = {gram for reading in hypotheses for gram in key_grams(reading.skeleton, reading.stem)}
        hashes = np.array(sorted(query_grams), np.uint32)
        positions = np.minimum(np.searchsorted(self._hashes, hashes), max(len(self._hashes) - 1, 0))
        known = positions[self._hashes[positions] == hashes] if len(self._hashes) else positions[:0]
        if not len(known):
            return np.empty(0, np.int32), np.empty(0, np.float32)
        known = known[np.argsort(-self._rarity[known], kind="stable")]
        sizes = self._starts[known + 1] - self._starts[known]
        limit = max(1, int(np.searchsorted(np.cumsum(sizes), MAX_GRAM_POSTINGS, side="right")))
        known, sizes = known[:limit], sizes[:limit]
        starts, ends = self._starts[known].tolist(), self._starts[known + 1].tolist()
        forms = np.concatenate([self._postings[start:end] for start, end in zip(starts, ends, strict=True)])
        sums = np.bincount(forms, np.repeat(self._rarity[known], sizes))
        sharing_forms = distinct(forms, len(self._sums))
        # Several transliterations have more grams than any single form can have.
        total = float(self._rarity[known].sum()) / max(1.0, len(known) / 14)
        score = (sums[sharing_forms] / (self._sums[sharing_forms] + total)).astype(np.float32)
        if len(sharing_forms) > MAX_SHARING_FORMS:
            best = np.sort(np.argpartition(-score, MAX_SHARING_FORMS)[:MAX_SHARING_FORMS])
            sharing_forms, score = sharing_forms[best], score[best]
        return sharing_forms, score


def _similarity(keys: Sequence[str], other_keys: NDArray[np.bytes_]) -> Floats:
    similarity: Floats = cdist(
        [key.encode() for key in keys],
        other_keys.tolist(),
        scorer=OSA.normalized_similarity,
        dtype=np.float32,
    )
    return similarity


def distinct(numbers: Ints, upper_bound: int) -> Ints:
    """Return each of `numbers`, all below `upper_bound`, once; much faster than sorting."""
    last_positions = np.empty(upper_bound, np.int32)
    order = np.arange(len(numbers), dtype=np.int32)
    last_positions[numbers] = order
    unique: Ints = numbers[last_positions[numbers] == order]
    return unique


def build_forms(words: Sequence[tuple[str, tuple[str, ...], str]]) -> tuple[SkeletonBatch, Ints, GramIndex]:
    """Return the transliterations of `words` as a batch, their word numbers and their index."""
    batches: list[SkeletonBatch] = [build_batch([])]
    owners, forms, hashes = array("i"), array("i"), array("I")
    stored_keys: list[tuple[bytes, bytes, bytes]] = []
    for start in range(0, len(words), CHUNK_WORDS):
        word_readings = []
        for number, (text, keys, kind) in enumerate(words[start : start + CHUNK_WORDS], start):
            if kind == "initial":
                continue
            ending = find_ending(text)
            for reading in transliterate(text, keys):
                stem = reading.skeleton[: reading.stem]
                word_grams = key_grams(reading.skeleton, reading.stem)
                hashes.extend(word_grams)
                forms.extend([len(owners)] * len(word_grams))
                owners.append(number)
                stored_keys.append(
                    (
                        _truncate_key(fine_key(stem)),
                        _truncate_key(fine_key(reading.skeleton)),
                        _truncate_key(coarse_key(stem)),
                    )
                )
                word_readings.append((reading, ending))
        batches.append(build_batch(word_readings))
    gram_index = GramIndex(np.array(hashes, np.uint32), np.array(forms, np.int32), stored_keys)
    return SkeletonBatch.concatenate(batches), np.array(owners, np.int32), gram_index


def _truncate_key(key: str) -> bytes:
    return key.encode()[:MAX_KEY_CHARS]
