"""Error pages in the reader's language, each with advice."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from flask import Response, g, make_response
from flask_babel import lazy_gettext

from biobank.web.core.gettext import _
from biobank.web.core.labels import format_day
from biobank.web.core.negotiation import language_of_request
from biobank.web.core.rendering import PageMetadata, render_page

#: Codes of errors whose page needs no further detail.
SELF_EXPLANATORY_CODES = (
    "stale_form",
    "not_signed_in",
    "forbidden",
    "too_many_downloads",
    "too_large",
    "gone",
)

#: Title and advice by error code.
TEXTS_BY_CODE: Final = {
    "query_too_long": (
        lazy_gettext("Search query too long"),
        lazy_gettext("Use no more than 600 characters. Try a few of the most important words."),
    ),
    "stale_form": (
        lazy_gettext("The form could not be submitted"),
        lazy_gettext("The form has expired or cookies are disabled. Go back, reload the page and try again."),
    ),
    # Removed people and records have pages of their own.
    "gone": (
        lazy_gettext("This version is no longer available"),
        lazy_gettext("It was redacted for legal reasons. Newer versions are listed in the history."),
    ),
    "too_many_downloads": (
        lazy_gettext("Too many requests"),
        lazy_gettext(
            "Several downloads are already in progress. Start the next one when one of them has finished."
        ),
    ),
    "too_large": (
        lazy_gettext("Too much data"),
        lazy_gettext(
            "A form and its files may have 8 MB together. Shorten the text or choose a smaller file."
        ),
    ),
    "busy": (
        lazy_gettext("The site is busy"),
        lazy_gettext("Your request was not carried out. Try again in a few seconds."),
    ),
}
CONFLICT_TEXTS: Final = (
    lazy_gettext("Edit conflict"),
    lazy_gettext("Someone else saved changes first. Go back, reload the page and check the current version."),
)
TEXTS_BY_STATUS: Final = {
    400: (
        lazy_gettext("Invalid search"),
        lazy_gettext("The address contains an invalid value. Start a new search."),
    ),
    401: (
        lazy_gettext("Sign in to continue"),
        lazy_gettext("This page is only available to the editorial team."),
    ),
    403: (lazy_gettext("Access denied"), lazy_gettext("Your account does not have the required permission.")),
    404: (
        lazy_gettext("Page not found"),
        lazy_gettext("The address may be misspelled, or the page may have moved. Use the search below."),
    ),
    409: CONFLICT_TEXTS,
    410: (
        lazy_gettext("This page is no longer available"),
        lazy_gettext("It was withdrawn from publication."),
    ),
    412: CONFLICT_TEXTS,
    429: (
        lazy_gettext("Too many requests"),
        lazy_gettext("You requested too many pages at once. Wait a moment and reload the page."),
    ),
    500: (
        lazy_gettext("Something went wrong"),
        lazy_gettext("The error has been logged. Try again in a minute."),
    ),
    503: (
        lazy_gettext("Starting up"),
        lazy_gettext("The site is not available at the moment. Reload the page in a minute."),
    ),
}


@dataclass(frozen=True)
class ErrorView:
    """An error: what happened and what the reader can do, in one sentence each."""

    status: int
    title: str
    advice: str
    detail: str


def error_page(status: int, code: str, message: str) -> Response:
    """Return the page for an error outside the API.

    `message` is shown only for client errors (4xx), never for internal failures.
    """
    g.lang = g.get("lang") or language_of_request()
    title, advice = _error_texts(status, code)
    detail = message if 400 <= status < 500 and code not in SELF_EXPLANATORY_CODES else ""
    view = ErrorView(status, title, advice, detail)
    page = render_page("core/error.html", PageMetadata(title, indexed=False, shared=False), error=view)
    return make_response(page, status)


def tombstone_page(at: datetime) -> Response:
    """Return the page of a removed person: the date of the removal, but no name."""
    g.lang = g.get("lang") or language_of_request()
    title = _("This biography is no longer available")
    advice = _("The record was withdrawn on %(date)s.", date=format_day(at, g.lang))
    view = ErrorView(410, title, advice, "")
    page = render_page("core/error.html", PageMetadata(title, indexed=False, shared=False), error=view)
    return make_response(page, 410)


def _error_texts(status: int, code: str) -> tuple[str, str]:
    """Return title and advice by code, else by status, else by class of status."""
    texts = (
        TEXTS_BY_CODE.get(code)
        or TEXTS_BY_STATUS.get(status)
        or TEXTS_BY_STATUS[400 if status < 500 else 500]
    )
    return str(texts[0]), str(texts[1])
