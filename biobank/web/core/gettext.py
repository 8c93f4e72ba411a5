"""Typed gettext functions in the language of the request."""

from typing import Any

import flask_babel


def _(message: str, **values: Any) -> str:
    """Translate an English message into the language of the page."""
    return str(flask_babel.gettext(message, **values))


def ngettext(singular: str, plural: str, count_value: int | float, **values: Any) -> str:
    """Return the translated plural form for `count_value`."""
    return str(flask_babel.ngettext(singular, plural, count_value, **values))


def pgettext(context: str, message: str) -> str:
    """Translate a message whose translation depends on the context: a noun or a verb, of a person or a place."""
    return str(flask_babel.pgettext(context, message))
