"""The list of users with the invitation form, and the audit log."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask import g, request, url_for
from flask.typing import ResponseReturnValue

from biobank.accounts import audit_queries, users
from biobank.accounts.audit_queries import AuditFilter
from biobank.accounts.identity import ROLES
from biobank.accounts.models import AuditEvent, User
from biobank.common.clock import as_utc
from biobank.common.i18n import LANGUAGE_NAMES
from biobank.common.text import URL_CONTROL_CHARS
from biobank.errors import BadQuery, NotFound
from biobank.http.auth import identity
from biobank.http.extensions import services
from biobank.web.account.audit_labels import action_label, detail_label, subject_kind_label
from biobank.web.account.forms import AccountFormError
from biobank.web.account.labels import role_label, user_state_label
from biobank.web.account.link_delivery import LinkDelivery
from biobank.web.account.pages import render_account_page
from biobank.web.core.forms import read_line
from biobank.web.core.gettext import _
from biobank.web.core.labels import format_timestamp
from biobank.web.core.pagination import make_pagination
from biobank.web.core.urls import with_query


@dataclass(frozen=True)
class UserRow:
    """A user in the list; `own` marks the viewer, who cannot change their own row here."""

    id: int
    email: str
    name: str
    role: str
    role_label: str
    state: str
    state_label: str
    second_factor: bool
    own: bool


def users_page(
    error: AccountFormError | None = None, delivery: LinkDelivery | None = None, page: int = 1
) -> ResponseReturnValue:
    """Render the list of users.

    Raises:
        NotFound: if the list has no such page.
    """
    page_users, total = users.list_users_page(services.database, identity(), page)
    if not page_users and page > 1:
        raise NotFound(_("This page of the list does not exist."))
    return render_account_page(
        "account/users.html",
        _("Users"),
        error,
        rows=_user_rows(page_users),
        paging=make_pagination(
            page,
            users.MAX_USERS_PAGE_ROWS,
            total,
            lambda number: url_for("account.users", lang=g.lang, page=number),
        ),
        roles=[(role, role_label(role)) for role in ROLES],
        languages=LANGUAGE_NAMES,
        handed=delivery,
        typed=read_line if error else lambda _name: "",
    )


def _user_rows(page_users: Sequence[User]) -> list[UserRow]:
    actor = identity()
    return [
        UserRow(
            user.id,
            user.email,
            user.name,
            user.role,
            role_label(user.role),
            users.user_state(user),
            user_state_label(users.user_state(user)),
            second_factor=user.totp is not None,
            own=user.id == actor.user_id,
        )
        for user in page_users
    ]


#: Maximum characters of a filter field.
MAX_FILTER_CHARS = 254
#: Ids of people; others get no link.
PERSON_ID_PATTERN = re.compile(r"[a-z0-9-]{1,120}")
FILTER_FIELDS = ("kind", "what", "who", "about", "since", "until")


@dataclass(frozen=True)
class EventRow:
    """An event of the audit log."""

    at: str
    displayed_at: str
    actor: str
    action: str
    subject: str
    #: The record at the desk, if the subject is a person.
    url: str
    detail: str
    ip_address: str


def parse_filter(arguments: Mapping[str, str]) -> AuditFilter:
    """Parse the filter form.

    Raises:
        BadQuery: if a date is invalid.
    """

    def field_text(name: str) -> str:
        return URL_CONTROL_CHARS.sub("", arguments.get(name, ""))[:MAX_FILTER_CHARS].strip()

    return AuditFilter(
        field_text("kind"),
        field_text("what"),
        field_text("who"),
        field_text("about"),
        _parse_day("since", field_text("since")),
        _parse_day("until", field_text("until")),
    )


def events_page(page: int) -> ResponseReturnValue:
    audit_filter = parse_filter(request.args)
    events, total = audit_queries.list_events(services.database, identity(), page, audit_filter)
    facets = audit_queries.load_facets(services.database, identity())
    return render_account_page(
        "account/events.html",
        _("Audit log"),
        rows=[_event_row(event) for event in events],
        total=total,
        kinds=sorted(
            ((kind, subject_kind_label(kind)) for kind in facets.kinds), key=lambda choice: choice[1]
        ),
        whats=sorted(
            ((action, action_label(action)) for action in facets.actions), key=lambda choice: choice[1]
        ),
        filters=audit_filter,
        narrowed=bool(_active_filters()),
        files=[("CSV", _file_url("csv")), ("JSON Lines", _file_url("jsonl"))],
        paging=make_pagination(page, audit_queries.EVENTS_PER_PAGE, total, _page_url),
    )


def _event_row(event: AuditEvent) -> EventRow:
    return EventRow(
        as_utc(event.at).isoformat(),
        format_timestamp(event.at),
        event.actor or _("unknown user"),
        action_label(event.what),
        _subject(event),
        _subject_url(event),
        ", ".join(detail_label(name, value) for name, value in sorted(event.detail.items())),
        event.address,
    )


def _subject(event: AuditEvent) -> str:
    if event.kind == "account":
        return event.subject if event.subject != event.actor else ""
    return f"{subject_kind_label(event.kind)} {event.subject}".strip()


def _subject_url(event: AuditEvent) -> str:
    if event.kind != "person" or not PERSON_ID_PATTERN.fullmatch(event.subject):
        return ""
    return url_for("desk.person", lang=g.lang, person_id=event.subject)


def _parse_day(name: str, text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise BadQuery(f"{name} takes a day, such as 2026-11-26.") from error


def _active_filters() -> list[tuple[str, str]]:
    """Return the filters of the request that have a value."""
    return [(name, value) for name in FILTER_FIELDS if (value := request.args.get(name, ""))]


def _page_url(page_number: int) -> str:
    page = [("page", str(page_number))] if page_number > 1 else []
    return with_query(url_for("account.events", lang=g.lang), [*_active_filters(), *page])


def _file_url(ending: str) -> str:
    url = url_for("account.events_file", lang=g.lang, ending=ending)
    return with_query(url, _active_filters())
