"""Who was born or died on a day of the year, of any year.

Only dates that the record has to the day count, as the Gregorian days that records keep; what a
source said in another calendar is told beside them (`original`) and decides nothing here.
"""

import re
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from biobank.records.people import models as m

#: What comes round each year, in the order of the page.
YEARLY: Final = ("birth", "death")
#: A day and nothing else: 1885-09-18, -0043-03-15; no `~`, no `?`, no choice of several.
_DAY: Final = re.compile(r"-?\d{4}-(\d\d)-(\d\d)")


@dataclass(frozen=True)
class Anniversary:
    """A birth or a death (`role`), and its date as the record has it."""

    role: str
    person_id: str
    date: str


def month_day(date: str) -> int | None:
    """918 for a date on a 18 September that is known to the day; none for all others."""
    found = _DAY.fullmatch(date.strip())
    return int(found[1]) * 100 + int(found[2]) if found else None


def on_day(session: Session, month: int, day: int) -> list[Anniversary]:
    """Births, then deaths of public people on a day of the year, each the oldest first."""
    query = (
        select(m.Event.role, m.Event.person_id, m.Event.date)
        .join(m.Person, m.Person.id == m.Event.person_id)
        .where(
            m.Event.month_day == month * 100 + day,
            m.Event.role.in_(YEARLY),
            m.Person.published.is_not(None),
        )
        .order_by(m.Event.role, m.Event.earliest, m.Event.person_id)
    )
    return [Anniversary(row.role, row.person_id, row.date or "") for row in session.execute(query)]


def days(session: Session) -> list[int]:
    """The days of the year on which anybody public was born or died, as `month_day` has them."""
    query = (
        select(m.Event.month_day)
        .join(m.Person, m.Person.id == m.Event.person_id)
        .where(m.Event.month_day.is_not(None), m.Person.published.is_not(None))
        .distinct()
        .order_by(m.Event.month_day)
    )
    return [day for day in session.scalars(query) if day is not None]
