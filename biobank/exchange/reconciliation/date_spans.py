"""Dates of a table or a record as spans of days, in any notation."""

from dataclasses import dataclass
from functools import lru_cache
from math import inf

from biobank.records.date_parser.parser import parse_typed_date
from biobank.records.dates import DateError, parse_vital_date, year_of


@dataclass(frozen=True)
class DateSpan:
    """The possible days of a birth or death, both ends included; None if an end is open."""

    earliest: int | None
    latest: int | None

    @property
    def is_day(self) -> bool:
        return self.earliest is not None and self.earliest == self.latest

    @property
    def year(self) -> int | None:
        """Return the year if it is certain."""
        if self.earliest is None or self.latest is None:
            return None
        first = year_of(self.earliest)
        return first if first == year_of(self.latest) else None

    @property
    def width(self) -> float:
        """Return the number of possible years; infinite if an end is open."""
        if self.earliest is None or self.latest is None:
            return inf
        return year_of(self.latest) - year_of(self.earliest) + 1

    def years_between(self, other: "DateSpan") -> int:
        """Return the number of years between two spans; 0 if they touch."""
        gaps = [0]
        for earlier, later in ((self, other), (other, self)):
            if earlier.latest is not None and later.earliest is not None:
                gaps.append(year_of(later.earliest) - year_of(earlier.latest))
        return max(gaps)


@lru_cache(maxsize=4096)
def parse_span(text: str) -> DateSpan | None:
    """Parse EDTF, a date as people type it, or an ISO 8601 timestamp; None if it is no date."""
    # Tables contain timestamps such as 1885-09-18T00:00:00Z for a day.
    day = text.partition("T")[0] if text[:4].isdigit() else text
    try:
        bounds = parse_vital_date(parse_typed_date(day))[0]
    except DateError:
        return None
    return DateSpan(bounds.earliest, bounds.latest)
