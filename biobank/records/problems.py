"""Validation of records: marshmallow's nested messages as a flat list of problems with paths."""

from collections.abc import Iterator
from typing import Any

from marshmallow import Schema, ValidationError

from biobank.errors import Problem, RecordRefused
from biobank.records.fields import BREAK, CONTROL

SCHEMA = "_schema"
#: Plain wording of marshmallow's default messages.
PLAIN = {
    "Missing data for required field.": "Is required.",
    "Field may not be null.": "Is null; leave the field out instead.",
    "Not a valid string.": "Must be text, in quotes.",
    "Not a valid list.": "Must be a list.",
    "Not a valid mapping type.": "Must be an object of fields.",
}
#: Longest field name and message in characters; longer ones quote accidentally pasted text.
KEY_MOST = 60
MESSAGE_MOST = 300


def problems_of(messages: Any, path: str = "") -> Iterator[Problem]:
    """Yield nested messages as problems: `{"events": {2: {"place": […]}}}` at `events[2].place`."""
    if isinstance(messages, dict):
        for key, inner in messages.items():
            yield from problems_of(inner, path if key == SCHEMA else _join(path, key))
    elif isinstance(messages, list):
        for message in messages:
            yield from problems_of(message, path)
    else:
        text = str(messages)
        yield Problem(path, "invalid", PLAIN.get(text) or shown(text, MESSAGE_MOST))


def load(schema: Schema, data: Any) -> dict[str, Any]:
    """Return `data` as a canonical record.

    Raises:
        RecordRefused: `data` is invalid; one problem per error.
    """
    try:
        loaded: dict[str, Any] = schema.load(data)
    except ValidationError as error:
        raise RecordRefused(list(problems_of(error.messages))) from error
    return loaded


def _join(path: str, key: Any) -> str:
    if isinstance(key, int):
        return f"{path}[{key}]"
    name = shown(str(key), KEY_MOST)
    return f"{path}.{name}" if path else name


def shown(text: str, most: int) -> str:
    """Return text for an error message: shortened, on one line, without control characters."""
    short = text if len(text) <= most else text[: most - 1] + "…"
    return BREAK.sub(" ", CONTROL.sub("�", short))
