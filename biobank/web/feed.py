"""The feed of a search: its most recently changed people."""

from dataclasses import replace
from datetime import datetime

from flask import Response, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from biobank.bootstrap import Services
from biobank.exchange.answers.atom import MEDIA_TYPE, Entry, Feed, as_xml
from biobank.records.people import browsing
from biobank.search.query import SearchQuery
from biobank.web.cards import PersonCard, people_cards
from biobank.web.chips import make_chips
from biobank.web.links import absolute, permanent_url, search_url
from biobank.web.takeaway import feed_url, in_words, whole
from biobank.web.text import _

#: Maximum number of entries of a feed.
ENTRIES_MOST = 50
#: Seconds for which a feed may be cached; feed readers poll hourly.
FEED_KEPT = 300


def make_feed(services: Services, query: SearchQuery) -> tuple[Feed, int]:
    """Return the feed of `query`, and the total number of matching people."""
    answer = services.search.search(replace(query, page=1, size=1))
    # Use the canonical form of the query, so that equal searches share one feed.
    its = replace(whole(answer.query), sort="relevance")
    ids = services.search.everybody(replace(its, sort="updated"))
    newest = ids[:ENTRIES_MOST]
    with services.database.read() as session:
        cards = people_cards(session, newest, services.catalogue(), query.lang)
        changed = browsing.changed(session, newest)
        last = browsing.newest_change(session)
    bank = _("Azerbaijani Biography Bank")
    page = absolute(search_url(its))
    feed = Feed(
        id=page,
        title=f"{in_words(make_chips(answer))} – {bank}",
        lang=query.lang,
        author=bank,
        author_page=absolute(url_for("web.front")),
        address=absolute(feed_url(its)),
        page=page,
        entries=[_entry(card, changed[id_]) for id_, card in cards.items()],
        # The last change of the whole bank, because removed people are not in the results.
        changed=last,
    )
    return feed, len(ids)


def feed_answer(feed: Feed) -> AnyResponse:
    """Return the feed as a conditional response."""
    response = Response(as_xml(feed), mimetype=MEDIA_TYPE)
    response.cache_control.public = True
    response.cache_control.max_age = FEED_KEPT
    # The feed is for programs; search engines index the pages.
    response.headers["X-Robots-Tag"] = "noindex"
    response.add_etag()
    return response.make_conditional(request)


def _entry(card: PersonCard, changed: datetime) -> Entry:
    return Entry(
        id=permanent_url(card.id),
        title=f"{card.name} ({card.years})" if card.years else card.name,
        summary=card.headline,
        updated=changed,
        page=absolute(card.url),
    )
