"""Readers of the arguments that the desk scripts send, with limits."""

from flask import request
from werkzeug.exceptions import BadRequest

from biobank.records.fields import CONTROL


def asked(name: str, most: int) -> str:
    """Return a URL argument, cut at `max_chars` characters."""
    return request.args.get(name, "").strip()[:most]


def asked_all(name: str, times: int, most: int) -> list[str]:
    """Return the non-empty values among the first `max_values` of a repeated argument."""
    values = (value.strip()[:most] for value in request.args.getlist(name)[:times])
    return [value for value in values if value]


def sent_text(name: str, most: int) -> str:
    """Return a text of several lines from the request body.

    Raises:
        BadRequest: if it is too long or contains control characters.
    """
    text = request.form.get(name, "").replace("\r\n", "\n")
    if CONTROL.search(text):
        raise BadRequest("The text holds a control character; remove it.")
    if len(text) > most:
        raise BadRequest(f"The text is longer than {most} characters.")
    return text
