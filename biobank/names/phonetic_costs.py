"""Phonetic alphabet of skeletons: Azerbaijani letters, and signs that stand for several.

A transliteration converts a spelling to a *skeleton*, a string of signs. Most signs are letters of
the Azerbaijani alphabet. A capital is a sign that its spelling leaves open: Russian г is G, which
is q, g or ğ and, without Һ, h. The substitution cost of two signs is the cost of the cheapest pair
of letters that they may stand for, so that not every combination has to be generated.

The costs are judgements, ordered by what the alphabets of one lifetime confuse, and were checked
against the variants made for this project; none serves a single name. The scale is 1 for a
consonant that is lost or replaced by an unrelated one.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

AZERI_LETTERS = "abcçdeəfgğhxıijkqlmnoöprsştuüvyz"
AZERI_VOWELS = "aeəıioöuü"

#: Ambiguous signs, with the letters they may stand for and their costs.
OPEN_SIGNS: dict[str, dict[str, float]] = {
    "A": {"a": 0.0, "ə": 0.02, "e": 0.15},
    "E": {"e": 0.0, "ə": 0.02, "i": 0.15, "a": 0.2},
    "I": {"i": 0.0, "ı": 0.02, "ə": 0.3, "e": 0.15},
    "O": {"o": 0.0, "ö": 0.02, "u": 0.12, "ü": 0.14, "a": 0.25},
    "Ɔ": {"o": 0.0, "a": 0.06, "ö": 0.04, "u": 0.12, "ü": 0.14},
    "Ʌ": {"u": 0.0, "a": 0.06, "ü": 0.04, "o": 0.12},
    "U": {"u": 0.0, "ü": 0.02, "o": 0.12, "ö": 0.12, "v": 0.3},
    "Y": {"ı": 0.0, "i": 0.02, "y": 0.1, "ü": 0.25},
    "J": {"y": 0.0, "i": 0.02, "ı": 0.03, "e": 0.06, "ə": 0.25},
    "W": {"u": 0.0, "ü": 0.0, "o": 0.02, "ö": 0.02, "v": 0.02},
    "Ŵ": {"v": 0.0, "u": 0.03, "ü": 0.03, "o": 0.03, "ö": 0.03},
    "@": dict.fromkeys(AZERI_VOWELS, 0.02),
    "Ȧ": dict.fromkeys(AZERI_VOWELS, 0.02),
    "H": {"ə": 0.0, "h": 0.03, "e": 0.02, "a": 0.03},
    "Ħ": {"h": 0.0},
    "G": {"q": 0.01, "g": 0.01, "ğ": 0.01, "h": 0.04, "x": 0.2},
    "Ɠ": {"g": 0.0, "q": 0.02, "ğ": 0.02, "c": 0.05, "h": 0.05},
    "Ɉ": {"c": 0.0, "j": 0.03, "g": 0.06, "q": 0.08},
    "Θ": {"s": 0.0, "t": 0.03},
    "Q": {"q": 0.0, "g": 0.02, "ğ": 0.03, "k": 0.05},
    "Ğ": {"g": 0.0, "ğ": 0.02},
    "Ɣ": {"ğ": 0.0, "q": 0.02, "g": 0.03},
    "X": {"x": 0.0, "h": 0.01},
    "K": {"k": 0.0, "q": 0.02, "g": 0.1},
    "S": {"s": 0.0, "ş": 0.03},
    "C": {"c": 0.0, "ç": 0.03},
    "Ç": {"k": 0.0, "s": 0.02, "c": 0.12, "ç": 0.12},
    "Z": {"z": 0.0, "s": 0.0},
    "Ẓ": {"z": 0.0, "d": 0.06},
    "Ž": {"j": 0.0, "c": 0.04},
    "T": {"t": 0.0, "d": 0.03},
    "D": {"d": 0.0, "t": 0.04},
    "P": {"p": 0.0, "b": 0.04},
    "B": {"b": 0.0, "p": 0.04},
    "F": {"f": 0.0, "v": 0.03},
    "V": {"v": 0.0, "f": 0.03},
}
#: A softening that is y or nothing: Russian ь, ъ, and the y in я, ю, е after a vowel.
SOFT_SIGN = "ʲ"
SIGNS = AZERI_LETTERS + "".join(OPEN_SIGNS) + SOFT_SIGN
SIGN_CODES = {sign: code for code, sign in enumerate(SIGNS, start=1)}
#: Code that pads rows to a common width.
PADDING_CODE = 0

VOWEL_SIGNS = frozenset(AZERI_VOWELS + "AEIOƆUɅYW@ȦH")

# Substitution costs of letters that are similar in sound or writing.
_SIMILAR_LETTER_COSTS: dict[str, float] = {
    "iı": 0.08, "uü": 0.08, "oö": 0.08, "aə": 0.15, "eə": 0.12, "ae": 0.3, "ei": 0.2, "əi": 0.25,
    "ou": 0.22, "öü": 0.22, "oü": 0.28, "uö": 0.28, "ao": 0.3, "eö": 0.3, "iü": 0.3, "əo": 0.4,
    "iy": 0.15, "ıy": 0.2, "ey": 0.3, "uv": 0.35, "üv": 0.35, "ov": 0.4, "öv": 0.4,
    "bp": 0.3, "dt": 0.3, "kg": 0.3, "kq": 0.15, "qg": 0.15, "qğ": 0.18, "gğ": 0.15, "hx": 0.15,
    "xk": 0.4, "xq": 0.4, "hğ": 0.4, "xğ": 0.35, "hq": 0.5, "hg": 0.5, "kğ": 0.4,
    "cç": 0.3, "cj": 0.2, "çj": 0.5, "çş": 0.4, "jz": 0.4, "jş": 0.5, "cz": 0.6,
    "sş": 0.35, "sz": 0.3, "şz": 0.6, "sç": 0.6, "vf": 0.3, "vb": 0.5, "fp": 0.5,
    "mn": 0.5, "lr": 0.7, "ck": 0.7, "cg": 0.6, "cy": 0.6, "ğy": 0.4, "gy": 0.5, "gk": 0.3,
    "ts": 0.6, "nl": 0.8, "hy": 0.7,
}  # fmt: skip
VOWEL_SUBSTITUTION_COST = 0.45
#: Arabic ye is never a short vowel: Hüseyn is not Həsən.
_WRITTEN_SIGN_COSTS = {("J", "ə"): 0.32, ("J", "a"): 0.4}
UNRELATED_COST = 1.0

#: Gap costs of signs that only one side has: vowels, y and h vary between alphabets.
_SIGN_GAP_COSTS: dict[str, float] = {
    **dict.fromkeys(VOWEL_SIGNS, 0.4),
    "y": 0.22,
    "J": 0.25,
    "h": 0.4,
    "W": 0.4,
    "Ŵ": 0.5,
    "@": 0.03,
    "Ȧ": 0.3,
    "Ħ": 0.1,
    "H": 0.25,
    SOFT_SIGN: 0.01,
}

CostArray = NDArray[np.float32]


def _letter_costs() -> CostArray:
    costs = np.full((len(AZERI_LETTERS), len(AZERI_LETTERS)), UNRELATED_COST, np.float32)
    for first_vowel in AZERI_VOWELS:
        for second_vowel in AZERI_VOWELS:
            costs[AZERI_LETTERS.index(first_vowel), AZERI_LETTERS.index(second_vowel)] = (
                VOWEL_SUBSTITUTION_COST
            )
    for pair, cost in _SIMILAR_LETTER_COSTS.items():
        first, second = AZERI_LETTERS.index(pair[0]), AZERI_LETTERS.index(pair[1])
        costs[first, second] = costs[second, first] = cost
    np.fill_diagonal(costs, 0.0)
    return costs


def _sign_letter_costs() -> CostArray:
    """Return the cost of reading each sign as each letter; infinite if impossible."""
    costs = np.full((len(SIGNS) + 1, len(AZERI_LETTERS)), np.inf, np.float32)
    for sign, code in SIGN_CODES.items():
        options = {"y": 0.0} if sign == SOFT_SIGN else OPEN_SIGNS.get(sign, {sign: 0.0})
        for letter, cost in options.items():
            costs[code, AZERI_LETTERS.index(letter)] = cost
    return costs


def _sign_costs() -> CostArray:
    letter_costs, sign_letter_costs = _letter_costs(), _sign_letter_costs()
    to_letters = (sign_letter_costs[:, :, None] + letter_costs[None]).min(axis=1)
    costs: CostArray = (to_letters[:, None, :] + sign_letter_costs[None, :, :]).min(axis=2)
    for (sign, letter), cost in _WRITTEN_SIGN_COSTS.items():
        pairs = SIGN_CODES[sign], SIGN_CODES[letter]
        costs[pairs] = costs[pairs[::-1]] = cost
    # Float sums depend on the order; the minimum of both directions is symmetric.
    costs = np.minimum(costs, costs.T)
    np.fill_diagonal(costs, 0.0)
    costs[PADDING_CODE] = costs[:, PADDING_CODE] = UNRELATED_COST
    return costs


def _build_gap_costs() -> CostArray:
    gap_costs = np.array([_SIGN_GAP_COSTS.get(sign, 1.0) for sign in SIGNS], np.float32)
    return np.concatenate([np.zeros(1, np.float32), gap_costs])


#: Substitution costs of signs, symmetric, and gap costs of signs.
SIGN_COSTS = _sign_costs()
GAP_COSTS = _build_gap_costs()
#: Weight of each sign, by which losses are normalized.
SIGN_WEIGHTS: CostArray = np.array(
    [0.0, *(0.02 if s == SOFT_SIGN else 0.55 if s in VOWEL_SIGNS or s in "yJ" else 1.0 for s in SIGNS)],
    np.float32,
)
IS_VOWEL = np.array([False, *(sign in VOWEL_SIGNS for sign in SIGNS)])


def encode(skeleton: str) -> tuple[int, ...]:
    """Return the codes of a skeleton's signs."""
    return tuple(SIGN_CODES[sign] for sign in skeleton)


def skeleton_weight(skeleton: str) -> float:
    """Return the weight of a skeleton, about 1 per consonant and 0.5 per vowel."""
    return float(sum(SIGN_WEIGHTS[SIGN_CODES[sign]] for sign in skeleton))
