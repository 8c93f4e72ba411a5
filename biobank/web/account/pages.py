"""Pages of the user's own account, optionally with a form error."""

from dataclasses import dataclass

import segno
from flask import request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from biobank.accounts import second_factor, sessions, tokens, users
from biobank.accounts.identity import ROLE_SCOPES
from biobank.accounts.policy import Action, is_allowed
from biobank.common.clock import as_utc
from biobank.common.i18n import LANGUAGE_NAMES
from biobank.http.auth import identity
from biobank.http.extensions import services
from biobank.web.account.forms import AccountFormError, render_account_form
from biobank.web.account.labels import describe_browser, role_label, scope_label
from biobank.web.core.forms import read_line
from biobank.web.core.gettext import _
from biobank.web.core.labels import format_timestamp
from biobank.web.core.urls import Link


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
    last_used: str


def render_account_page(
    template: str, title: str, error: AccountFormError | None = None, **context: object
) -> ResponseReturnValue:
    """Render a page of the account with the account navigation."""
    return render_account_form(template, title, error, sections=account_nav(), who=identity(), **context)


def account_nav() -> tuple[Link, ...]:
    """Return the account navigation, with users and audit if the user may see them."""
    nav_items = [
        ("overview", _("Account")),
        ("password", _("Password")),
        ("second_factor", _("Two-factor authentication")),
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
        on=user.totp is not None,
        secret=setup.secret if setup else "",
        picture=qr_code(setup.uri, title) if setup else None,
        codes=codes,
        left=second_factor.count_unused_codes(services.database, identity()),
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
        new_token=new_token,
        name=name,
    )


def qr_code(text: str, title: str) -> Markup:
    """Return a QR code of `text`, dark on white: phones do not read inverted codes."""
    svg = segno.make(text, error="m").svg_inline(
        border=4, light="#fff", title=title, svgclass="qr", lineclass=None, omitsize=True
    )
    # Safe: segno escapes the title and encodes the text as squares.
    return Markup(svg)  # noqa: S704
