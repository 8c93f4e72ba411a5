"""Authentication, authorization and CSRF protection of requests.

Pages identify users by a session cookie and ignore tokens; the API identifies programs by a bearer
token and ignores cookies. A handler declares its action with `requires`; without it, it may only
read public data. Rights are checked before the request body is parsed.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, Response, current_app, g, request, session
from flask.sessions import SecureCookieSessionInterface
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import BadRequest

from biobank.accounts import sessions, tokens
from biobank.accounts.identity import Identity, anonymous
from biobank.accounts.policy import Action, allows_somewhere, require_somewhere
from biobank.errors import BadToken, StaleForm, StoreUnavailable
from biobank.extensions import csrf, services
from biobank.security import API_PREFIX

#: Keys of the signed cookie that hold the session key and the key of a pending second factor.
KEY, HALF_KEY = "key", "half"
COOKIE = "biobank"
READING = frozenset(("GET", "HEAD", "OPTIONS"))
BEARER = "bearer"

View = TypeVar("View", bound=Callable[..., Any])


def permits(action: Action) -> Callable[[View], View]:
    """Return a decorator that declares the action a handler performs."""

    def mark(view: View) -> View:
        view.biobank_action = action  # type: ignore[attr-defined]
        return view

    return mark


def proves_itself(view: View) -> View:
    """Mark a form handler that checks a token of its own instead of the CSRF cookie.

    Only for public forms, which act without an account: the usual check needs a cookie, and readers
    have none.
    """
    view.biobank_proves_itself = True  # type: ignore[attr-defined]
    return view


def identity() -> Identity:
    """Return the identity of the request, resolved at most once and only on demand."""
    if "identity" not in g:
        g.identity = _by_token() if _is_api() else _by_cookie()
    found: Identity = g.identity
    return found


def is_signed_in() -> bool:
    """Return whether the reader is signed in; without a cookie, no session is read."""
    if _is_api() or cookie_name() not in request.cookies:
        return False
    try:
        return identity().is_known
    except StoreUnavailable:
        return False  # The error is reported by the page, which is rendered anyway.


def sign_in_as(key: str) -> None:
    """Store the session key in the cookie and discard what it held before."""
    session.clear()
    session[KEY] = key
    g.pop("identity", None)


def keep_key(key: str | None) -> None:
    """Store the rotated key of the session, if there is one."""
    if key:
        sign_in_as(key)


def action_of(endpoint: str | None) -> Action:
    """Return the action that the handler of `endpoint` declares."""
    view = current_app.view_functions.get(endpoint or "")
    action: Action = getattr(view, "biobank_action", Action.READ_PUBLIC)
    return action


def _proves_itself(endpoint: str) -> bool:
    return getattr(current_app.view_functions.get(endpoint), "biobank_proves_itself", False)


def init_app(app: Flask) -> None:
    app.session_interface = CookieByScheme()
    app.config.update(
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        # Checked here, after rights, so that 403 comes before all other errors.
        WTF_CSRF_CHECK_DEFAULT=False,
        # No time limit: the token is valid as long as the session.
        WTF_CSRF_TIME_LIMIT=None,
    )
    csrf.init_app(app)
    app.before_request(_check)
    app.after_request(_keep_private)


class CookieByScheme(SecureCookieSessionInterface):
    """A session interface whose cookie name binds it to the host over HTTPS."""

    def get_cookie_name(self, _app: Flask) -> str:
        return cookie_name()

    def get_cookie_secure(self, _app: Flask) -> bool:
        return is_https()


def cookie_name() -> str:
    return f"__Host-{COOKIE}" if is_https() else COOKIE


def is_https() -> bool:
    """Return whether readers use HTTPS, by the request or by the public base URL."""
    return request.is_secure or services.settings.base_url.startswith("https:")


def _check() -> None:
    if request.endpoint is None:
        return  # No route matches; the answer is 404 for everyone.
    action = action_of(request.endpoint)
    # Public actions of pages need no identity, so the cookie is not read.
    if _is_api() or not allows_somewhere(anonymous(), action):
        require_somewhere(identity(), action)
    if request.method not in READING and not _is_api() and not _proves_itself(request.endpoint):
        try:
            csrf.protect()
        except CSRFError as error:
            raise StaleForm(
                "This form is too old or not from here, or cookies are off. Load the page again."
            ) from error
        _refuse_nul()


def _refuse_nul() -> None:
    """Reject NUL in form data; PostgreSQL refuses it even in parameters."""
    if any("\0" in text for pair in request.form.items(multi=True) for text in pair):
        raise BadRequest("The form holds a control character; remove it.")


def _keep_private(response: Response) -> Response:
    """Prevent shared caches from storing what was made for one user."""
    if action_of(request.endpoint) is not Action.READ_PUBLIC:
        response.headers["Cache-Control"] = "no-store"
    elif "identity" in g and identity().is_known and not _is_api():
        response.headers["Cache-Control"] = "private, no-cache"
    return response


def _is_api() -> bool:
    return request.path.startswith(API_PREFIX)


def _by_cookie() -> Identity:
    key = session.get(KEY)
    address = request.remote_addr or ""
    if not isinstance(key, str):
        return anonymous(address)
    return sessions.identity(services.database, key, address) or anonymous(address)


def _by_token() -> Identity:
    """Return the identity of the bearer token, anonymous without one.

    Raises:
        BadToken: If the header holds no working token.
    """
    address = request.remote_addr or ""
    shown = request.headers.get("Authorization")
    if shown is None:
        return anonymous(address)
    scheme, _, key = shown.partition(" ")
    if scheme.lower() != BEARER:
        raise BadToken("Authorization takes a token: Bearer bbk_…")
    return tokens.token_identity(services.database, key.strip(), address)
