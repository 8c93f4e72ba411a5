"""Authentication, authorization and CSRF protection of requests.

Pages identify users by a session cookie and ignore tokens; the API identifies programs by a bearer
token and ignores cookies. A handler declares its action with `requires`; without it, it may only
read public data. Rights are checked before the request body is parsed.
"""

from collections.abc import Callable
from hashlib import sha256
from typing import Any, TypeVar

from flask import Flask, Response, current_app, g, request, session
from flask.sessions import SecureCookieSessionInterface
from flask_wtf.csrf import CSRFError
from itsdangerous import Signer
from werkzeug.exceptions import BadRequest

from biobank.accounts import sessions, tokens
from biobank.accounts.identity import Identity, anonymous
from biobank.accounts.policy import Action, is_allowed_in_any_state, require_in_any_state
from biobank.errors import BadToken, StaleForm, StoreUnavailable
from biobank.http.extensions import csrf, services
from biobank.http.security_headers import API_PREFIX

#: Keys of the signed cookie that hold the session key and the key of a pending second factor.
SESSION_KEY, PENDING_2FA_KEY = "key", "half"
#: Key of the signed cookie that holds the challenge of a passkey.
CHALLENGE_KEY = "passkey"
COOKIE_NAME = "biobank"
SAFE_METHODS = frozenset(("GET", "HEAD", "OPTIONS"))
BEARER_SCHEME = "bearer"
#: Signatures of CSRF and form tokens; the default of the library is SHA-1.
Signer.default_digest_method = staticmethod(sha256)

View = TypeVar("View", bound=Callable[..., Any])


def requires(action: Action) -> Callable[[View], View]:
    """Return a decorator that declares the action a handler performs."""

    def decorate(view: View) -> View:
        view.biobank_action = action  # type: ignore[attr-defined]
        return view

    return decorate


def csrf_token_in_form(view: View) -> View:
    """Mark a form handler that checks a token of its own instead of the CSRF cookie.

    Only for public forms, which act without an account: the usual check needs a cookie, and readers
    have none.
    """
    view.biobank_proves_itself = True  # type: ignore[attr-defined]
    return view


def identity() -> Identity:
    """Return the identity of the request, resolved at most once and only on demand."""
    if "identity" not in g:
        g.identity = _identity_from_token() if _is_api_request() else _identity_from_cookie()
    current: Identity = g.identity
    return current


def is_signed_in() -> bool:
    """Return whether the reader is signed in; without a cookie, no session is read."""
    if _is_api_request() or cookie_name() not in request.cookies:
        return False
    try:
        return identity().is_authenticated
    except StoreUnavailable:
        return False  # The error is reported by the page, which is rendered anyway.


def start_session(key: str) -> None:
    """Store the session key in the cookie and discard what it held before."""
    session.clear()
    session[SESSION_KEY] = key
    g.pop("identity", None)


def store_session_key(key: str | None) -> None:
    """Store the rotated key of the session, if there is one."""
    if key:
        start_session(key)


def action_for_endpoint(endpoint: str | None) -> Action:
    """Return the action that the handler of `endpoint` declares."""
    view = current_app.view_functions.get(endpoint or "")
    action: Action = getattr(view, "biobank_action", Action.READ_PUBLIC)
    return action


def _has_own_csrf_token(endpoint: str) -> bool:
    return getattr(current_app.view_functions.get(endpoint), "biobank_proves_itself", False)


def init_app(app: Flask) -> None:
    app.session_interface = SchemeAwareSessionInterface()
    app.config.update(
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        # Checked here, after rights, so that 403 comes before all other errors.
        WTF_CSRF_CHECK_DEFAULT=False,
        # No time limit: the token is valid as long as the session.
        WTF_CSRF_TIME_LIMIT=None,
    )
    csrf.init_app(app)
    app.before_request(_authorize_request)
    app.after_request(_set_private_cache_headers)


class SchemeAwareSessionInterface(SecureCookieSessionInterface):
    """A session interface whose cookie name binds it to the host over HTTPS."""

    digest_method = staticmethod(sha256)

    def get_cookie_name(self, _app: Flask) -> str:
        return cookie_name()

    def get_cookie_secure(self, _app: Flask) -> bool:
        return is_https()


def cookie_name() -> str:
    return f"__Host-{COOKIE_NAME}" if is_https() else COOKIE_NAME


def is_https() -> bool:
    """Return whether readers use HTTPS, by the request or by the public base URL."""
    return request.is_secure or services.settings.base_url.startswith("https:")


def _authorize_request() -> None:
    if request.endpoint is None:
        return  # No route matches; the answer is 404 for everyone.
    action = action_for_endpoint(request.endpoint)
    # Public actions of pages need no identity, so the cookie is not read.
    if _is_api_request() or not is_allowed_in_any_state(anonymous(), action):
        require_in_any_state(identity(), action)
    if (
        request.method not in SAFE_METHODS
        and not _is_api_request()
        and not _has_own_csrf_token(request.endpoint)
    ):
        try:
            csrf.protect()
        except CSRFError as error:
            raise StaleForm("This form has expired, or cookies are disabled. Reload the page.") from error
        _reject_nul()


def _reject_nul() -> None:
    """Reject NUL in form data; PostgreSQL refuses it even in parameters."""
    if any("\0" in text for pair in request.form.items(multi=True) for text in pair):
        raise BadRequest("The form contains a control character. Remove it.")


def _set_private_cache_headers(response: Response) -> Response:
    """Prevent shared caches from storing what was made for one user."""
    if action_for_endpoint(request.endpoint) is not Action.READ_PUBLIC:
        response.headers["Cache-Control"] = "no-store"
    elif "identity" in g and identity().is_authenticated and not _is_api_request():
        response.headers["Cache-Control"] = "private, no-cache"
    return response


def _is_api_request() -> bool:
    return request.path.startswith(API_PREFIX)


def _identity_from_cookie() -> Identity:
    key = session.get(SESSION_KEY)
    ip_address = request.remote_addr or ""
    if not isinstance(key, str):
        return anonymous(ip_address)
    return sessions.identify_session(services.database, key, ip_address) or anonymous(ip_address)


def _identity_from_token() -> Identity:
    """Return the identity of the bearer token, anonymous without one.

    Raises:
        BadToken: If the header holds no working token.
    """
    ip_address = request.remote_addr or ""
    header = request.headers.get("Authorization")
    if header is None:
        return anonymous(ip_address)
    scheme, _, key = header.partition(" ")
    if scheme.lower() != BEARER_SCHEME:
        raise BadToken("The Authorization header must be: Bearer bbk_…")
    return tokens.identify_token(services.database, key.strip(), ip_address)
