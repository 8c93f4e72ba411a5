"""Views of signing in and out, invitations, and password resets."""

from flask import g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from biobank.accounts import authentication, passkey_sign_in, sessions, users
from biobank.accounts.authentication import LoginResult
from biobank.accounts.policy import Action
from biobank.errors import AccountRefused, NotSignedIn, TooManyAttempts
from biobank.http.auth import PENDING_2FA_KEY, identity, requires, start_session
from biobank.http.extensions import services
from biobank.web.account import blueprint
from biobank.web.account.forms import AccountFormError, local_path, render_account_form, user_agent
from biobank.web.account.link_delivery import send_password_reset
from biobank.web.account.passkey_views import (
    get_relying_party,
    pop_challenge,
    read_response,
    require_relying_party,
)
from biobank.web.core.error_pages import error_page
from biobank.web.core.forms import read_line, read_password
from biobank.web.core.gettext import _
from biobank.web.core.negotiation import language_of_request
from biobank.web.core.urls import with_query


@blueprint.get("/sign-in")
@requires(Action.SIGN_IN)
def sign_in(lang: str) -> ResponseReturnValue:
    password_changed = request.args.get("done", "") == "password"
    return redirect_signed_in(lang) or _sign_in_page(
        local_path(request.args.get("next", "")), password_changed=password_changed
    )


@blueprint.post("/sign-in")
@requires(Action.SIGN_IN)
def sign_in_post(lang: str) -> ResponseReturnValue:
    next_path = local_path(read_line("next"))
    if "response" in request.form:
        return _sign_in_with_passkey(lang, next_path)
    try:
        login = authentication.sign_in(
            services.database, identity(), read_line("email"), read_password("password"), user_agent()
        )
    except (AccountRefused, TooManyAttempts) as error:
        return _sign_in_page(next_path, error)
    if login.needs_second_factor:
        _end_session()
        session[PENDING_2FA_KEY], session["next"] = login.session_key, next_path
        return redirect(url_for("account.sign_in_code", lang=lang), 303)
    _start_session(login.session_key)
    return redirect_after_sign_in(lang, next_path)


@blueprint.get("/sign-in/code")
@requires(Action.SIGN_IN)
def sign_in_code(lang: str) -> ResponseReturnValue:
    return _code_page(lang)


@blueprint.post("/sign-in/code")
@requires(Action.SIGN_IN)
def sign_in_code_post(lang: str) -> ResponseReturnValue:
    next_path = str(session.get("next", ""))
    try:
        login = _verify_passkey() if "response" in request.form else _verify_code()
    except (AccountRefused, TooManyAttempts) as error:
        return _code_page(lang, error)
    _start_session(login.session_key)
    return redirect_after_sign_in(lang, next_path)


def _sign_in_with_passkey(lang: str, next_path: str) -> ResponseReturnValue:
    try:
        login = passkey_sign_in.sign_in(
            services.database,
            identity(),
            require_relying_party(),
            pop_challenge(),
            read_response(),
            user_agent(),
        )
    except (AccountRefused, TooManyAttempts) as error:
        return _sign_in_page(next_path, error)
    _start_session(login.session_key)
    return redirect_after_sign_in(lang, next_path)


def _verify_passkey() -> LoginResult:
    return passkey_sign_in.verify_second_factor(
        services.database,
        identity(),
        require_relying_party(),
        pop_challenge(),
        _pending_login_key(),
        read_response(),
        user_agent(),
    )


def _verify_code() -> LoginResult:
    return authentication.verify_second_factor(
        services.database,
        identity(),
        services.secret_box,
        _pending_login_key(),
        read_line("code"),
        user_agent(),
    )


@blueprint.get("/sign-out")
def sign_out(lang: str) -> ResponseReturnValue:
    """Redirect home; a GET request never signs out."""
    return redirect(url_for("web.home", lang=lang), 303)


@blueprint.post("/sign-out")
@requires(Action.SIGN_IN)
def sign_out_post(lang: str) -> ResponseReturnValue:
    _end_session()
    response = redirect(url_for("web.home", lang=lang), 303)
    # Pages of the account stay neither in the cache nor behind the back button.
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@blueprint.get("/invitation/<key>")
@requires(Action.SIGN_IN)
def invitation(lang: str, key: str) -> ResponseReturnValue:
    return _invitation_page(key)


@blueprint.post("/invitation/<key>")
@requires(Action.SIGN_IN)
def invitation_post(lang: str, key: str) -> ResponseReturnValue:
    try:
        session_key = users.accept_invitation(
            services.database, identity(), key, read_line("name"), read_password("new"), user_agent()
        )
    except AccountRefused as error:
        return _invitation_page(key, error)
    _start_session(session_key)
    return redirect(url_for("account.overview", lang=lang), 303)


@blueprint.get("/new-password")
@requires(Action.SIGN_IN)
def forgot_password(lang: str) -> ResponseReturnValue:
    return _forgot_password_page()


@blueprint.post("/new-password")
@requires(Action.SIGN_IN)
def forgot_password_post(lang: str) -> ResponseReturnValue:
    """Request a reset link; the response does not reveal whether the account exists."""
    if services.mailer is None:
        return _forgot_password_page()
    email = read_line("email")
    try:
        authentication.count_reset_request(services.database, identity(), email)
    except TooManyAttempts as error:
        return _forgot_password_page(error)
    send_password_reset(identity(), email)
    return _forgot_password_page(show_confirmation=True)


@blueprint.get("/new-password/<key>")
@requires(Action.SIGN_IN)
def new_password(lang: str, key: str) -> ResponseReturnValue:
    return _new_password_page(key)


@blueprint.post("/new-password/<key>")
@requires(Action.SIGN_IN)
def new_password_post(lang: str, key: str) -> ResponseReturnValue:
    try:
        authentication.reset_password(services.database, identity(), key, read_password("new"))
    except AccountRefused as error:
        return _new_password_page(key, error)
    return redirect(url_for("account.sign_in", lang=lang, done="password"), 303)


def _start_session(key: str) -> None:
    """Sign in with a session key, after signing out any previous user."""
    _end_session()
    start_session(key)


def _end_session() -> None:
    sessions.sign_out(services.database, identity())
    session.clear()


def _pending_login_key() -> str:
    return str(session.get(PENDING_2FA_KEY, ""))


def _sign_in_page(
    next_path: str, error: AccountFormError | None = None, *, password_changed: bool = False
) -> ResponseReturnValue:
    email = read_line("email") if error else ""
    return render_account_form(
        "account/sign_in.html",
        _("Sign in"),
        error,
        next_path=next_path,
        email=email,
        done=password_changed,
        passkeys=get_relying_party() is not None,
    )


def _code_page(lang: str, error: AccountFormError | None = None) -> ResponseReturnValue:
    """Render the second step; without a first one, redirect to the form of the first."""
    try:
        factors = authentication.get_pending_factors(services.database, _pending_login_key())
    except AccountRefused:
        return redirect(url_for("account.sign_in", lang=lang), 303)
    return render_account_form(
        "account/code.html",
        _("Two-factor authentication"),
        error,
        passkeys=factors.passkey and get_relying_party() is not None,
        totp=factors.totp,
    )


def _invitation_page(key: str, error: AccountRefused | None = None) -> ResponseReturnValue:
    try:
        user = users.get_invited_user(services.database, key)
    except AccountRefused as refusal:
        user, error = None, refusal
    name = read_line("name") if error else (user.name if user else "")
    title = _("Welcome") if user else _("Invitation")
    return render_account_form("account/invitation.html", title, error, user=user, name=name)


def _forgot_password_page(
    error: AccountFormError | None = None, *, show_confirmation: bool = False
) -> ResponseReturnValue:
    mail = services.mailer is not None
    title = _("Reset password")
    return render_account_form(
        "account/forgotten.html", title, error, email_sent=show_confirmation, mail=mail
    )


def _new_password_page(key: str, error: AccountRefused | None = None) -> ResponseReturnValue:
    try:
        email = authentication.get_reset_email(services.database, key)
    except AccountRefused as refusal:
        email, error = "", refusal
    return render_account_form("account/new_password.html", _("Reset password"), error, email=email)


def redirect_to_sign_in(error: NotSignedIn) -> Response:
    """Redirect an anonymous request to the sign-in page; answer 401 to anything but GET."""
    if request.method not in ("GET", "HEAD"):
        return error_page(401, error.code, error.message)
    return redirect(sign_in_url(request.full_path.rstrip("?")), 303)


def sign_in_url(next_path: str = "") -> str:
    """Return the URL of the sign-in page, which redirects to `next_path` afterwards."""
    lang = g.get("lang") or language_of_request()
    path = url_for("account.sign_in", lang=lang)
    return with_query(path, [("next", local_path(next_path))] if local_path(next_path) else [])


def redirect_after_sign_in(lang: str, next_path: str) -> Response:
    """Redirect to `next_path` if it is a local path, otherwise to the desk."""
    return redirect(local_path(next_path) or url_for("desk.home", lang=lang), 303)


def redirect_signed_in(lang: str) -> Response | None:
    """Redirect users who are already signed in to the desk; return None for others."""
    return redirect(url_for("desk.home", lang=lang), 303) if identity().is_authenticated else None
