"""The export menu of a search: files, a printable list, a feed and a permanent URL."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from flask import url_for

from biobank.exchange.exports.formats import EXPORT_FORMATS_BY_EXTENSION
from biobank.http.auth import is_signed_in
from biobank.search.query import DEFAULT_PAGE_SIZE, SearchQuery
from biobank.web.core.gettext import _
from biobank.web.core.urls import absolute_url, search_url, with_query
from biobank.web.search.active_filters import Chip


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


def first_page(query: SearchQuery) -> SearchQuery:
    """Return the query without page number and page size."""
    return replace(query, page=1, size=DEFAULT_PAGE_SIZE)


def export_file_url(query: SearchQuery, ending: str) -> str:
    return _query_url(query, url_for("web.search_file", lang=query.lang, ending=ending))


def feed_url(query: SearchQuery) -> str:
    """Return the URL of the feed of a search; the feed has an order of its own."""
    path = url_for("web.search_feed", lang=query.lang)
    return _query_url(replace(query, sort="relevance"), path)


def _save_search_url(query: SearchQuery) -> str:
    question = (("question", search_url(first_page(query))),)
    return with_query(url_for("web.desk_worklists", lang=query.lang), question) + "#searches"


def describe_chips(chips: Iterable[Chip]) -> str:
    """Return the interpretation of a query as one line of plain text."""
    parts = (_chip_text(chip) for chip in chips if chip.kind != "let_go")
    return " · ".join(parts) or _("All people")


def _chip_text(chip: Chip) -> str:
    label = f"{chip.title}: {chip.label}" if chip.title else chip.label
    return f"{_('excluding')} {label}" if chip.excluded else label


def _query_url(query: SearchQuery, path: str) -> str:
    return with_query(path, first_page(query).url_params())
