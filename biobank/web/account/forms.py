"""Readers of submitted account forms, and pages with a form."""

from urllib.parse import urlsplit

from flask import request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from biobank.errors import AccountRefused, FieldError, NotFound, TooManyAttempts
from biobank.http.security_headers import CONTROL_CHARACTERS
from biobank.web.account.labels import error_message
from biobank.web.core.rendering import PageMetadata, render_page

#: Maximum characters of any field; the domain has a lower limit for each.
MAX_FIELD_CHARS = 500

#: The field at which an error code is shown; others are shown above the form.
ERROR_FIELDS = {
    "bad_email": "email",
    "email_taken": "email",
    "bad_name": "name",
    "bad_role": "role",
    "bad_scope": "scopes",
    "short_password": "new",
    "long_password": "new",
    "common_password": "new",
    "email_password": "new",
    "wrong_password": "password",
    "wrong_code": "code",
}

AccountFormError = AccountRefused | TooManyAttempts


def render_account_form(
    template: str, title: str, error: AccountFormError | None, **context: object
) -> ResponseReturnValue:
    """Render a page with a form; with an error, return its status and headers too."""
    field_error = (
        FieldError(ERROR_FIELDS.get(error.code, ""), error.code, error_message(error)) if error else None
    )
    page = render_page(template, PageMetadata(title, indexed=False), trouble=field_error, **context)
    if isinstance(error, TooManyAttempts):
        # One second more, since the rate limiter rounds this header down.
        return page, 429, {"Retry-After": str(error.wait + 1)}
    return (page, 422) if error else page


def text_input(name: str, max_chars: int = MAX_FIELD_CHARS) -> str:
    """Return a text field, truncated to `max_chars` and stripped.

    Raises:
        BadRequest: if it holds control characters or broken Unicode.
    """
    text = request.form.get(name, "")
    if CONTROL_CHARACTERS.search(text) or "\ufffd" in text or any("\ud800" <= c <= "\udfff" for c in text):
        raise BadRequest("The form holds a control character; remove it.")
    return text[:max_chars].strip()


def password_input(name: str) -> str:
    """Return a password field unchanged, including spaces."""
    return request.form.get(name, "")[:MAX_FIELD_CHARS]


def selected_values(name: str) -> list[str]:
    """Return the values of the ticked checkboxes."""
    return [value[:MAX_FIELD_CHARS] for value in request.form.getlist(name)[:20]]


def parse_row_id(text: str) -> int:
    """Parse the id that a button submits.

    Raises:
        NotFound: if it is not a number of up to nine digits.
    """
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise NotFound("There is no such thing.")
    return int(text)


def user_agent() -> str:
    """Return the User-Agent header without control characters."""
    return CONTROL_CHARACTERS.sub("", request.headers.get("User-Agent", ""))[:200]


def local_path(text: str) -> str:
    """Return `text` if it is a path of this site, otherwise an empty string (no open redirects).

    Browsers read `//host`, `/\\host` and paths with tabs as other hosts.
    """
    if not text.isprintable() or "\\" in text or not text.startswith("/") or text[:2] == "//":
        return ""
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    return "" if parts.scheme or parts.netloc else text
