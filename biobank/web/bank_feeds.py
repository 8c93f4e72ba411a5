"""Feeds of the whole bank: new people, changed people, and anniversaries of the day."""

from collections.abc import Callable
from datetime import datetime, time
from typing import Final

from flask import url_for
from sqlalchemy.orm import Session

from biobank.bootstrap import Services
from biobank.editorial.arrivals import Arrival, last_changed, newest
from biobank.errors import NotFound
from biobank.exchange.answers.atom import Entry, Feed
from biobank.records.people import queries
from biobank.records.people.browsing import newest_change
from biobank.web.cards import PersonCard, people_cards
from biobank.web.day_page import BAKU, OnThisDay, anniversaries, today_in_baku
from biobank.web.links import absolute, permanent_url
from biobank.web.sharing.describing import described
from biobank.web.text import _
from biobank.web.words import date_words, day_of_year

NEW, CHANGED, ON_THIS_DAY = "new", "changed", "on-this-day"
NAMES: Final = (NEW, CHANGED, ON_THIS_DAY)
#: Entries per page of a feed.
ENTRIES = 50
#: Maximum number of entries in the feed of today, which has one page.
TODAY_MOST = 200
#: Maximum number of pages of a feed; mirrors use /api/v1/changes.
PAGES_MOST = 100

_Arrivals = Callable[[Session, int, int], list[Arrival]]
_OF_PEOPLE: Final[dict[str, _Arrivals]] = {NEW: newest, CHANGED: last_changed}


def make_bank_feed(services: Services, name: str, page: int, lang: str) -> Feed:
    """Return the feed called `name`, one of FEED_NAMES.

    Raises:
        NotFound: If it has no such page.
    """
    if name == ON_THIS_DAY:
        return _of_today(services, page, lang)
    with services.database.read() as session:
        pages = min(PAGES_MOST, -(-queries.count(session) // ENTRIES)) or 1
        _check_page(page, pages)
        found = _OF_PEOPLE[name](session, (page - 1) * ENTRIES, ENTRIES)
        changed = newest_change(session)
        ids = [one.person_id for one in found]
        cards = people_cards(session, ids, services.catalogue(), lang)
    entries = [_entry(cards[one.person_id], one) for one in found if one.person_id in cards]
    return _feed(name, lang, entries, page=page, pages=pages, changed=changed)


def title_of(name: str) -> str:
    titles = {
        NEW: _("New people"),
        CHANGED: _("Changed people"),
        ON_THIS_DAY: _("Born and died on this day"),
    }
    return titles[name]


def _of_today(services: Services, page: int, lang: str) -> Feed:
    _check_page(page, 1)
    today = today_in_baku()
    items, _total = anniversaries(services, today, lang, 0, TODAY_MOST)
    since = datetime.combine(today, time(), BAKU)
    entries = [_anniversary(item, since, lang) for item in items]
    return _feed(ON_THIS_DAY, lang, entries, page=1, pages=1, changed=since)


def _feed(
    name: str,
    lang: str,
    entries: list[Entry],
    *,
    page: int,
    pages: int,
    changed: datetime | None,
) -> Feed:
    bank = _("Azerbaijani Biography Bank")
    here = "web.on_this_day" if name == ON_THIS_DAY else "web.home"
    return Feed(
        id=_address(name, lang, 1),
        title=f"{title_of(name)} – {bank}",
        lang=lang,
        author=bank,
        author_page=absolute(url_for("web.front")),
        address=_address(name, lang, page),
        page=absolute(url_for(here, lang=lang)),
        entries=entries,
        pages=_pages(name, lang, page, pages) if pages > 1 else (),
        changed=changed,
    )


def _pages(name: str, lang: str, page: int, pages: int) -> tuple[tuple[str, str], ...]:
    around = (("first", 1), ("previous", page - 1), ("next", page + 1), ("last", pages))
    return tuple(
        (rel, _address(name, lang, number)) for rel, number in around if 1 <= number <= pages
    )


def _address(name: str, lang: str, page: int) -> str:
    number = page if page > 1 else None
    return absolute(url_for("web.feed", lang=lang, name=name, page=number))


def _check_page(page: int, pages: int) -> None:
    if page > pages:
        raise NotFound(_("There is no such page in the list."))


def _entry(card: PersonCard, its: Arrival) -> Entry:
    return Entry(
        id=permanent_url(card.id),
        title=_title(card),
        summary=card.headline,
        updated=its.updated,
        page=absolute(card.url),
        published=its.published,
    )


def _anniversary(item: OnThisDay, since: datetime, lang: str) -> Entry:
    """Return the entry of an anniversary; its id contains the date, as it recurs every year."""
    card = item.card
    words = date_words(item.date, lang)
    return Entry(
        id=f"{permanent_url(card.id)}#{item.role}-{since:%Y-%m-%d}",
        title=f"{_title(card)} – {day_of_year(since.date(), lang)}",
        summary=described(f"{item.note}, {words}", card.headline),
        updated=since,
        page=absolute(card.url),
    )


def _title(card: PersonCard) -> str:
    return f"{card.name} ({card.years})" if card.years else card.name
