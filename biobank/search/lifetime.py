"""The time in which a person was alive, from dates that are imprecise or missing."""

from dataclasses import dataclass
from typing import Final

DayRange = tuple[int | None, int | None]

#: Longest life in days that is assumed where the birth or the death is unknown: 110 years.
MAX_LIFE_DAYS: Final = 110 * 365


@dataclass(frozen=True)
class Lifetime:
    """First and last day on which somebody may have been alive, and on which they certainly were.

    Both ends of a range are None if nothing is known.
    """

    possible: DayRange = (None, None)
    certain: DayRange = (None, None)


def lifetime(born: DayRange, died: DayRange, active: DayRange = (None, None)) -> Lifetime:
    """Return the lifetime of a person.

    Args:
        born: Earliest and latest day of the birth; None if open or unknown.
        died: The same of the death, of the living None.
        active: The same of recorded years of activity, which count where a date of birth or death
            is missing.
    """
    starts = [day for day in (*born, *active, *died) if day is not None]
    if not starts:
        return Lifetime()
    first = born[0] if born[0] is not None else min(starts) - MAX_LIFE_DAYS
    last = died[1] if died[1] is not None else _latest_end(born, died, active, first)
    if born == died == (None, None) and None not in active:
        # Years of activity alone: nothing is said of the years before and after.
        return Lifetime(active, (None, None))
    return Lifetime((first, max(first, last)), _certain_range(born, died))


def _latest_end(born: DayRange, died: DayRange, active: DayRange, first: int) -> int:
    known = [day for day in (*died, *active) if day is not None]
    if known and born == (None, None):
        return max(known) + MAX_LIFE_DAYS
    start = born[1] if born[1] is not None else first
    return max([start + MAX_LIFE_DAYS, *known])


def _certain_range(born: DayRange, died: DayRange) -> DayRange:
    """Return the days from the latest birth to the earliest death; one day where one is unknown."""
    first = born[1] if born[1] is not None else died[0]
    last = died[0] if died[0] is not None else born[1]
    if first is None or last is None or first > last:
        return None, None
    return first, last
