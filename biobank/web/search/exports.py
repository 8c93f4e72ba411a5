"""Exports of a search: the menu, the printable list and the feed."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from flask import url_for

from biobank.bootstrap import Services
from biobank.exchange.exports.formats import EXPORT_FORMATS_BY_EXTENSION
from biobank.exchange.formats.atom import Feed, FeedEntry
from biobank.http.auth import is_signed_in
from biobank.records.people import browse_queries
from biobank.search.query import SearchQuery
from biobank.web.core.gettext import _
from biobank.web.core.labels import SORT_TITLES, format_day
from biobank.web.core.person_cards import PersonCard, people_cards
from biobank.web.core.search_chips import describe_chips, make_chips
from biobank.web.core.urls import absolute_url, first_page, permanent_url, search_url, with_query


@dataclass(frozen=True)
class ExportLink:
    """A file with all results, and its intended use."""

    label: str
    note: str
    url: str


@dataclass(frozen=True)
class ExportMenu:
    """The export menu. `permanent` is an absolute URL without a page number."""

    downloads: tuple[ExportLink, ...]
    list_url: str
    feed_url: str
    permanent: str
    #: URL to save the search at the desk; empty for readers who are not signed in.
    save_url: str


def make_export_menu(query: SearchQuery) -> ExportMenu:
    """Return the export menu of `query`, regardless of the page shown."""
    notes = {
        "csv": _("for spreadsheets"),
        "jsonl": _("full records, for software"),
        "ris": _("for Zotero, EndNote, Mendeley"),
        "bib": _("for LaTeX"),
        "eac.zip": _("for archives, one file per person"),
        "ged": _("for family trees"),
    }
    return ExportMenu(
        downloads=tuple(
            ExportLink(format_.title, notes[ending], export_file_url(query, ending))
            for ending, format_ in EXPORT_FORMATS_BY_EXTENSION.items()
        ),
        list_url=_query_url(query, url_for("web.search_list", lang=query.lang)),
        feed_url=feed_url(query),
        permanent=absolute_url(search_url(first_page(query))),
        save_url=_save_search_url(query) if is_signed_in() else "",
    )


def export_file_url(query: SearchQuery, ending: str) -> str:
    return _query_url(query, url_for("web.search_file", lang=query.lang, ending=ending))


def feed_url(query: SearchQuery) -> str:
    """Return the URL of the feed of a search; the feed has an order of its own."""
    path = url_for("web.search_feed", lang=query.lang)
    return _query_url(replace(query, sort="relevance"), path)


def _save_search_url(query: SearchQuery) -> str:
    question = (("question", search_url(first_page(query))),)
    return with_query(url_for("desk.worklists", lang=query.lang), question) + "#searches"


def _query_url(query: SearchQuery, path: str) -> str:
    return with_query(path, first_page(query).url_params())


#: Maximum number of people on a list, about eighty printed pages; longer ones are exports.
MAX_PRINTED_PEOPLE = 2_000


@dataclass(frozen=True)
class PrintPage:
    """The printable list: `people` are the first of `total`, each with the permanent URL."""

    question: str
    sort: str
    day: str
    total: int
    people: tuple[tuple[PersonCard, str], ...]
    search_url: str
    permanent: str
    csv_url: str
    #: Whether names are shown as in alphabetical lists.
    surname_first: bool = False


def make_print_page(
    services: Services, query: SearchQuery, max_people: int = MAX_PRINTED_PEOPLE
) -> PrintPage:
    """Return the printable list of the results of `query`, limited to `max_people`."""
    response = services.search.search(replace(query, page=1, size=1))
    query = response.query
    ids = services.search.all_ids(query)
    with services.database.read() as session:
        cards = people_cards(session, ids[:max_people], services.catalogue(), query.lang)
    results_url = search_url(first_page(query))
    return PrintPage(
        question=describe_chips(make_chips(response)),
        sort=str(SORT_TITLES[query.sort]),
        day=format_day(datetime.now(UTC), query.lang),
        total=len(ids),
        people=tuple((card, permanent_url(card.id)) for card in cards.values()),
        search_url=results_url,
        permanent=absolute_url(results_url),
        csv_url=export_file_url(query, "csv"),
        surname_first=query.sort == "name",
    )


#: Maximum number of entries of a feed.
MAX_SEARCH_FEED_ENTRIES = 50


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


def _entry(card: PersonCard, changed: datetime) -> FeedEntry:
    return FeedEntry(
        id=permanent_url(card.id),
        title=f"{card.name} ({card.years})" if card.years else card.name,
        summary=card.headline,
        updated=changed,
        page=absolute_url(card.url),
    )
