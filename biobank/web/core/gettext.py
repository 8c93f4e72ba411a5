"""Typed gettext functions in the language of the request, for code and for templates."""

from typing import Any

import flask_babel
from babel.support import NullTranslations
from flask import g
from jinja2 import Environment, pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup


def _(message: str, **values: Any) -> str:
    """Translate an English message into the language of the page."""
    text: str = _catalogue().ugettext(message)
    return text % values if values else text


def ngettext(singular: str, plural: str, count_value: int | float, **values: Any) -> str:
    """Return the translated plural form for `count_value`."""
    return str(flask_babel.ngettext(singular, plural, count_value, **values))


def pgettext(context: str, message: str) -> str:
    """Translate a message whose translation depends on the context: a noun or a verb, of a person or a place."""
    return str(flask_babel.pgettext(context, message))


def install(environment: Environment) -> None:
    """Let templates use the functions above, which take a third of the time of Flask-Babel's."""
    environment.globals.update(gettext=_template_gettext, _=_template_gettext)


def _catalogue() -> NullTranslations:
    """Return the messages of the page's language, resolved once per request."""
    catalogue: NullTranslations | None = g.get("_message_catalogue")
    if catalogue is None:
        catalogue = g._message_catalogue = flask_babel.get_translations()
    return catalogue


@pass_eval_context
def _template_gettext(eval_context: EvalContext, message: str, **values: Any) -> str:
    """Translate a message of a template; every message is a format string."""
    text: str = _catalogue().ugettext(message)
    if not eval_context.autoescape:
        return text % values
    return Markup(text) % values if values else Markup(text % ())  # noqa: S704 - our own text
