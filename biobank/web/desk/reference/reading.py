"""What a form of the desk sends: read within bounds, free of what no keyboard types."""

import re
from collections.abc import Iterable

from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest

Form = MultiDict[str, str]
#: Repeated fields of one name that are read.
ROWS_MOST = 100
#: C0 and C1 but tab and line breaks, which long texts hold; surrogates, and what broke on the way.
UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffd]")


def line(form: Form, name: str, most: int) -> str:
    """One line of text, its edges trimmed."""
    return _line(form.get(name, ""), most)


def lines(form: Form, name: str, most: int) -> list[str]:
    """Every field of that name, in the order of the form."""
    return [_line(text, most) for text in form.getlist(name)[:ROWS_MOST]]


def passage(form: Form, name: str, most: int) -> str:
    """Text of several lines."""
    return _fit(form.get(name, ""))[: most + 1].replace("\r\n", "\n").strip()


def words_of(text: str) -> list[str]:
    """One a line, each once."""
    return list(dict.fromkeys(_filled(text.splitlines())))


def _line(text: str, most: int) -> str:
    # One more than fits, so that what is too long is told and not cut in silence.
    return " ".join(_fit(text)[: most + 1].split())


def _fit(text: str) -> str:
    if UNFIT.search(text):
        raise BadRequest("The form holds a control character; remove it.")
    return text


def _filled(texts: Iterable[str]) -> list[str]:
    return [text.strip() for text in texts if text.strip()]
