"""Readers of form values, with length limits and rejection of control characters."""

import re
from collections.abc import Iterable

from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest

Form = MultiDict[str, str]
#: Maximum number of fields of one name that are read.
ROWS_MOST = 100
#: C0 and C1 controls except tab and line breaks; surrogates and replacement characters.
UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffd]")


def line(form: Form, name: str, most: int) -> str:
    """Return a single line of text with collapsed whitespace."""
    return _line(form.get(name, ""), most)


def lines(form: Form, name: str, most: int) -> list[str]:
    """Return every field of the name in form order."""
    return [_line(text, most) for text in form.getlist(name)[:ROWS_MOST]]


def passage(form: Form, name: str, most: int) -> str:
    """Return a text of several lines."""
    return _fit(form.get(name, ""))[: most + 1].replace("\r\n", "\n").strip()


def words_of(text: str) -> list[str]:
    """Return the distinct non-empty lines of a text."""
    return list(dict.fromkeys(_filled(text.splitlines())))


def _line(text: str, most: int) -> str:
    # One character beyond the limit is kept, so that excess is reported and not cut silently.
    return " ".join(_fit(text)[: most + 1].split())


def _fit(text: str) -> str:
    if UNFIT.search(text):
        raise BadRequest("The form holds a control character; remove it.")
    return text


def _filled(texts: Iterable[str]) -> list[str]:
    return [text.strip() for text in texts if text.strip()]
