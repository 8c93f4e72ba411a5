"""Alignment of the letters of two spellings: the cheapest edit path, traced back."""

from __future__ import annotations

from biobank.names.phones import ALONE, CODES, SIGN_COSTS
from biobank.names.readings import Reading


def aligned(one: Reading, other: Reading, end: int, other_end: int) -> list[tuple[str, str]]:
    """Return graphemes of `left` with the corresponding letters of `right`, in order.

    Only the first `end` and `right_end` signs are aligned; either side of a pair may be empty.
    """
    _, steps = _trace(one.skeleton[:end], other.skeleton[:other_end])
    own, others = _graphemes(one), _graphemes(other)
    found: list[tuple[int, list[int]]] = []
    for place, other_place in steps:
        grapheme = own[place] if place is not None else -1
        if len(found) > 1 and found[-2][0] == grapheme:
            # Only letters of the other side are in between: وا = vva, not v and a.
            _, between = found.pop()
            found[-1][1].extend(between)
        if not found or found[-1][0] != grapheme:
            found.append((grapheme, []))
        if other_place is not None and others[other_place] not in found[-1][1]:
            found[-1][1].append(others[other_place])
    return [
        (
            one.parts[grapheme][0] if grapheme >= 0 else "",
            "".join(other.parts[place][0] for place in places),
        )
        for grapheme, places in found
    ]


def cost(one: Reading, other: Reading) -> float:
    """Return the distance of two transliterations, including their priors."""
    return _trace(one.skeleton, other.skeleton)[0] + one.prior + other.prior


def _graphemes(reading: Reading) -> list[int]:
    """Return the grapheme index of each sign of the skeleton."""
    return [place for place, (_, signs) in enumerate(reading.parts) for _ in signs]


Step = tuple[int | None, int | None]


def _trace(one: str, other: str) -> tuple[float, list[Step]]:
    """Return the cost of the cheapest alignment of two skeletons, and its steps."""
    rows: list[list[tuple[float, Step]]] = []
    for i in range(len(one) + 1):
        row: list[tuple[float, Step]] = []
        for j in range(len(other) + 1):
            options: list[tuple[float, Step]] = [(0.0, (None, None))] if i == j == 0 else []
            if i and j:
                change = float(SIGN_COSTS[CODES[one[i - 1]], CODES[other[j - 1]]])
                options.append((rows[i - 1][j - 1][0] + change, (i - 1, j - 1)))
            if i:
                options.append((rows[i - 1][j][0] + _alone(one, i - 1), (i - 1, None)))
            if j:
                options.append((row[j - 1][0] + _alone(other, j - 1), (None, j - 1)))
            row.append(min(options, key=lambda option: option[0]))
        rows.append(row)
    steps: list[Step] = []
    i, j = len(one), len(other)
    while i or j:
        step = rows[i][j][1]
        steps.append(step)
        i, j = i - (step[0] is not None), j - (step[1] is not None)
    return rows[-1][-1][0], steps[::-1]


def _alone(signs: str, place: int) -> float:
    doubled = place and signs[place] == signs[place - 1]
    return 0.1 if doubled else float(ALONE[CODES[signs[place]]])
