"""Who must sign in first is led there, and back again to the page they came for."""

from flask import g, redirect, request, url_for
from werkzeug.wrappers import Response

from biobank.access import identity
from biobank.errors import NotSignedIn
from biobank.web.account.forms import local_path
from biobank.web.errors import error_page
from biobank.web.links import with_parameters
from biobank.web.negotiation import language_of_request


def to_sign_in(error: NotSignedIn) -> Response:
    """The answer to somebody unknown: the page to sign in; a form is refused, as it was sent."""
    if request.method not in ("GET", "HEAD"):
        return error_page(401, error.code, error.message)
    return redirect(sign_in_url(request.full_path.rstrip("?")), 303)


def sign_in_url(then: str = "") -> str:
    """The page to sign in, which leads to `then` afterwards."""
    lang = g.get("lang") or language_of_request()
    path = url_for("web.sign_in", lang=lang)
    return with_parameters(path, [("next", local_path(then))] if local_path(then) else [])


def after_sign_in(lang: str, then: str) -> Response:
    """To where one wanted to go, within this bank; else to the desk, where the day's work waits."""
    return redirect(local_path(then) or url_for("web.desk", lang=lang), 303)


def home_of(lang: str) -> Response | None:
    """Whoever is signed in already is led to the desk."""
    return redirect(url_for("web.desk", lang=lang), 303) if identity().is_known else None
