"""Alignment of the letters of two spellings: the cheapest edit path, traced back."""

from __future__ import annotations

from biobank.names.phonetic_costs import GAP_COSTS, SIGN_CODES, SIGN_COSTS
from biobank.names.transliteration import TransliterationHypothesis


def align(
    left: TransliterationHypothesis, right: TransliterationHypothesis, end: int, right_end: int
) -> list[tuple[str, str]]:
    """Return graphemes of `left` with the corresponding letters of `right`, in order.

    Only the first `end` and `right_end` signs are aligned; either side of a pair may be empty.
    """
    _, steps = _trace(left.skeleton[:end], right.skeleton[:right_end])
    left_graphemes, right_graphemes = _grapheme_indexes(left), _grapheme_indexes(right)
    groups: list[tuple[int, list[int]]] = []
    for left_position, right_position in steps:
        grapheme = left_graphemes[left_position] if left_position is not None else -1
        if len(groups) > 1 and groups[-2][0] == grapheme:
            # Only letters of the other side are in between: وا = vva, not v and a.
            _, pending = groups.pop()
            groups[-1][1].extend(pending)
        if not groups or groups[-1][0] != grapheme:
            groups.append((grapheme, []))
        if right_position is not None and right_graphemes[right_position] not in groups[-1][1]:
            groups[-1][1].append(right_graphemes[right_position])
    return [
        (
            left.parts[grapheme][0] if grapheme >= 0 else "",
            "".join(right.parts[left_position][0] for left_position in places),
        )
        for grapheme, places in groups
    ]


def alignment_cost(left: TransliterationHypothesis, right: TransliterationHypothesis) -> float:
    """Return the distance of two transliterations, including their priors."""
    return _trace(left.skeleton, right.skeleton)[0] + left.prior + right.prior


def _grapheme_indexes(reading: TransliterationHypothesis) -> list[int]:
    """Return the grapheme index of each sign of the skeleton."""
    return [index for index, (_, signs) in enumerate(reading.parts) for _ in signs]


AlignmentStep = tuple[int | None, int | None]


def _trace(left: str, right: str) -> tuple[float, list[AlignmentStep]]:
    """Return the cost of the cheapest alignment of two skeletons, and its steps."""
    rows: list[list[tuple[float, AlignmentStep]]] = []
    for i in range(len(left) + 1):
        row: list[tuple[float, AlignmentStep]] = []
        for j in range(len(right) + 1):
            options: list[tuple[float, AlignmentStep]] = (
                [(0.0, (None, None))] if i == j == 0 else []
            )
            if i and j:
                change = float(SIGN_COSTS[SIGN_CODES[left[i - 1]], SIGN_CODES[right[j - 1]]])
                options.append((rows[i - 1][j - 1][0] + change, (i - 1, j - 1)))
            if i:
                options.append((rows[i - 1][j][0] + _gap_cost(left, i - 1), (i - 1, None)))
            if j:
                options.append((row[j - 1][0] + _gap_cost(right, j - 1), (None, j - 1)))
            row.append(min(options, key=lambda option: option[0]))
        rows.append(row)
    steps: list[AlignmentStep] = []
    i, j = len(left), len(right)
    while i or j:
        step = rows[i][j][1]
        steps.append(step)
        i, j = i - (step[0] is not None), j - (step[1] is not None)
    return rows[-1][-1][0], steps[::-1]


def _gap_cost(signs: str, position: int) -> float:
    doubled = position and signs[position] == signs[position - 1]
    return 0.1 if doubled else float(GAP_COSTS[SIGN_CODES[signs[position]]])
