"""Anniversaries: the page of a day of the year, and a sample for the home page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Final

from babel.dates import get_month_names
from flask import url_for
from werkzeug.datastructures import MultiDict

from biobank.bootstrap import Services
from biobank.errors import BadQuery, NotFound
from biobank.records.people.anniversaries import Anniversary, on_day
from biobank.web.cards import PersonCard, people_cards
from biobank.web.links import Link, with_parameters
from biobank.web.paging import Paging, make_paging
from biobank.web.text import _, ngettext
from biobank.web.words import day_of_year

#: The time zone of Baku, without daylight saving time since 2016.
BAKU: Final = timezone(timedelta(hours=4))
#: A leap year, which has every day of a year.
LEAP_YEAR: Final = 2000
#: People per page.
SIZE = 60


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
    words: str
    month: int
    day: int
    today: bool
    births: tuple[OnThisDay, ...]
    deaths: tuple[OnThisDay, ...]
    total: int
    paging: Paging
    previous: Link
    next: Link
    #: The nearest days with anniversaries, if this day has none.
    nearest: tuple[Link, ...]
    months: tuple[tuple[int, str], ...]
    here_url: str


def today_in_baku() -> date:
    return datetime.now(UTC).astimezone(BAKU).date()


def day_asked(arguments: MultiDict[str, str], today: date) -> date:
    """Return the requested day in a leap year; today by default.

    Raises:
        BadQuery: If it is no day of a year.
    """
    if "month" not in arguments and "day" not in arguments:
        return date(LEAP_YEAR, today.month, today.day)
    month, day = (arguments.get(name, "").strip() for name in ("month", "day"))
    fits = all(part.isascii() and part.isdecimal() and len(part) <= 2 for part in (month, day))
    try:
        return date(LEAP_YEAR, int(month if fits else 0), int(day if fits else 0))
    except ValueError as error:
        raise BadQuery(
            _("month and day take a day of the year, such as month=9&day=18.")
        ) from error


def make_day_page(services: Services, day: date, number: int, lang: str) -> DayPage:
    """Return the page `number` of a day, which is given in LEAP_YEAR.

    Raises:
        NotFound: If the list has no such page.
    """
    today = today_in_baku()
    found, total = anniversaries(services, day, lang, (number - 1) * SIZE, SIZE)
    if number > 1 and not found:
        raise NotFound(_("There is no such page in the list."))
    words = day_of_year(day, lang)
    url = day_url(day, lang)
    return DayPage(
        title=_("%(day)s: born and died", day=words),
        words=words,
        month=day.month,
        day=day.day,
        today=(day.month, day.day) == (today.month, today.day),
        births=tuple(item for item in found if item.role == "birth"),
        deaths=tuple(item for item in found if item.role == "death"),
        total=total,
        paging=make_paging(number, SIZE, total, lambda page: _paged(url, page)),
        previous=_link(day - timedelta(1), lang),
        next=_link(day + timedelta(1), lang),
        nearest=() if total else _nearest(services, day, lang),
        months=tuple(get_month_names("wide", "stand-alone", lang).items()),
        here_url=url_for("web.on_this_day", lang=lang),
    )


def anniversaries(
    services: Services, day: date, lang: str, offset: int, size: int
) -> tuple[tuple[OnThisDay, ...], int]:
    """Return births, then deaths on a day, from `offset` on, and their total."""
    with services.database.read() as session:
        found = on_day(session, day.month, day.day)
        few = found[offset : offset + size]
        ids = [item.person_id for item in few]
        cards = people_cards(session, ids, services.catalogue(), lang)
    return _items(few, cards), len(found)


def first_few(
    services: Services, day: date, lang: str, size: int
) -> tuple[tuple[OnThisDay, ...], int]:
    """Return about as many births as deaths of a day, for the home page, and their total."""
    with services.database.read() as session:
        found = on_day(session, day.month, day.day)
        births = [item for item in found if item.role == "birth"]
        deaths = [item for item in found if item.role == "death"]
        some = max(size // 2, size - len(deaths))
        few = [*births[:some], *deaths[: size - len(births[:some])]]
        ids = [item.person_id for item in few]
        cards = people_cards(session, ids, services.catalogue(), lang)
    return _items(few, cards), len(found)


def day_url(day: date, lang: str) -> str:
    parameters = (("month", str(day.month)), ("day", str(day.day)))
    return with_parameters(url_for("web.on_this_day", lang=lang), parameters)


def _items(found: Iterable[Anniversary], cards: dict[str, PersonCard]) -> tuple[OnThisDay, ...]:
    this_year = today_in_baku().year
    return tuple(
        OnThisDay(item.role, cards[item.person_id], item.date, _note(item, this_year))
        for item in found
        if item.person_id in cards
    )


def _note(item: Anniversary, this_year: int) -> str:
    past = this_year - int(item.date[: -len("-09-18")])
    if past < 1:
        return _("Born on this day") if item.role == "birth" else _("Died on this day")
    if item.role == "birth":
        return ngettext("Born %(count)s year ago", "Born %(count)s years ago", past, count=past)
    return ngettext("Died %(count)s year ago", "Died %(count)s years ago", past, count=past)


def _nearest(services: Services, day: date, lang: str) -> tuple[Link, ...]:
    with services.database.read() as session:
        found = [date(LEAP_YEAR, *divmod(number, 100)) for number in services.tallies.days(session)]
    before = [other for other in found if other < day] or found
    after = [other for other in found if other > day] or found
    return tuple(_link(other, lang) for other in dict.fromkeys((*before[-1:], *after[:1])))


def _link(day: date, lang: str) -> Link:
    # Wraps around at the ends of the leap year.
    own = day.replace(year=LEAP_YEAR)
    return Link(day_of_year(own, lang), day_url(own, lang))


def _paged(url: str, page: int) -> str:
    return f"{url}&page={page}" if page > 1 else url


def names_of(page: DayPage) -> Sequence[PersonCard]:
    return [item.card for item in (*page.births, *page.deaths)]
