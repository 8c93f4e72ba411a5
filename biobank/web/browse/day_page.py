"""Anniversaries: the page of a day of the year, and a sample for the home page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Final

from babel.dates import get_month_names
from flask import url_for
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from biobank.bootstrap import Services
from biobank.errors import BadQuery, NotFound
from biobank.records.people.anniversaries import Anniversary, anniversaries_on
from biobank.web.core.gettext import _, ngettext
from biobank.web.core.labels import format_day_of_year
from biobank.web.core.pagination import Pagination, make_pagination
from biobank.web.core.person_cards import PersonCard, people_cards
from biobank.web.core.urls import Link, with_query

#: The time zone of Baku, without daylight saving time since 2016.
BAKU: Final = timezone(timedelta(hours=4))
#: A leap year, which has every day of a year.
LEAP_YEAR: Final = 2000
#: People per page.
DAY_PAGE_SIZE = 60


@dataclass(frozen=True)
class OnThisDay:
    """A birth or death (`role`) on this day of some year; `note` says how long ago."""

    role: str
    card: PersonCard
    date: str
    note: str


@dataclass(frozen=True)
class DayPage:
    """The page of a day.

    `today` tells whether it is the current day; `month` and `day` fill the form.
    """

    title: str
    day_label: str
    month: int
    day: int
    today: bool
    births: tuple[OnThisDay, ...]
    deaths: tuple[OnThisDay, ...]
    total: int
    paging: Pagination
    previous: Link
    next: Link
    #: The nearest days with anniversaries, if this day has none.
    nearest: tuple[Link, ...]
    months: tuple[tuple[int, str], ...]
    here_url: str


def today_in_baku() -> date:
    return datetime.now(UTC).astimezone(BAKU).date()


def day_from_args(arguments: MultiDict[str, str], today: date) -> date:
    """Return the requested day in a leap year; today by default.

    Raises:
        BadQuery: If it is no day of a year.
    """
    if "month" not in arguments and "day" not in arguments:
        return date(LEAP_YEAR, today.month, today.day)
    month, day = (arguments.get(name, "").strip() for name in ("month", "day"))
    is_valid = all(part.isascii() and part.isdecimal() and len(part) <= 2 for part in (month, day))
    try:
        return date(LEAP_YEAR, int(month if is_valid else 0), int(day if is_valid else 0))
    except ValueError as error:
        raise BadQuery(_("month and day must form a valid date, for example month=9&day=18.")) from error


def make_day_page(services: Services, day: date, number: int, lang: str) -> DayPage:
    """Return the page `number` of a day, which is given in LEAP_YEAR.

    Raises:
        NotFound: If the list has no such page.
    """
    today = today_in_baku()
    rows, total = anniversaries(services, day, lang, (number - 1) * DAY_PAGE_SIZE, DAY_PAGE_SIZE)
    if number > 1 and not rows:
        raise NotFound(_("This page of the list does not exist."))
    day_label = format_day_of_year(day, lang)
    url = day_url(day, lang)
    return DayPage(
        title=_("On this day: %(day)s", day=day_label),
        day_label=day_label,
        month=day.month,
        day=day.day,
        today=(day.month, day.day) == (today.month, today.day),
        births=tuple(item for item in rows if item.role == "birth"),
        deaths=tuple(item for item in rows if item.role == "death"),
        total=total,
        paging=make_pagination(number, DAY_PAGE_SIZE, total, lambda page: _page_url(url, page)),
        previous=_day_link(day - timedelta(1), lang),
        next=_day_link(day + timedelta(1), lang),
        nearest=() if total else _nearest_days(services, day, lang),
        months=tuple(get_month_names("wide", "stand-alone", lang).items()),
        here_url=url_for("web.on_this_day", lang=lang),
    )


def anniversaries(
    services: Services, day: date, lang: str, offset: int, size: int
) -> tuple[tuple[OnThisDay, ...], int]:
    """Return births, then deaths on a day, from `offset` on, and their total."""
    with services.database.read() as session:
        rows = anniversaries_on(session, day.month, day.day)
        page_rows = rows[offset : offset + size]
        ids = [item.person_id for item in page_rows]
        cards = people_cards(session, ids, services.catalogue(), lang)
    return anniversary_views(page_rows, cards), len(rows)


def sample_anniversaries(session: Session, day: date, size: int) -> tuple[list[Anniversary], int]:
    """Return about as many births as deaths of a day, for the home page, and their total."""
    rows = anniversaries_on(session, day.month, day.day)
    births = [item for item in rows if item.role == "birth"]
    deaths = [item for item in rows if item.role == "death"]
    birth_count = max(size // 2, size - len(deaths))
    return [*births[:birth_count], *deaths[: size - len(births[:birth_count])]], len(rows)


def day_url(day: date, lang: str) -> str:
    parameters = (("month", str(day.month)), ("day", str(day.day)))
    return with_query(url_for("web.on_this_day", lang=lang), parameters)


def anniversary_views(rows: Iterable[Anniversary], cards: dict[str, PersonCard]) -> tuple[OnThisDay, ...]:
    this_year = today_in_baku().year
    return tuple(
        OnThisDay(item.role, cards[item.person_id], item.date, _note(item, this_year))
        for item in rows
        if item.person_id in cards
    )


def _note(item: Anniversary, this_year: int) -> str:
    years_ago = this_year - int(item.date[: -len("-09-18")])
    if years_ago < 1:
        return _("Born on this day") if item.role == "birth" else _("Died on this day")
    if item.role == "birth":
        return ngettext("Born %(count)s year ago", "Born %(count)s years ago", years_ago, count=years_ago)
    return ngettext("Died %(count)s year ago", "Died %(count)s years ago", years_ago, count=years_ago)


def _nearest_days(services: Services, day: date, lang: str) -> tuple[Link, ...]:
    with services.database.read() as session:
        days = [date(LEAP_YEAR, *divmod(number, 100)) for number in services.count_cache.days(session)]
    before = [candidate for candidate in days if candidate < day] or days
    after = [candidate for candidate in days if candidate > day] or days
    return tuple(_day_link(candidate, lang) for candidate in dict.fromkeys((*before[-1:], *after[:1])))


def _day_link(day: date, lang: str) -> Link:
    # Wraps around at the ends of the leap year.
    leap_day = day.replace(year=LEAP_YEAR)
    return Link(format_day_of_year(leap_day, lang), day_url(leap_day, lang))


def _page_url(url: str, page: int) -> str:
    return f"{url}&page={page}" if page > 1 else url


def page_cards(page: DayPage) -> Sequence[PersonCard]:
    return [item.card for item in (*page.births, *page.deaths)]
