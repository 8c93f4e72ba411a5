"""The door: who asks, whether they may, and whether a form comes from a page of ours.

Pages know people by a cookie and are closed to tokens; the API knows programs by a token and reads
no cookie. A handler says with `permits` what it does; without it, it only reads what is public.
Rights are looked at before anything that was sent is.
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

#: Where the keys of a session stand in the signed cookie.
KEY, HALF_KEY = "key", "half"
COOKIE = "biobank"
READING = frozenset(("GET", "HEAD", "OPTIONS"))
BEARER = "bearer"

View = TypeVar("View", bound=Callable[..., Any])


def permits(action: Action) -> Callable[[View], View]:
    """Says what a handler does, so that the door lets in only those who may."""

    def mark(view: View) -> View:
        view.biobank_action = action  # type: ignore[attr-defined]
        return view

    return mark


def proves_itself(view: View) -> View:
    """Says that a form proves by itself that a page of ours made it, and its handler checks that.

    For forms of everybody alone, which act in nobody's name: the usual proof needs a cookie, and
    readers have none.
    """
    view.biobank_proves_itself = True  # type: ignore[attr-defined]
    return view


def identity() -> Identity:
    """Who asks; found out once a request, and only where somebody wants to know."""
    if "identity" not in g:
        g.identity = _by_token() if _is_api() else _by_cookie()
    found: Identity = g.identity
    return found


def is_signed_in() -> bool:
    """As `identity`, without making pages of those who never signed in depend on a cookie."""
    if _is_api() or cookie_name() not in request.cookies:
        return False
    try:
        return identity().is_known
    except StoreUnavailable:
        return False  # what went wrong is told by a page, which is made all the same


def sign_in_as(key: str) -> None:
    """The browser holds this session's key from now on, and nothing of what it held before."""
    session.clear()
    session[KEY] = key
    g.pop("identity", None)


def keep_key(key: str | None) -> None:
    """The session's new key, after it was rotated."""
    if key:
        sign_in_as(key)


def action_of(endpoint: str | None) -> Action:
    """What the handler of `endpoint` does."""
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
        # Checked here, after rights: who may not is told so, whatever else is wrong.
        WTF_CSRF_CHECK_DEFAULT=False,
        # A form that was open over lunch is as good as a fresh one; it ends with the session.
        WTF_CSRF_TIME_LIMIT=None,
    )
    csrf.init_app(app)
    app.before_request(_check)
    app.after_request(_keep_private)


class CookieByScheme(SecureCookieSessionInterface):
    """Over https the cookie is bound to this host and this scheme, by its very name."""

    def get_cookie_name(self, _app: Flask) -> str:
        return cookie_name()

    def get_cookie_secure(self, _app: Flask) -> bool:
        return is_https()


def cookie_name() -> str:
    return f"__Host-{COOKIE}" if is_https() else COOKIE


def is_https() -> bool:
    """Whether readers come by https: as the request says, or the public address."""
    return request.is_secure or services.settings.base_url.startswith("https:")


def _check() -> None:
    if request.endpoint is None:
        return  # an address of nothing; the answer is 404 for everybody
    action = action_of(request.endpoint)
    # What everybody may do on pages is done without looking at a cookie.
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
    """PostgreSQL takes no NUL, not even in what is looked up; no keyboard types it."""
    if any("\0" in text for pair in request.form.items(multi=True) for text in pair):
        raise BadRequest("The form holds a control character; remove it.")


def _keep_private(response: Response) -> Response:
    """What is made for one person is kept by nobody else."""
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
    """Raises BadToken where something is shown that is no token that works."""
    address = request.remote_addr or ""
    shown = request.headers.get("Authorization")
    if shown is None:
        return anonymous(address)
    scheme, _, key = shown.partition(" ")
    if scheme.lower() != BEARER:
        raise BadToken("Authorization takes a token: Bearer bbk_…")
    return tokens.token_identity(services.database, key.strip(), address)
