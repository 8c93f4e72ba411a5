"""Pages for what went wrong, in the reader's language, each with a way on."""

from dataclasses import dataclass

from flask import Response, g, make_response

from biobank.web.negotiation import language_of_request
from biobank.web.rendering import Head, render_page
from biobank.web.text import _


@dataclass(frozen=True)
class ErrorView:
    """What happened and what one can do about it, in one sentence each."""

    status: int
    title: str
    advice: str
    detail: str


def error_page(status: int, code: str, message: str) -> Response:
    """The page for an error outside the API.

    `message` is told only for what the reader did (4xx), never the inside of a failure.
    """
    g.lang = g.get("lang") or language_of_request()
    title, advice = _words(status, code)
    view = ErrorView(status, title, advice, message if 400 <= status < 500 else "")
    page = render_page("error.html", Head(title, indexed=False), error=view)
    return make_response(page, status)


def _words(status: int, code: str) -> tuple[str, str]:
    if code == "query_too_long":
        return (
            _("The question is too long"),
            _("Up to 600 characters are read. Try the few words that matter most."),
        )
    if status == 404:
        return (
            _("This page is not here"),
            _("The address may be mistyped, or the page may have moved. Search for it below."),
        )
    if status == 429:
        return (
            _("One moment, please"),
            _("Too many pages were asked for at once. Wait a little and load the page again."),
        )
    if status == 503:
        return (
            _("The bank is getting ready"),
            _("It does not answer just now. Load the page again in a minute."),
        )
    if 400 <= status < 500:
        return (
            _("This cannot be asked"),
            _("Something in the address is not as it should be. Start again from a search."),
        )
    return (
        _("Something broke on our side"),
        _("It is not your fault, and it has been written down. Try again in a minute."),
    )
