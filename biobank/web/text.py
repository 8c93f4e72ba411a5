"""Typed gettext functions in the language of the request."""

from typing import Any

import flask_babel


def _(message: str, **values: Any) -> str:
    """Translate an English message into the language of the page."""
    return str(flask_babel.gettext(message, **values))


def ngettext(one: str, many: str, of: int | float, **values: Any) -> str:
    """Return the translated plural form for `count_value`."""
    return str(flask_babel.ngettext(one, many, of, **values))
