"""The pages of the user's own account, the list of users, and the audit log."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import segno
from flask import g, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from biobank.accounts import audit_erasure, audit_queries, second_factor, sessions, tokens, users
from biobank.accounts.audit_queries import AuditFilter
from biobank.accounts.identity import ROLE_SCOPES, ROLES
from biobank.accounts.models import AuditEvent, User
from biobank.accounts.policy import Action, is_allowed
from biobank.common.clock import as_utc
from biobank.common.i18n import LANGUAGE_NAMES
from biobank.common.text import URL_CONTROL_CHARS
from biobank.errors import BadQuery, NotFound
from biobank.http.auth import identity
from biobank.http.extensions import services
from biobank.web.account.forms import AccountFormError, render_account_form
from biobank.web.account.labels import (
    action_label,
    describe_browser,
    detail_label,
    role_label,
    scope_label,
    subject_kind_label,
    user_state_label,
)
from biobank.web.account.link_delivery import LinkDelivery
from biobank.web.core.forms import read_line, read_lines
from biobank.web.core.gettext import _
from biobank.web.core.labels import format_timestamp
from biobank.web.core.pagination import make_pagination
from biobank.web.core.urls import Link, with_query


@dataclass(frozen=True)
class SessionRow:
    """A signed-in browser session."""

    id: int
    browser: str
    ip_address: str
    started: str
    last_seen: str
    last_seen_at: str
    current: bool


@dataclass(frozen=True)
class TokenRow:
    """An API token that is still valid."""

    id: int
    name: str
    scopes: str
    created: str
    expires: str
    last_used: str


@dataclass(frozen=True)
class PasskeyRow:
    """A passkey; `last_used` is empty if it was never used."""

    id: int
    name: str
    added: str
    added_at: str
    last_used: str
    last_used_at: str
    passwordless: bool


def render_account_page(
    template: str, title: str, error: AccountFormError | None = None, *, row_id: str = "", **context: object
) -> ResponseReturnValue:
    """Render a page of the account with the account navigation."""
    return render_account_form(
        template, title, error, row_id=row_id, sections=account_nav(), identity=identity(), **context
    )


def account_nav() -> tuple[Link, ...]:
    """Return the account navigation, with users and audit if the user may see them."""
    nav_items = [
        ("overview", _("Account")),
        ("password", _("Password")),
        ("second_factor", _("Two-factor authentication")),
        ("passkeys", _("Passkeys")),
        ("sessions", _("Sessions")),
        ("tokens", _("API tokens")),
    ]
    if is_allowed(identity(), Action.SEE_USERS):
        nav_items.append(("users", _("Users")))
    if is_allowed(identity(), Action.SEE_AUDIT):
        nav_items.append(("events", _("Audit log")))
    lang = (request.view_args or {})["lang"]
    current_endpoint = str(request.endpoint).removeprefix("account.").removesuffix("_post")
    return tuple(
        Link(label, url_for(f"account.{name}", lang=lang), current=name == current_endpoint)
        for name, label in nav_items
    )


def account_page(error: AccountFormError | None = None) -> ResponseReturnValue:
    user = users.get_own_user(services.database, identity())
    return render_account_page(
        "account/account.html",
        _("Account"),
        error,
        email=user.email,
        name=read_line("name") if error else user.name,
        lang=user.lang,
        languages=LANGUAGE_NAMES,
        role=role_label(user.role),
    )


def password_page(error: AccountFormError | None = None) -> ResponseReturnValue:
    changed = "done" in request.args and not error
    return render_account_page("account/password.html", _("Password"), error, done=changed)


def second_factor_page(
    error: AccountFormError | None = None, codes: tuple[str, ...] = ()
) -> ResponseReturnValue:
    user = users.get_own_user(services.database, identity())
    setup = second_factor.get_pending_setup(services.database, identity(), services.secret_box)
    title = _("QR code for the authenticator app")
    return render_account_page(
        "account/second_factor.html",
        _("Two-factor authentication"),
        error,
        enabled=user.totp is not None,
        protected=bool(second_factor.protected_user_ids(services.database, [user])),
        secret=setup.secret if setup else "",
        picture=qr_code(setup.uri, title) if setup else None,
        codes=codes,
        codes_left=second_factor.count_unused_codes(services.database, identity()),
    )


def sessions_page() -> ResponseReturnValue:
    actor = identity()
    rows = [
        SessionRow(
            row.id,
            describe_browser(row.browser),
            row.address,
            format_timestamp(row.created_at),
            format_timestamp(row.seen_at),
            as_utc(row.seen_at).isoformat(),
            current=row.id == actor.session_id,
        )
        for row in sessions.list_own_sessions(services.database, actor)
    ]
    return render_account_page("account/sessions.html", _("Sessions"), rows=rows)


def tokens_page(error: AccountFormError | None = None, new_token: str = "") -> ResponseReturnValue:
    rows = [
        TokenRow(
            row.id,
            row.name,
            ", ".join(map(scope_label, row.scopes)),
            format_timestamp(row.created_at),
            format_timestamp(row.expires_at),
            format_timestamp(row.used_at) if row.used_at else _("never"),
        )
        for row in tokens.list_own_tokens(services.database, identity())
    ]
    scopes = [(scope, scope_label(scope)) for scope in ROLE_SCOPES[identity().role]]
    name = read_line("name") if error else ""
    return render_account_page(
        "account/tokens.html",
        _("API tokens"),
        error,
        rows=rows,
        scopes=scopes,
        chosen_scopes=read_lines("scopes") if error else [],
        new_token=new_token,
        name=name,
        days=(read_line("days") if error else "") or tokens.DEFAULT_TOKEN_DAYS,
        max_days=tokens.MAX_TOKEN_DAYS,
    )


def qr_code(text: str, title: str) -> Markup:
    """Return a QR code of `text`, dark on white: phones do not read inverted codes."""
    svg = segno.make(text, error="m").svg_inline(
        border=4, light="#fff", title=title, svgclass="qr", lineclass=None, omitsize=True
    )
    # Safe: segno escapes the title and encodes the text as squares.
    return Markup(svg)  # noqa: S704


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
        delivery=delivery,
        typed=read_line if error else lambda _name: "",
    )


def _user_rows(page_users: Sequence[User]) -> list[UserRow]:
    actor, protected = identity(), second_factor.protected_user_ids(services.database, page_users)
    return [
        UserRow(
            user.id,
            user.email,
            user.name,
            user.role,
            role_label(user.role),
            users.user_state(user),
            user_state_label(users.user_state(user)),
            second_factor=user.id in protected,
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


def events_page(page: int, error: AccountFormError | None = None) -> ResponseReturnValue:
    audit_filter = parse_filter(request.args)
    events, total = audit_queries.list_events(services.database, identity(), page, audit_filter)
    facets = audit_queries.load_facets(services.database, identity())
    return render_account_page(
        "account/events.html",
        _("Audit log"),
        error,
        typed=read_line if error else lambda _name: "",
        retention_days=audit_erasure.AUDIT_ADDRESS_RETENTION.days,
        rows=[_event_row(event) for event in events],
        total=total,
        kinds=sorted(
            ((kind, subject_kind_label(kind)) for kind in facets.kinds), key=lambda choice: choice[1]
        ),
        actions=sorted(
            ((action, action_label(action)) for action in facets.actions), key=lambda choice: choice[1]
        ),
        filters=audit_filter,
        filtered=bool(_active_filters()),
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
