"""The export menu of a search: files, a printable list, a feed and a permanent URL."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from flask import url_for

from biobank.access import is_signed_in
from biobank.exchange.answers.formats import BY_ENDING
from biobank.search.query import SIZE_DEFAULT, SearchQuery
from biobank.web.chips import Chip
from biobank.web.links import absolute, search_url, with_parameters
from biobank.web.text import _


@dataclass(frozen=True)
class Download:
    """A file with all results, and its intended use."""

    label: str
    note: str
    url: str


@dataclass(frozen=True)
class Takeaway:
    """The export menu. `permanent` is an absolute URL without a page number."""

    downloads: tuple[Download, ...]
    list_url: str
    feed_url: str
    permanent: str
    #: URL to save the search at the desk; empty for readers who are not signed in.
    keep_url: str


def make_takeaway(query: SearchQuery) -> Takeaway:
    """Return the export menu of `query`, regardless of the page shown."""
    notes = {
        "csv": _("for spreadsheets"),
        "jsonl": _("whole records, for programs"),
        "ris": _("for Zotero, EndNote, Mendeley"),
        "bib": _("for LaTeX"),
        "eac.zip": _("for archives, a file a person"),
        "ged": _("for family trees"),
    }
    return Takeaway(
        downloads=tuple(
            Download(format_.title, notes[ending], file_url(query, ending))
            for ending, format_ in BY_ENDING.items()
        ),
        list_url=_url(query, url_for("web.search_list", lang=query.lang)),
        feed_url=feed_url(query),
        permanent=absolute(search_url(whole(query))),
        keep_url=_keep_url(query) if is_signed_in() else "",
    )


def whole(query: SearchQuery) -> SearchQuery:
    """Return the query without page number and page size."""
    return replace(query, page=1, size=SIZE_DEFAULT)


def file_url(query: SearchQuery, ending: str) -> str:
    return _url(query, url_for("web.search_file", lang=query.lang, ending=ending))


def feed_url(query: SearchQuery) -> str:
    """Return the URL of the feed of a search; the feed has an order of its own."""
    path = url_for("web.search_feed", lang=query.lang)
    return _url(replace(query, sort="relevance"), path)


def _keep_url(query: SearchQuery) -> str:
    question = (("question", search_url(whole(query))),)
    return with_parameters(url_for("web.desk_worklists", lang=query.lang), question) + "#searches"


def in_words(chips: Iterable[Chip]) -> str:
    """Return the interpretation of a query as one line of plain text."""
    parts = (_part(chip) for chip in chips if chip.kind != "let_go")
    return " · ".join(parts) or _("Everyone in the bank")


def _part(chip: Chip) -> str:
    label = f"{chip.title}: {chip.label}" if chip.title else chip.label
    return f"{_('not')} {label}" if chip.excluded else label


def _url(query: SearchQuery, path: str) -> str:
    return with_parameters(path, whole(query).address())
