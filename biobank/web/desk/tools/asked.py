"""Arguments that the scripts of the desk send, read within bounds."""

from flask import request
from werkzeug.exceptions import BadRequest

from biobank.records.fields import CONTROL


def asked(name: str, most: int) -> str:
    """One argument of the address, cut at `most` characters."""
    return request.args.get(name, "").strip()[:most]


def asked_all(name: str, times: int, most: int) -> list[str]:
    """The first `times` values of an argument that are not empty."""
    values = (value.strip()[:most] for value in request.args.getlist(name)[:times])
    return [value for value in values if value]


def sent_text(name: str, most: int) -> str:
    """A text of several lines from the body; BadRequest where no keyboard types it, or too long."""
    text = request.form.get(name, "").replace("\r\n", "\n")
    if CONTROL.search(text):
        raise BadRequest("The text holds a control character; remove it.")
    if len(text) > most:
        raise BadRequest(f"The text is longer than {most} characters.")
    return text
