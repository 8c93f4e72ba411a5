"""Distance of skeletons: a weighted edit distance with the costs of phonetic_costs.py.

Many pairs are computed at once, one row of all their tables at a time; within a row, insertions are
a running minimum, so that no cell is visited in Python.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from biobank.names.phones import ALONE, CODES, IS_VOWEL, SIGN_COSTS, WEIGHTS, encode
from biobank.names.readings import SIGNS_MOST, Reading
from biobank.names.suffixes import OTHER_GENDER, TAGS, Suffix, kinship

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]

#: Cost of two transposed neighbours, the most common typing error after a wrong letter.
SWAP = 0.45
#: Cost of the second of two equal signs, if the other side has one.
DOUBLED = 0.1
#: Minimum weight of an ending shared by two stems.
ENDING = 0.8
#: Cost of a vowel against a script that does not write it, and of h against Russian, which often
#: drops it.
UNWRITTEN = {"a": 0.03, "ə": 0.02, "e": 0.03, "i": 0.04, "ı": 0.04} | dict.fromkeys("uüoö", 0.05)
UNWRITTEN_ELSE = 0.03
#: Final vowels, which even Arabic script writes, except for an e that may be silent: Kəmalə.
LAST_VOWELS = "aəiıoöuüAIOU"
DROPPED_H = 0.22

#: Kind of script of a form, which determines the gap costs of the other side.
PLAIN, RUSSIAN, ARABIC = 0, 1, 2
_KINDS = {"ru": RUSSIAN, "fa": ARABIC}


def _facing() -> Floats:
    """Return gap costs by kind of the other side and by sign."""
    facing = np.stack([ALONE, ALONE, ALONE])
    facing[RUSSIAN, CODES["h"]] = DROPPED_H
    facing[ARABIC, IS_VOWEL] = np.minimum(facing[ARABIC, IS_VOWEL], UNWRITTEN_ELSE)
    facing[ARABIC, CODES["Ȧ"]] = ALONE[CODES["Ȧ"]]
    for vowel, cost in UNWRITTEN.items():
        facing[ARABIC, CODES[vowel]] = cost
    return facing


_FACING = _facing()
_TAG_CODES = {tag: code for code, tag in enumerate(TAGS)}
_KINSHIP = np.array([[kinship(one, other) for other in TAGS] for one in TAGS], np.float32)


@dataclass(frozen=True)
class Forms:
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
    def joined(cls, parts: Sequence[Forms]) -> Forms:
        """Concatenate the rows of all parts."""
        return cls(
            *(np.concatenate([getattr(p, field.name) for p in parts]) for field in fields(cls))
        )


@dataclass(frozen=True)
class Distances:
    """Per pair: similarity from 0 to 1, and the cost of treating both as spellings of one word."""

    likeness: Floats
    cost: Floats


def make_forms(spelt: Sequence[tuple[Reading, Suffix]]) -> Forms:
    """Build a batch from transliterations and the endings of their words."""
    codes = np.zeros((len(spelt), SIGNS_MOST), np.int8)
    lengths = np.zeros(len(spelt), np.int8)
    stems = np.zeros(len(spelt), np.int8)
    for row, (reading, _) in enumerate(spelt):
        encoded = encode(reading.skeleton)
        codes[row, : len(encoded)] = encoded
        lengths[row], stems[row] = len(encoded), min(reading.stem or len(encoded), len(encoded))
    sums = np.cumsum(WEIGHTS[codes], axis=1)
    rows = np.arange(len(spelt))
    return Forms(
        codes=codes,
        lengths=lengths,
        stems=stems,
        kinds=np.array([_KINDS.get(reading.key, PLAIN) for reading, _ in spelt], np.int8),
        tags=np.array([_TAG_CODES[ending.tag] for _, ending in spelt], np.int8),
        female=np.array([ending.female for _, ending in spelt], np.bool_),
        plain=np.array([reading.key == "az" for reading, _ in spelt], np.bool_),
        open_ended=np.array(
            [reading.skeleton[-1] in LAST_VOWELS and not ending.tag for reading, ending in spelt],
            np.bool_,
        ),
        priors=np.array([reading.prior for reading, _ in spelt], np.float32),
        weights=sums[rows, lengths - 1],
        stem_weights=sums[rows, stems - 1],
    )


def distances(one: Forms, ones: Ints, other: Forms, others: Ints) -> Distances:
    """Return the distances of form `left_rows[i]` and form `right_rows[i]` for every i."""
    whole, stems = _costs(one, ones, other, others)
    prior = one.priors[ones] + other.priors[others]
    whole, stems = whole + prior, stems + prior
    weights = np.maximum(one.weights[ones], other.weights[others])
    stem_weights = np.maximum(one.stem_weights[ones], other.stem_weights[others])
    tags, other_tags = one.tags[ones], other.tags[others]
    same_gender = one.female[ones] == other.female[others]
    kin = _KINSHIP[tags, other_tags] * np.where(same_gender, 1.0, OTHER_GENDER)
    ended = (tags > 0) | (other_tags > 0)
    by_stem = np.where(ended, kin * (1 - stems / (stem_weights + ENDING)), 0.0)
    likeness = np.maximum(1 - whole / np.maximum(weights, 0.5), by_stem)
    same_ending = ended & (tags == other_tags) & same_gender
    cost = np.where(same_ending, np.minimum(whole, stems), whole)
    # Different endings are different names, however cheap their letters are.
    cost = np.where(ended & ~same_ending & (tags * other_tags > 0), np.maximum(cost, 1.0), cost)
    return Distances(np.clip(likeness, 0, 1).astype(np.float32), cost.astype(np.float32))


def _costs(one: Forms, ones: Ints, other: Forms, others: Ints) -> tuple[Floats, Floats]:
    """Return the costs of the whole forms and of their stems."""
    rows = np.arange(len(ones))
    width = int(other.lengths[others].max(initial=1))
    height = int(one.lengths[ones].max(initial=1))
    down, across = one.codes[ones, :height], other.codes[others, :width]
    alone_down = _alone(one, ones, height, other.kinds[others])
    along = np.zeros((len(ones), width + 1), np.float32)
    np.cumsum(_alone(other, others, width, one.kinds[ones]), axis=1, out=along[:, 1:])
    lengths, stems = one.lengths[ones], one.stems[ones]
    other_lengths, other_stems = other.lengths[others], other.stems[others]
    whole, by_stem = np.zeros(len(ones), np.float32), np.zeros(len(ones), np.float32)
    before, last, last_sub = along, along, np.zeros((len(ones), width), np.float32)
    for step in range(height):
        sub = SIGN_COSTS[down[:, step, None], across]
        row = last + alone_down[:, step, None]
        np.minimum(row[:, 1:], last[:, :-1] + sub, out=row[:, 1:])
        if step:
            swapped = before[:, :-2] + sub[:, :-1] + last_sub[:, 1:] + SWAP
            np.minimum(row[:, 2:], swapped, out=row[:, 2:])
        row = np.minimum.accumulate(row - along, axis=1) + along
        before, last, last_sub = last, row, sub
        ends, stem_ends = lengths == step + 1, stems == step + 1
        whole = np.where(ends, row[rows, other_lengths], whole)
        by_stem = np.where(stem_ends, row[rows, other_stems], by_stem)
    return whole, by_stem


def _alone(forms: Forms, rows: Ints, width: int, facing: NDArray[np.int8]) -> Floats:
    """Return gap costs by row and sign of the forms against the given kinds of forms."""
    codes = forms.codes[rows, :width]
    alone: Floats = _FACING[facing[:, None], codes]
    doubled = np.zeros(codes.shape, np.bool_)
    doubled[:, 1:] = codes[:, 1:] == codes[:, :-1]
    alone = np.where(doubled, np.minimum(alone, DOUBLED), alone)
    written = np.flatnonzero((facing == ARABIC) & forms.open_ended[rows])
    if len(written):
        last = forms.lengths[rows[written]] - 1
        alone[written, last] = ALONE[codes[written, last]]
    return alone
