"""Readers of submitted account forms, and pages with a form."""

from urllib.parse import urlsplit

from flask import request
from flask.typing import ResponseReturnValue

from biobank.common.text import URL_CONTROL_CHARS
from biobank.errors import AccountRefused, FieldError, TooManyAttempts
from biobank.web.account.labels import error_message
from biobank.web.core.rendering import PageMetadata, render_page

#: The field at which an error code is shown; others are shown above the form.
ERROR_FIELDS = {
    "bad_email": "email",
    "email_taken": "email",
    "bad_name": "name",
    "bad_address": "address",
    "bad_role": "role",
    "bad_scope": "scopes",
    "bad_lifetime": "days",
    "short_password": "new",
    "long_password": "new",
    "common_password": "new",
    "email_password": "new",
    "wrong_password": "password",
    "wrong_code": "code",
}

AccountFormError = AccountRefused | TooManyAttempts


def render_account_form(
    template: str, title: str, error: AccountFormError | None, *, row_id: str = "", **context: object
) -> ResponseReturnValue:
    """Render a page with a form; with an error, return its status and headers too.

    `row_id` is the row whose form has the error, on pages with a form in each row.
    """
    field_error = None
    if error:
        field = ERROR_FIELDS.get(error.code, "")
        path = f"{field}-{row_id}" if field and row_id else field
        field_error = FieldError(path, error.code, error_message(error))
    page = render_page(template, PageMetadata(title, indexed=False), error=field_error, **context)
    if isinstance(error, TooManyAttempts):
        # One second more, since the rate limiter rounds this header down.
        return page, 429, {"Retry-After": str(error.wait + 1)}
    return (page, 422) if error else page


def user_agent() -> str:
    """Return the User-Agent header without control characters."""
    return URL_CONTROL_CHARS.sub("", request.headers.get("User-Agent", ""))[:200]


def local_path(text: str) -> str:
    """Return `text` if it is a path of this site, otherwise an empty string (no open redirects).

    Browsers read `//host`, `/\\host` and paths with tabs, which arrive as spaces, as other hosts.
    """
    if not text.isprintable() or " " in text or "\\" in text or not text.startswith("/") or text[:2] == "//":
        return ""
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    return "" if parts.scheme or parts.netloc else text
