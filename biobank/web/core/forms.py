"""Readers of submitted text fields, each with a limit and without control characters."""

import re
from collections.abc import Iterable

from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest

FormData = MultiDict[str, str]
#: Maximum number of fields of one name that are read.
MAX_REPEATED_FIELDS = 100
#: C0 and C1 controls except tab and line breaks; surrogates and replacement characters.
FORBIDDEN_CHARS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffd]")


def read_line(form: FormData, name: str, max_chars: int) -> str:
    """Return a single line of text with collapsed whitespace."""
    return _clean_line(form.get(name, ""), max_chars)


def read_lines(form: FormData, name: str, max_chars: int) -> list[str]:
    """Return every field of the name in form order."""
    return [_clean_line(text, max_chars) for text in form.getlist(name)[:MAX_REPEATED_FIELDS]]


def read_text(form: FormData, name: str, max_chars: int) -> str:
    """Return a text of several lines."""
    return _reject_control_chars(form.get(name, ""))[: max_chars + 1].replace("\r\n", "\n").strip()


def split_lines(text: str) -> list[str]:
    """Return the distinct non-empty lines of a text."""
    return list(dict.fromkeys(_non_empty(text.splitlines())))


def _clean_line(text: str, max_chars: int) -> str:
    # One character beyond the limit is kept, so that excess is reported and not cut silently.
    return " ".join(_reject_control_chars(text)[: max_chars + 1].split())


def _reject_control_chars(text: str) -> str:
    if FORBIDDEN_CHARS.search(text):
        raise BadRequest("The form holds a control character; remove it.")
    return text


def _non_empty(texts: Iterable[str]) -> list[str]:
    return [text.strip() for text in texts if text.strip()]
