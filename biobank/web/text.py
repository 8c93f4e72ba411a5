"""The words of the pages in the language of the request, typed."""

from typing import Any

import flask_babel


def _(message: str, **values: Any) -> str:
    """`message`, which is English, in the language of the page."""
    return str(flask_babel.gettext(message, **values))


def ngettext(one: str, many: str, of: int | float, **values: Any) -> str:
    """The form of a message that goes with the number `of`."""
    return str(flask_babel.ngettext(one, many, of, **values))
