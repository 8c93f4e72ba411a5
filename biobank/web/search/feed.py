"""The feed of a search: its most recently changed people."""

from dataclasses import replace
from datetime import datetime

from flask import Response, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from biobank.bootstrap import Services
from biobank.exchange.formats.atom import ATOM_MEDIA_TYPE, Feed, FeedEntry, serialize
from biobank.records.people import browse_queries
from biobank.search.query import SearchQuery
from biobank.web.core.gettext import _
from biobank.web.core.urls import absolute_url, permanent_url, search_url
from biobank.web.people.cards import PersonCard, people_cards
from biobank.web.search.active_filters import make_chips
from biobank.web.search.export_menu import describe_chips, feed_url, first_page

#: Maximum number of entries of a feed.
MAX_SEARCH_FEED_ENTRIES = 50
#: Seconds for which a feed may be cached; feed readers poll hourly.
FEED_CACHE_SECONDS = 300


def make_feed(services: Services, query: SearchQuery) -> tuple[Feed, int]:
    """Return the feed of `query`, and the total number of matching people."""
    response = services.search.search(replace(query, page=1, size=1))
    # Use the canonical form of the query, so that equal searches share one feed.
    feed_query = replace(first_page(response.query), sort="relevance")
    ids = services.search.all_ids(replace(feed_query, sort="updated"))
    newest_ids = ids[:MAX_SEARCH_FEED_ENTRIES]
    with services.database.read() as session:
        cards = people_cards(session, newest_ids, services.catalogue(), query.lang)
        changed = browse_queries.last_changed(session, newest_ids)
        last_change = browse_queries.latest_change(session)
    bank = _("Azerbaijani Biography Bank")
    page = absolute_url(search_url(feed_query))
    feed = Feed(
        id=page,
        title=f"{describe_chips(make_chips(response))} – {bank}",
        lang=query.lang,
        author=bank,
        author_page=absolute_url(url_for("web.front")),
        url=absolute_url(feed_url(feed_query)),
        page=page,
        entries=[_entry(card, changed[id_]) for id_, card in cards.items()],
        # The last change of the whole bank, because removed people are not in the results.
        last_changed=last_change,
    )
    return feed, len(ids)


def feed_response(feed: Feed) -> AnyResponse:
    """Return the feed as a conditional response."""
    response = Response(serialize(feed), mimetype=ATOM_MEDIA_TYPE)
    response.cache_control.public = True
    response.cache_control.max_age = FEED_CACHE_SECONDS
    # The feed is for programs; search engines index the pages.
    response.headers["X-Robots-Tag"] = "noindex"
    response.add_etag()
    return response.make_conditional(request)


def _entry(card: PersonCard, changed: datetime) -> FeedEntry:
    return FeedEntry(
        id=permanent_url(card.id),
        title=f"{card.name} ({card.years})" if card.years else card.name,
        summary=card.headline,
        updated=changed,
        page=absolute_url(card.url),
    )
