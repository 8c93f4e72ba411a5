"""Readers of the arguments that the desk scripts send, with limits."""

from flask import request
from werkzeug.exceptions import BadRequest

from biobank.records.fields import CONTROL_CHARS


def query_arg(name: str, max_chars: int) -> str:
    """Return a URL argument, cut at `max_chars` characters."""
    return request.args.get(name, "").strip()[:max_chars]


def query_args(name: str, max_values: int, max_chars: int) -> list[str]:
    """Return the non-empty values among the first `max_values` of a repeated argument."""
    values = (value.strip()[:max_chars] for value in request.args.getlist(name)[:max_values])
    return [value for value in values if value]


def form_text(name: str, max_chars: int) -> str:
    """Return a text of several lines from the request body.

    Raises:
        BadRequest: if it is too long or contains control characters.
    """
    text = request.form.get(name, "").replace("\r\n", "\n")
    if CONTROL_CHARS.search(text):
        raise BadRequest("The text holds a control character; remove it.")
    if len(text) > max_chars:
        raise BadRequest(f"The text is longer than {max_chars} characters.")
    return text
