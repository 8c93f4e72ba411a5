"""The audit log as a page: filtered events, and links that export them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask import g, request, url_for
from flask.typing import ResponseReturnValue

from biobank.access import identity
from biobank.accounts import audit_reading
from biobank.accounts.audit_reading import Narrowing
from biobank.accounts.clock import as_utc
from biobank.accounts.models import AuditEvent
from biobank.errors import BadQuery
from biobank.extensions import services
from biobank.security import CONTROL
from biobank.web.account.audit_words import detail_words, kind_words, what_words
from biobank.web.account.pages import render
from biobank.web.account.words import moment
from biobank.web.links import with_parameters
from biobank.web.paging import make_paging
from biobank.web.text import _

#: Maximum characters of a filter field.
FIELD_MOST = 254
#: Ids of people; others get no link.
ID = re.compile(r"[a-z0-9-]{1,120}")
FIELDS = ("kind", "what", "who", "about", "since", "until")


@dataclass(frozen=True)
class EventRow:
    """An event of the audit log."""

    at: str
    moment: str
    actor: str
    what: str
    subject: str
    #: The record at the desk, if the subject is a person.
    url: str
    detail: str
    address: str


def narrowing(arguments: Mapping[str, str]) -> Narrowing:
    """Parse the filter form.

    Raises:
        BadQuery: if a date is invalid.
    """

    def text(name: str) -> str:
        return CONTROL.sub("", arguments.get(name, ""))[:FIELD_MOST].strip()

    return Narrowing(
        text("kind"),
        text("what"),
        text("who"),
        text("about"),
        _day("since", text("since")),
        _day("until", text("until")),
    )


def events_page(page: int) -> ResponseReturnValue:
    asked = narrowing(request.args)
    found, total = audit_reading.events(services.database, identity(), page, asked)
    said = audit_reading.said(services.database, identity())
    return render(
        "account/events.html",
        _("Audit"),
        rows=[_row(event) for event in found],
        total=total,
        kinds=sorted(((kind, kind_words(kind)) for kind in said.kinds), key=lambda it: it[1]),
        whats=sorted(((what, what_words(what)) for what in said.whats), key=lambda it: it[1]),
        asked=asked,
        narrowed=bool(_asked()),
        files=[("CSV", _file_url("csv")), ("JSON Lines", _file_url("jsonl"))],
        paging=make_paging(page, audit_reading.PAGE, total, _page_url),
    )


def _row(event: AuditEvent) -> EventRow:
    return EventRow(
        as_utc(event.at).isoformat(),
        moment(event.at),
        event.actor or _("somebody"),
        what_words(event.what),
        _subject(event),
        _url(event),
        ", ".join(detail_words(name, value) for name, value in sorted(event.detail.items())),
        event.address,
    )


def _subject(event: AuditEvent) -> str:
    if event.kind == "account":
        return event.subject if event.subject != event.actor else ""
    return f"{kind_words(event.kind)} {event.subject}".strip()


def _url(event: AuditEvent) -> str:
    if event.kind != "person" or not ID.fullmatch(event.subject):
        return ""
    return url_for("web.desk_person", lang=g.lang, person_id=event.subject)


def _day(name: str, text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise BadQuery(f"{name} takes a day, such as 2026-11-26.") from error


def _asked() -> list[tuple[str, str]]:
    """Return the filters of the request that have a value."""
    return [(name, value) for name in FIELDS if (value := request.args.get(name, ""))]


def _page_url(number: int) -> str:
    page = [("page", str(number))] if number > 1 else []
    return with_parameters(url_for("web.account_events", lang=g.lang), [*_asked(), *page])


def _file_url(ending: str) -> str:
    address = url_for("web.account_events_file", lang=g.lang, ending=ending)
    return with_parameters(address, _asked())
