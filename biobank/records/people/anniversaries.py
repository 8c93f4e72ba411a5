"""Births and deaths on a day of the year.

Only dates known to the day count, as the Gregorian dates of records. Dates of other calendars are
shown as `original` and are ignored here.
"""

import re
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from biobank.records.people import models as m

#: Roles with anniversaries, in page order.
ANNIVERSARY_ROLES: Final = ("birth", "death")
#: A single exact day: 1885-09-18, -0043-03-15; no qualifier, no set.
_DAY: Final = re.compile(r"-?\d{4}-(\d\d)-(\d\d)")


@dataclass(frozen=True)
class Anniversary:
    """A birth or a death (`role`), with its date in the record."""

    role: str
    person_id: str
    date: str


def month_day(date: str) -> int | None:
    """Return 918 for a date on 18 September that is known to the day; None for other dates."""
    match = _DAY.fullmatch(date.strip())
    return int(match[1]) * 100 + int(match[2]) if match else None


def anniversaries_on(session: Session, month: int, day: int) -> list[Anniversary]:
    """Return births, then deaths of published people on a day of the year, oldest first."""
    query = (
        select(m.Event.role, m.Event.person_id, m.Event.date)
        .join(m.Person, m.Person.id == m.Event.person_id)
        .where(
            m.Event.month_day == month * 100 + day,
            m.Event.role.in_(ANNIVERSARY_ROLES),
            m.Person.published.is_not(None),
        )
        .order_by(m.Event.role, m.Event.earliest, m.Event.person_id)
    )
    return [Anniversary(row.role, row.person_id, row.date or "") for row in session.execute(query)]


def anniversary_days(session: Session) -> list[int]:
    """Return the days with a birth or death of a published person, as `month_day` values."""
    query = (
        select(m.Event.month_day)
        .join(m.Person, m.Person.id == m.Event.person_id)
        .where(m.Event.month_day.is_not(None), m.Person.published.is_not(None))
        .distinct()
        .order_by(m.Event.month_day)
    )
    return [day for day in session.scalars(query) if day is not None]
