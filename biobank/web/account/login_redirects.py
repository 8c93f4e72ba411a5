"""Redirects to the sign-in page, and back to the page that required it."""

from flask import g, redirect, request, url_for
from werkzeug.wrappers import Response

from biobank.errors import NotSignedIn
from biobank.http.auth import identity
from biobank.web.account.forms import local_path
from biobank.web.core.error_pages import error_page
from biobank.web.core.negotiation import language_of_request
from biobank.web.core.urls import with_query


def redirect_to_sign_in(error: NotSignedIn) -> Response:
    """Redirect an anonymous request to the sign-in page; answer 401 to anything but GET."""
    if request.method not in ("GET", "HEAD"):
        return error_page(401, error.code, error.message)
    return redirect(sign_in_url(request.full_path.rstrip("?")), 303)


def sign_in_url(next_path: str = "") -> str:
    """Return the URL of the sign-in page, which redirects to `next_path` afterwards."""
    lang = g.get("lang") or language_of_request()
    path = url_for("web.sign_in", lang=lang)
    return with_query(path, [("next", local_path(next_path))] if local_path(next_path) else [])


def redirect_after_sign_in(lang: str, next_path: str) -> Response:
    """Redirect to `next_path` if it is a local path, otherwise to the desk."""
    return redirect(local_path(next_path) or url_for("web.desk", lang=lang), 303)


def redirect_signed_in(lang: str) -> Response | None:
    """Redirect users who are already signed in to the desk; return None for others."""
    return redirect(url_for("web.desk", lang=lang), 303) if identity().is_authenticated else None
