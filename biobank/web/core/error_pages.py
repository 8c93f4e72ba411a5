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
SELF_EXPLANATORY_CODES = ("stale_form", "not_signed_in", "forbidden", "too_many_downloads", "gone")


#: Title and advice by error code.
TEXTS_BY_CODE: Final = {
    "query_too_long": (
        lazy_gettext("The question is too long"),
        lazy_gettext("Up to 600 characters are read. Try the few words that matter most."),
    ),
    "stale_form": (
        lazy_gettext("This form cannot be taken"),
        lazy_gettext(
            "It is too old, or cookies are off. Go back, load the page again, and send it anew."
        ),
    ),
    # Removed people and records have pages of their own.
    "gone": (
        lazy_gettext("This revision is not here any more"),
        lazy_gettext("It was redacted for legal reasons. Newer revisions stand in the history."),
    ),
    "too_many_downloads": (
        lazy_gettext("One moment, please"),
        lazy_gettext(
            "Several files are on their way to you. Take another when one of them is there."
        ),
    ),
}
CONFLICT_TEXTS: Final = (
    lazy_gettext("It has changed meanwhile"),
    lazy_gettext(
        "Somebody was quicker. Go back, load the page again, and look at what is there now."
    ),
)
TEXTS_BY_STATUS: Final = {
    400: (
        lazy_gettext("This cannot be asked"),
        lazy_gettext("Something in the address is not as it should be. Start again from a search."),
    ),
    401: (
        lazy_gettext("Sign in first"),
        lazy_gettext("This is for those who work on the bank."),
    ),
    403: (
        lazy_gettext("This is not for you"),
        lazy_gettext("It needs a right that your account does not have."),
    ),
    404: (
        lazy_gettext("This page is not here"),
        lazy_gettext(
            "The address may be mistyped, or the page may have moved. Search for it below."
        ),
    ),
    409: CONFLICT_TEXTS,
    410: (
        lazy_gettext("This is not here any more"),
        lazy_gettext("It was taken out of the bank."),
    ),
    412: CONFLICT_TEXTS,
    429: (
        lazy_gettext("One moment, please"),
        lazy_gettext(
            "Too many pages were asked for at once. Wait a little and load the page again."
        ),
    ),
    500: (
        lazy_gettext("Something broke on our side"),
        lazy_gettext("It is not your fault, and it has been written down. Try again in a minute."),
    ),
    503: (
        lazy_gettext("The bank is getting ready"),
        lazy_gettext("It does not answer just now. Load the page again in a minute."),
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
    page = render_page("error.html", PageMetadata(title, indexed=False, shared=False), error=view)
    return make_response(page, status)


def tombstone_page(at: datetime) -> Response:
    """Return the page of a removed person: the date of the removal, but no name."""
    g.lang = g.get("lang") or language_of_request()
    title = _("This person is not in the bank any more")
    advice = _("The record was withdrawn on %(date)s.", date=format_day(at, g.lang))
    view = ErrorView(410, title, advice, "")
    page = render_page("error.html", PageMetadata(title, indexed=False, shared=False), error=view)
    return make_response(page, 410)


def _error_texts(status: int, code: str) -> tuple[str, str]:
    """Return title and advice by code, else by status, else by class of status."""
    texts = (
        TEXTS_BY_CODE.get(code)
        or TEXTS_BY_STATUS.get(status)
        or TEXTS_BY_STATUS[400 if status < 500 else 500]
    )
    return str(texts[0]), str(texts[1])
