"""Readers of the submitted fields of the review pages."""

from flask import request
from werkzeug.exceptions import BadRequest

from biobank.editorial.review import notes
from biobank.editorial.revisions import history
from biobank.http.security_headers import CONTROL_CHARACTERS

#: Whitespace that texts may contain; other control characters are rejected.
ALLOWED_CONTROL_CHARS = "\r\n\t"


def require_int(name: str) -> int:
    """Return a submitted integer.

    Raises:
        BadRequest: if it is missing or invalid.
    """
    text = request.form.get(name, "")
    if not (text.isascii() and text.isdecimal() and len(text) < 8):
        raise BadRequest(f"{name} takes a whole number.")
    return min(int(text), history.MAX_REVISION_NUMBER)


def read_long_text(name: str, max_chars: int = notes.MAX_NOTE_CHARS) -> str:
    """Return a submitted text of several lines.

    Raises:
        BadRequest: if it contains control characters.
    """
    text = request.form.get(name, "")
    plain = text.translate(dict.fromkeys(map(ord, ALLOWED_CONTROL_CHARS)))
    if CONTROL_CHARACTERS.search(plain) or "\ufffd" in text:
        raise BadRequest("The form holds a control character; remove it.")
    return text.replace("\r\n", "\n")[:max_chars].strip()
