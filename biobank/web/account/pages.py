"""Pages of the user's own account, optionally with a form error."""

from dataclasses import dataclass

from flask import request, url_for
from flask.typing import ResponseReturnValue

from biobank.access import identity
from biobank.accounts import directory, second_factor, sessions, tokens
from biobank.accounts.clock import as_utc
from biobank.accounts.identity import SCOPES_OF
from biobank.accounts.policy import Action, allows
from biobank.extensions import services
from biobank.i18n import LANGUAGE_NAMES
from biobank.web.account.forms import Refusal, trouble, typed
from biobank.web.account.qr import qr_code
from biobank.web.account.words import browser_words, moment, role_words, scope_words
from biobank.web.links import Link
from biobank.web.rendering import Head, render_page
from biobank.web.text import _


@dataclass(frozen=True)
class SessionRow:
    """A signed-in browser session."""

    id: int
    browser: str
    address: str
    started: str
    seen: str
    seen_at: str
    current: bool


@dataclass(frozen=True)
class TokenRow:
    """An API token that is still valid."""

    id: int
    name: str
    scopes: str
    made: str
    used: str


def render(
    template: str, title: str, error: Refusal | None = None, **context: object
) -> ResponseReturnValue:
    """Render a page of the account with the account navigation.

    With an error, return its status and headers too.
    """
    wrong = trouble(error) if error else None
    page = render_page(
        template,
        Head(title, indexed=False),
        trouble=wrong,
        sections=sections(),
        who=identity(),
        **context,
    )
    return (page, wrong.status, wrong.headers) if wrong else page


def sections() -> tuple[Link, ...]:
    """Return the account navigation, with users and audit if the user may see them."""
    ways = [
        ("account", _("Account")),
        ("account_password", _("Password")),
        ("account_second_factor", _("Second factor")),
        ("account_sessions", _("Sessions")),
        ("account_tokens", _("API tokens")),
    ]
    if allows(identity(), Action.SEE_USERS):
        ways.append(("users", _("Users")))
    if allows(identity(), Action.SEE_AUDIT):
        ways.append(("account_events", _("Audit")))
    lang = (request.view_args or {})["lang"]
    here = str(request.endpoint).removeprefix("web.").removesuffix("_send")
    return tuple(
        Link(label, url_for(f"web.{name}", lang=lang), current=name == here) for name, label in ways
    )


def account_page(error: Refusal | None = None) -> ResponseReturnValue:
    user = directory.own(services.database, identity())
    return render(
        "account/account.html",
        _("Account"),
        error,
        email=user.email,
        name=typed("name") if error else user.name,
        lang=user.lang,
        languages=LANGUAGE_NAMES,
        role=role_words(user.role),
    )


def password_page(error: Refusal | None = None) -> ResponseReturnValue:
    done = "done" in request.args and not error
    return render("account/password.html", _("Password"), error, done=done)


def second_factor_page(
    error: Refusal | None = None, codes: tuple[str, ...] = ()
) -> ResponseReturnValue:
    user = directory.own(services.database, identity())
    setup = second_factor.pending(services.database, identity(), services.seal)
    title = _("QR code for the app on your telephone")
    return render(
        "account/second_factor.html",
        _("Second factor"),
        error,
        on=user.totp is not None,
        secret=setup.secret if setup else "",
        picture=qr_code(setup.address, title) if setup else None,
        codes=codes,
        left=second_factor.codes_left(services.database, identity()),
    )


def sessions_page() -> ResponseReturnValue:
    who = identity()
    rows = [
        SessionRow(
            row.id,
            browser_words(row.browser),
            row.address,
            moment(row.created_at),
            moment(row.seen_at),
            as_utc(row.seen_at).isoformat(),
            current=row.id == who.sign_in,
        )
        for row in sessions.own(services.database, who)
    ]
    return render("account/sessions.html", _("Sessions"), rows=rows)


def tokens_page(error: Refusal | None = None, made: str = "") -> ResponseReturnValue:
    rows = [
        TokenRow(
            row.id,
            row.name,
            ", ".join(map(scope_words, row.scopes)),
            moment(row.created_at),
            moment(row.used_at) if row.used_at else _("never"),
        )
        for row in tokens.own(services.database, identity())
    ]
    scopes = [(scope, scope_words(scope)) for scope in SCOPES_OF[identity().role]]
    name = typed("name") if error else ""
    return render(
        "account/tokens.html",
        _("API tokens"),
        error,
        rows=rows,
        scopes=scopes,
        made=made,
        name=name,
    )
