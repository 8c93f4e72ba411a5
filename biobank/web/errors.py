"""Pages for what went wrong, in the reader's language, each with a way on."""

from dataclasses import dataclass
from datetime import datetime

from flask import Response, g, make_response

from biobank.web.negotiation import language_of_request
from biobank.web.rendering import Head, render_page
from biobank.web.text import _
from biobank.web.words import day_words

#: Errors of which the page's own words say all.
TOLD_WHOLLY = ("stale_form", "not_signed_in", "forbidden", "too_many_downloads")


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
    told = message if 400 <= status < 500 and code not in TOLD_WHOLLY else ""
    view = ErrorView(status, title, advice, told)
    page = render_page("error.html", Head(title, indexed=False, shared=False), error=view)
    return make_response(page, status)


def tombstone_page(at: datetime) -> Response:
    """The page of somebody who was taken out of the bank: that, and when; no name."""
    g.lang = g.get("lang") or language_of_request()
    title = _("This person is not in the bank any more")
    advice = _("The record was withdrawn on %(date)s.", date=day_words(at, g.lang))
    view = ErrorView(410, title, advice, "")
    page = render_page("error.html", Head(title, indexed=False, shared=False), error=view)
    return make_response(page, 410)


def _words(status: int, code: str) -> tuple[str, str]:
    if code == "query_too_long":
        return (
            _("The question is too long"),
            _("Up to 600 characters are read. Try the few words that matter most."),
        )
    if code == "stale_form":
        return (
            _("This form cannot be taken"),
            _("It is too old, or cookies are off. Go back, load the page again, and send it anew."),
        )
    if status == 401:
        return (_("Sign in first"), _("This is for those who work on the bank."))
    if status == 403:
        return (_("This is not for you"), _("It needs a right that your account does not have."))
    if status == 404:
        return (
            _("This page is not here"),
            _("The address may be mistyped, or the page may have moved. Search for it below."),
        )
    if status == 410:
        return (
            _("This is not here any more"),
            _("It was taken out of the bank."),
        )
    if status in (409, 412):
        return (
            _("It has changed meanwhile"),
            _("Somebody was quicker. Go back, load the page again, and look at what is there now."),
        )
    if code == "too_many_downloads":
        return (
            _("One moment, please"),
            _("Several files are on their way to you. Take another when one of them is there."),
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
