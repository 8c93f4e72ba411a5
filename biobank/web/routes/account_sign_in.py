"""Views of signing in and out, invitations, and password resets."""

from flask import redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from biobank.access import HALF_KEY, identity, permits, sign_in_as
from biobank.accounts import sessions, signing_in, users
from biobank.accounts.policy import Action
from biobank.errors import AccountRefused, TooManyAttempts
from biobank.extensions import services
from biobank.web.account.door import after_sign_in, home_of
from biobank.web.account.forms import Refusal, browser, local_path, secret, trouble, typed
from biobank.web.account.mail import send_reset
from biobank.web.blueprint import LANG, blueprint
from biobank.web.rendering import Head, render_page
from biobank.web.text import _


@blueprint.get(f"/{LANG}/sign-in")
@permits(Action.SIGN_IN)
def sign_in(lang: str) -> ResponseReturnValue:
    done = request.args.get("done", "") == "password"
    return home_of(lang) or _sign_in_page(local_path(request.args.get("next", "")), done=done)


@blueprint.post(f"/{LANG}/sign-in")
@permits(Action.SIGN_IN)
def sign_in_send(lang: str) -> ResponseReturnValue:
    then = local_path(typed("next"))
    try:
        started = signing_in.sign_in(
            services.database, identity(), typed("email"), secret("password"), browser()
        )
    except (AccountRefused, TooManyAttempts) as error:
        return _sign_in_page(then, error)
    if started.half:
        _leave()
        session[HALF_KEY], session["next"] = started.key, then
        return redirect(url_for("web.second_factor", lang=lang), 303)
    _arrive(started.key)
    return after_sign_in(lang, then)


@blueprint.get(f"/{LANG}/sign-in/code")
@permits(Action.SIGN_IN)
def second_factor(lang: str) -> ResponseReturnValue:
    try:
        signing_in.half_signed_in(services.database, _half_key())
    except AccountRefused:
        return redirect(url_for("web.sign_in", lang=lang), 303)
    return _code_page()


@blueprint.post(f"/{LANG}/sign-in/code")
@permits(Action.SIGN_IN)
def second_factor_send(lang: str) -> ResponseReturnValue:
    then = str(session.get("next", ""))
    try:
        started = signing_in.second_step(
            services.database, identity(), services.seal, _half_key(), typed("code"), browser()
        )
    except (AccountRefused, TooManyAttempts) as error:
        if error.code == "wrong_sign_in":
            return redirect(url_for("web.sign_in", lang=lang), 303)
        return _code_page(error)
    _arrive(started.key)
    return after_sign_in(lang, then)


@blueprint.get(f"/{LANG}/sign-out")
def sign_out(lang: str) -> ResponseReturnValue:
    """Redirect home; a GET request never signs out."""
    return redirect(url_for("web.home", lang=lang), 303)


@blueprint.post(f"/{LANG}/sign-out")
@permits(Action.SIGN_IN)
def sign_out_send(lang: str) -> ResponseReturnValue:
    _leave()
    return redirect(url_for("web.home", lang=lang), 303)


@blueprint.get(f"/{LANG}/invitation/<key>")
@permits(Action.SIGN_IN)
def invitation(lang: str, key: str) -> ResponseReturnValue:
    return _invitation_page(key)


@blueprint.post(f"/{LANG}/invitation/<key>")
@permits(Action.SIGN_IN)
def invitation_send(lang: str, key: str) -> ResponseReturnValue:
    try:
        started = users.accept(
            services.database, identity(), key, typed("name"), secret("new"), browser()
        )
    except AccountRefused as error:
        return _invitation_page(key, error)
    _arrive(started)
    return redirect(url_for("web.account", lang=lang), 303)


@blueprint.get(f"/{LANG}/new-password")
@permits(Action.SIGN_IN)
def forgotten(lang: str) -> ResponseReturnValue:
    return _forgotten_page()


@blueprint.post(f"/{LANG}/new-password")
@permits(Action.SIGN_IN)
def forgotten_send(lang: str) -> ResponseReturnValue:
    """Request a reset link; the response does not reveal whether the account exists."""
    if services.mailer is None:
        return _forgotten_page()
    email = typed("email")
    try:
        signing_in.count_reset(services.database, identity(), email)
    except TooManyAttempts as error:
        return _forgotten_page(error)
    send_reset(identity(), email)
    return _forgotten_page(sent=True)


@blueprint.get(f"/{LANG}/new-password/<key>")
@permits(Action.SIGN_IN)
def new_password(lang: str, key: str) -> ResponseReturnValue:
    return _new_password_page(key)


@blueprint.post(f"/{LANG}/new-password/<key>")
@permits(Action.SIGN_IN)
def new_password_send(lang: str, key: str) -> ResponseReturnValue:
    try:
        signing_in.reset(services.database, identity(), key, secret("new"))
    except AccountRefused as error:
        return _new_password_page(key, error)
    return redirect(url_for("web.sign_in", lang=lang, done="password"), 303)


def _arrive(key: str) -> None:
    """Sign in with a session key, after signing out any previous user."""
    _leave()
    sign_in_as(key)


def _leave() -> None:
    sessions.sign_out(services.database, identity())
    session.clear()


def _half_key() -> str:
    return str(session.get(HALF_KEY, ""))


def _page(
    template: str, title: str, error: Refusal | None, **context: object
) -> ResponseReturnValue:
    wrong = trouble(error) if error else None
    page = render_page(template, Head(title, indexed=False), trouble=wrong, **context)
    return (page, wrong.status, wrong.headers) if wrong else page


def _sign_in_page(
    then: str, error: Refusal | None = None, *, done: bool = False
) -> ResponseReturnValue:
    email = typed("email") if error else ""
    return _page("account/sign_in.html", _("Sign in"), error, then=then, email=email, done=done)


def _code_page(error: Refusal | None = None) -> ResponseReturnValue:
    return _page("account/code.html", _("Second factor"), error)


def _invitation_page(key: str, error: AccountRefused | None = None) -> ResponseReturnValue:
    try:
        user = users.invited(services.database, key)
    except AccountRefused as refusal:
        user, error = None, refusal
    name = typed("name") if error else (user.name if user else "")
    title = _("Welcome") if user else _("Invitation")
    return _page("account/invitation.html", title, error, user=user, name=name)


def _forgotten_page(error: Refusal | None = None, *, sent: bool = False) -> ResponseReturnValue:
    mail = services.mailer is not None
    title = _("A new password")
    return _page("account/forgotten.html", title, error, sent=sent, mail=mail)


def _new_password_page(key: str, error: AccountRefused | None = None) -> ResponseReturnValue:
    try:
        email = signing_in.reset_owner(services.database, key)
    except AccountRefused as refusal:
        email, error = "", refusal
    return _page("account/new_password.html", _("A new password"), error, email=email)
