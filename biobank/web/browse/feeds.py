"""Feeds of the whole bank: new people, changed people, and anniversaries of the day."""

from collections.abc import Callable
from datetime import datetime, time
from typing import Final

from flask import url_for
from sqlalchemy.orm import Session

from biobank.bootstrap import Services
from biobank.editorial.revisions.history import PublishedPerson, recently_changed, recently_published
from biobank.errors import NotFound
from biobank.exchange.formats.atom import Feed, FeedEntry
from biobank.records.people import queries
from biobank.records.people.browse_queries import latest_change
from biobank.web.browse.day_page import BAKU, OnThisDay, anniversaries, today_in_baku
from biobank.web.core.gettext import _
from biobank.web.core.labels import format_day_of_year, format_edtf_date
from biobank.web.core.meta_description import build_description
from biobank.web.core.person_cards import PersonCard, people_cards
from biobank.web.core.social_meta import FEED_CHANGED, FEED_NEW, FEED_ON_THIS_DAY, feed_title
from biobank.web.core.urls import absolute_url, permanent_url

#: Entries per page of a feed.
FEED_PAGE_SIZE = 50
#: Maximum number of entries in the feed of today, which has one page.
MAX_TODAY_ENTRIES = 200
#: Maximum number of pages of a feed; mirrors use /api/v1/changes.
MAX_FEED_PAGES = 100

_ChangeQuery = Callable[[Session, int, int], list[PublishedPerson]]
_QUERIES: Final[dict[str, _ChangeQuery]] = {FEED_NEW: recently_published, FEED_CHANGED: recently_changed}


def make_bank_feed(services: Services, name: str, page: int, lang: str) -> Feed:
    """Return the feed called `name`, one of FEED_NAMES.

    Raises:
        NotFound: If it has no such page.
    """
    if name == FEED_ON_THIS_DAY:
        return _anniversary_feed(services, page, lang)
    with services.database.read() as session:
        pages = min(MAX_FEED_PAGES, -(-queries.count(session) // FEED_PAGE_SIZE)) or 1
        _check_page(page, pages)
        rows = _QUERIES[name](session, (page - 1) * FEED_PAGE_SIZE, FEED_PAGE_SIZE)
        changed = latest_change(session)
        ids = [row.person_id for row in rows]
        cards = people_cards(session, ids, services.catalogue(), lang)
    entries = [_entry(cards[row.person_id], row) for row in rows if row.person_id in cards]
    return _feed(name, lang, entries, page=page, pages=pages, changed=changed)


def _anniversary_feed(services: Services, page: int, lang: str) -> Feed:
    _check_page(page, 1)
    today = today_in_baku()
    items, _total = anniversaries(services, today, lang, 0, MAX_TODAY_ENTRIES)
    since = datetime.combine(today, time(), BAKU)
    entries = [_anniversary_entry(item, since, lang) for item in items]
    return _feed(FEED_ON_THIS_DAY, lang, entries, page=1, pages=1, changed=since)


def _feed(
    name: str, lang: str, entries: list[FeedEntry], *, page: int, pages: int, changed: datetime | None
) -> Feed:
    bank = _("Azerbaijani Biography Bank")
    endpoint = "web.on_this_day" if name == FEED_ON_THIS_DAY else "web.home"
    return Feed(
        id=_feed_url(name, lang, 1),
        title=f"{feed_title(name)} – {bank}",
        lang=lang,
        author=bank,
        author_page=absolute_url(url_for("web.front")),
        url=_feed_url(name, lang, page),
        page=absolute_url(url_for(endpoint, lang=lang)),
        entries=entries,
        pages=_page_links(name, lang, page, pages) if pages > 1 else (),
        last_changed=changed,
    )


def _page_links(name: str, lang: str, page: int, pages: int) -> tuple[tuple[str, str], ...]:
    targets = (("first", 1), ("previous", page - 1), ("next", page + 1), ("last", pages))
    return tuple((rel, _feed_url(name, lang, number)) for rel, number in targets if 1 <= number <= pages)


def _feed_url(name: str, lang: str, page: int) -> str:
    number = page if page > 1 else None
    return absolute_url(url_for("web.feed", lang=lang, name=name, page=number))


def _check_page(page: int, pages: int) -> None:
    if page > pages:
        raise NotFound(_("This page of the list does not exist."))


def _entry(card: PersonCard, row: PublishedPerson) -> FeedEntry:
    return FeedEntry(
        id=permanent_url(card.id),
        title=_title(card),
        summary=card.headline,
        updated=row.updated,
        page=absolute_url(card.url),
        published=row.published,
    )


def _anniversary_entry(item: OnThisDay, since: datetime, lang: str) -> FeedEntry:
    """Return the entry of an anniversary; its id contains the date, as it recurs every year."""
    card = item.card
    date_text = format_edtf_date(item.date, lang)
    return FeedEntry(
        id=f"{permanent_url(card.id)}#{item.role}-{since:%Y-%m-%d}",
        title=f"{_title(card)} – {format_day_of_year(since.date(), lang)}",
        summary=build_description(f"{item.note}, {date_text}", card.headline),
        updated=since,
        page=absolute_url(card.url),
    )


def _title(card: PersonCard) -> str:
    return f"{card.name} ({card.years})" if card.years else card.name
