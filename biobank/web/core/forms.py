"""Readers of submitted fields and of arguments, all with the same rules.

Text is in NFC and stripped, and is cut at a limit. Control characters and broken Unicode are
refused in forms; URLs with them are refused before any view runs.
"""

from typing import Final

from flask import request
from werkzeug.exceptions import BadRequest

from biobank.common.text import clean_text, is_broken
from biobank.errors import NotFound

#: Maximum length of a field without a limit of its own, in characters; the domain has lower ones.
MAX_FIELD_CHARS: Final = 500
#: Maximum number of fields of one name that are read.
MAX_REPEATED_FIELDS: Final = 100
#: Maximum number of digits of a number; more do not fit the column of an id.
MAX_NUMBER_DIGITS: Final = 9


def read_line(name: str, max_chars: int = MAX_FIELD_CHARS) -> str:
    """Return a single line of text, with white space collapsed."""
    return _clean_line(request.form.get(name, ""), max_chars)


def read_lines(name: str, max_chars: int = MAX_FIELD_CHARS) -> list[str]:
    """Return every field of the name in form order."""
    return [_clean_line(text, max_chars) for text in request.form.getlist(name)[:MAX_REPEATED_FIELDS]]


def read_text(name: str, max_chars: int) -> str:
    """Return a text of several lines."""
    return _clean(request.form.get(name, ""))[:max_chars]


def read_password(name: str) -> str:
    """Return a password unchanged, including spaces."""
    return request.form.get(name, "")[:MAX_FIELD_CHARS]


def read_number(name: str) -> int | None:
    """Return a whole number; None if it is missing or invalid."""
    return parse_number(request.form.get(name, ""))


def require_number(name: str) -> int:
    """Return a whole number.

    Raises:
        BadRequest: if it is missing or invalid.
    """
    if (number := read_number(name)) is None:
        raise BadRequest(f"{name} takes a whole number.")
    return number


def query_arg(name: str, max_chars: int = MAX_FIELD_CHARS) -> str:
    """Return an argument of the URL."""
    return request.args.get(name, "").strip()[:max_chars]


def query_args(name: str, max_values: int, max_chars: int) -> list[str]:
    """Return the non-empty values among the first `max_values` of a repeated argument."""
    values = (value.strip()[:max_chars] for value in request.args.getlist(name)[:max_values])
    return [value for value in values if value]


def parse_number(text: str) -> int | None:
    """Parse a whole number without a sign; None for anything else."""
    is_number = text.isascii() and text.isdecimal() and len(text) <= MAX_NUMBER_DIGITS
    return int(text) if is_number else None


def parse_row_id(text: str) -> int:
    """Parse the id that a button submits.

    Raises:
        NotFound: if it is not a number.
    """
    if (number := parse_number(text)) is None:
        raise NotFound("There is no such thing.")
    return number


def _clean_line(text: str, max_chars: int) -> str:
    return " ".join(_clean(text).split())[:max_chars]


def _clean(text: str) -> str:
    plain = clean_text(text)
    if is_broken(plain):
        raise BadRequest("The form holds a control character; remove it.")
    return plain
