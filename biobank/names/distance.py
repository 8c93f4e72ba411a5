"""Distance of skeletons: a weighted edit distance with the costs of phonetic_costs.py.

Many pairs are computed at once, one row of all their tables at a time; within a row, insertions are
a running minimum, so that no cell is visited in Python.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from biobank.names.phonetic_costs import GAP_COSTS, IS_VOWEL, SIGN_CODES, SIGN_COSTS, SIGN_WEIGHTS, encode
from biobank.names.suffixes import ENDING_TAGS, OTHER_GENDER_SIMILARITY, SurnameEnding, ending_similarity
from biobank.names.transliteration import MAX_SIGNS, TransliterationHypothesis

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]

#: Cost of two transposed neighbours, the most common typing error after a wrong letter.
TRANSPOSITION_COST = 0.45
#: Cost of the second of two equal signs, if the other side has one.
DOUBLED_COST = 0.1
#: Minimum weight of an ending shared by two stems.
MIN_ENDING_WEIGHT = 0.8
#: Cost of a vowel against a script that does not write it, and of h against Russian, which often
#: drops it.
UNWRITTEN_VOWEL_COSTS = {"a": 0.03, "ə": 0.02, "e": 0.03, "i": 0.04, "ı": 0.04} | dict.fromkeys("uüoö", 0.05)
OTHER_UNWRITTEN_VOWEL_COST = 0.03
#: Final vowels, which even Arabic script writes, except for an e that may be silent: Kəmalə.
FINAL_VOWELS = "aəiıoöuüAIOU"
DROPPED_H_COST = 0.22

#: Kind of script of a form, which determines the gap costs of the other side.
PLAIN_FORM, RUSSIAN_FORM, ARABIC_FORM = 0, 1, 2
_FORM_KINDS = {"ru": RUSSIAN_FORM, "fa": ARABIC_FORM}


def _gap_costs_by_kind() -> Floats:
    """Return gap costs by kind of the other side and by sign."""
    costs = np.stack([GAP_COSTS, GAP_COSTS, GAP_COSTS])
    costs[RUSSIAN_FORM, SIGN_CODES["h"]] = DROPPED_H_COST
    costs[ARABIC_FORM, IS_VOWEL] = np.minimum(costs[ARABIC_FORM, IS_VOWEL], OTHER_UNWRITTEN_VOWEL_COST)
    costs[ARABIC_FORM, SIGN_CODES["Ȧ"]] = GAP_COSTS[SIGN_CODES["Ȧ"]]
    for vowel, cost in UNWRITTEN_VOWEL_COSTS.items():
        costs[ARABIC_FORM, SIGN_CODES[vowel]] = cost
    return costs


_GAP_COSTS_BY_KIND = _gap_costs_by_kind()
_TAG_CODES = {tag: code for code, tag in enumerate(ENDING_TAGS)}
_ENDING_SIMILARITIES = np.array(
    [[ending_similarity(row_tag, column_tag) for column_tag in ENDING_TAGS] for row_tag in ENDING_TAGS],
    np.float32,
)


@dataclass(frozen=True)
class SkeletonBatch:
    """A batch of skeletons: codes (rows × MAX_SIGNS), lengths, stems and weights.

    `plain` marks forms in modern Azerbaijani letters, which are unambiguous; `open_ended` marks
    forms that end in a vowel that Arabic script would write.
    """

    codes: NDArray[np.int8]
    lengths: NDArray[np.int8]
    stems: NDArray[np.int8]
    kinds: NDArray[np.int8]
    tags: NDArray[np.int8]
    female: NDArray[np.bool_]
    plain: NDArray[np.bool_]
    open_ended: NDArray[np.bool_]
    priors: Floats
    weights: Floats
    stem_weights: Floats

    def __len__(self) -> int:
        return len(self.lengths)

    @classmethod
    def concatenate(cls, parts: Sequence[SkeletonBatch]) -> SkeletonBatch:
        """Concatenate the rows of all parts."""
        return cls(*(np.concatenate([getattr(p, field.name) for p in parts]) for field in fields(cls)))


@dataclass(frozen=True)
class Distances:
    """Per pair: similarity from 0 to 1, and the cost of treating both as spellings of one word."""

    similarity: Floats
    cost: Floats


def build_batch(transliterations: Sequence[tuple[TransliterationHypothesis, SurnameEnding]]) -> SkeletonBatch:
    """Build a batch from transliterations and the endings of their words."""
    codes = np.zeros((len(transliterations), MAX_SIGNS), np.int8)
    lengths = np.zeros(len(transliterations), np.int8)
    stems = np.zeros(len(transliterations), np.int8)
    for row, (reading, _) in enumerate(transliterations):
        encoded = encode(reading.skeleton)
        codes[row, : len(encoded)] = encoded
        lengths[row], stems[row] = len(encoded), min(reading.stem or len(encoded), len(encoded))
    sums = np.cumsum(SIGN_WEIGHTS[codes], axis=1)
    rows = np.arange(len(transliterations))
    return SkeletonBatch(
        codes=codes,
        lengths=lengths,
        stems=stems,
        kinds=np.array(
            [_FORM_KINDS.get(reading.key, PLAIN_FORM) for reading, _ in transliterations], np.int8
        ),
        tags=np.array([_TAG_CODES[ending.tag] for _, ending in transliterations], np.int8),
        female=np.array([ending.female for _, ending in transliterations], np.bool_),
        plain=np.array([reading.key == "az" for reading, _ in transliterations], np.bool_),
        open_ended=np.array(
            [reading.skeleton[-1] in FINAL_VOWELS and not ending.tag for reading, ending in transliterations],
            np.bool_,
        ),
        priors=np.array([reading.prior for reading, _ in transliterations], np.float32),
        weights=sums[rows, lengths - 1],
        stem_weights=sums[rows, stems - 1],
    )


def compute_distances(
    left: SkeletonBatch, left_rows: Ints, right: SkeletonBatch, right_rows: Ints
) -> Distances:
    """Return the distances of form `left_rows[i]` and form `right_rows[i]` for every i."""
    whole_costs, stem_costs = _edit_costs(left, left_rows, right, right_rows)
    prior = left.priors[left_rows] + right.priors[right_rows]
    whole_costs, stem_costs = whole_costs + prior, stem_costs + prior
    weights = np.maximum(left.weights[left_rows], right.weights[right_rows])
    stem_weights = np.maximum(left.stem_weights[left_rows], right.stem_weights[right_rows])
    tags, other_tags = left.tags[left_rows], right.tags[right_rows]
    same_gender = left.female[left_rows] == right.female[right_rows]
    ending_factors = _ENDING_SIMILARITIES[tags, other_tags] * np.where(
        same_gender, 1.0, OTHER_GENDER_SIMILARITY
    )
    has_ending = (tags > 0) | (other_tags > 0)
    stem_similarity = np.where(
        has_ending, ending_factors * (1 - stem_costs / (stem_weights + MIN_ENDING_WEIGHT)), 0.0
    )
    similarity = np.maximum(1 - whole_costs / np.maximum(weights, 0.5), stem_similarity)
    same_ending = has_ending & (tags == other_tags) & same_gender
    cost = np.where(same_ending, np.minimum(whole_costs, stem_costs), whole_costs)
    # Different endings are different names, however cheap their letters are.
    cost = np.where(has_ending & ~same_ending & (tags * other_tags > 0), np.maximum(cost, 1.0), cost)
    return Distances(np.clip(similarity, 0, 1).astype(np.float32), cost.astype(np.float32))


def _edit_costs(
    left: SkeletonBatch, left_rows: Ints, right: SkeletonBatch, right_rows: Ints
) -> tuple[Floats, Floats]:
    """Return the costs of the whole forms and of their stems."""
    rows = np.arange(len(left_rows))
    width = int(right.lengths[right_rows].max(initial=1))
    height = int(left.lengths[left_rows].max(initial=1))
    left_codes, right_codes = left.codes[left_rows, :height], right.codes[right_rows, :width]
    left_gaps = _gap_costs(left, left_rows, height, right.kinds[right_rows])
    right_gaps = np.zeros((len(left_rows), width + 1), np.float32)
    np.cumsum(_gap_costs(right, right_rows, width, left.kinds[left_rows]), axis=1, out=right_gaps[:, 1:])
    lengths, stems = left.lengths[left_rows], left.stems[left_rows]
    other_lengths, other_stems = right.lengths[right_rows], right.stems[right_rows]
    whole_costs, stem_costs = (np.zeros(len(left_rows), np.float32), np.zeros(len(left_rows), np.float32))
    second_last, last, last_substitution = (
        right_gaps,
        right_gaps,
        np.zeros((len(left_rows), width), np.float32),
    )
    for step in range(height):
        substitution = SIGN_COSTS[left_codes[:, step, None], right_codes]
        row = last + left_gaps[:, step, None]
        np.minimum(row[:, 1:], last[:, :-1] + substitution, out=row[:, 1:])
        if step:
            swapped = (
                second_last[:, :-2] + substitution[:, :-1] + last_substitution[:, 1:] + TRANSPOSITION_COST
            )
            np.minimum(row[:, 2:], swapped, out=row[:, 2:])
        row = np.minimum.accumulate(row - right_gaps, axis=1) + right_gaps
        second_last, last, last_substitution = last, row, substitution
        ends, stem_ends = lengths == step + 1, stems == step + 1
        whole_costs = np.where(ends, row[rows, other_lengths], whole_costs)
        stem_costs = np.where(stem_ends, row[rows, other_stems], stem_costs)
    return whole_costs, stem_costs


def _gap_costs(forms: SkeletonBatch, rows: Ints, width: int, other_kinds: NDArray[np.int8]) -> Floats:
    """Return gap costs by row and sign of the forms against the given kinds of forms."""
    codes = forms.codes[rows, :width]
    costs: Floats = _GAP_COSTS_BY_KIND[other_kinds[:, None], codes]
    doubled = np.zeros(codes.shape, np.bool_)
    doubled[:, 1:] = codes[:, 1:] == codes[:, :-1]
    costs = np.where(doubled, np.minimum(costs, DOUBLED_COST), costs)
    rows_with_final_vowel = np.flatnonzero((other_kinds == ARABIC_FORM) & forms.open_ended[rows])
    if len(rows_with_final_vowel):
        last = forms.lengths[rows[rows_with_final_vowel]] - 1
        costs[rows_with_final_vowel, last] = GAP_COSTS[codes[rows_with_final_vowel, last]]
    return costs
