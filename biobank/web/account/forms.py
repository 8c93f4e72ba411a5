"""What is sent by the forms of accounts: read within bounds; what is wrong, at its field."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import request
from werkzeug.exceptions import BadRequest

from biobank.errors import AccountRefused, NotFound, TooManyAttempts
from biobank.security import CONTROL
from biobank.web.account.words import trouble_words

#: Characters of any field; each has a limit of its own beneath this.
FIELD_MOST = 500

#: The field at which a refusal is shown; others are shown above the form.
FIELDS = {
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

Refusal = AccountRefused | TooManyAttempts


@dataclass(frozen=True)
class Trouble:
    """What is wrong, in words, and at which field; `field` is empty for the form as a whole."""

    text: str
    field: str
    status: int
    #: What the answer carries: when it makes sense to try again.
    headers: dict[str, str]


def trouble(error: Refusal) -> Trouble:
    text, at = trouble_words(error), FIELDS.get(error.code, "")
    if isinstance(error, TooManyAttempts):
        # One more: the limiter of readers rounds what stands here down.
        return Trouble(text, at, 429, {"Retry-After": str(error.wait + 1)})
    return Trouble(text, at, 422, {})


def typed(name: str, most: int = FIELD_MOST) -> str:
    """One line of text, cut at `most` characters. What no keyboard types answers 400."""
    text = request.form.get(name, "")
    if CONTROL.search(text) or "\ufffd" in text or any("\ud800" <= c <= "\udfff" for c in text):
        raise BadRequest("The form holds a control character; remove it.")
    return text[:most].strip()


def secret(name: str) -> str:
    """A password as it was typed, spaces and all."""
    return request.form.get(name, "")[:FIELD_MOST]


def chosen(name: str) -> list[str]:
    """The values of ticked boxes."""
    return [value[:FIELD_MOST] for value in request.form.getlist(name)[:20]]


def row_id(text: str) -> int:
    """An id that a button carries. Raises NotFound for anything else."""
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise NotFound("There is no such thing.")
    return int(text)


def browser() -> str:
    """How the browser calls itself."""
    return CONTROL.sub("", request.headers.get("User-Agent", ""))[:200]


def local_path(text: str) -> str:
    """`text` where it is a path of this bank, else nothing: nobody is led to a stranger's page.

    Browsers read `//host`, `/\\host` and what has tabs in it as other hosts.
    """
    if not text.isprintable() or "\\" in text or not text.startswith("/") or text[:2] == "//":
        return ""
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    return "" if parts.scheme or parts.netloc else text
