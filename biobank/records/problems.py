"""From marshmallow's nested messages to a flat list of problems with paths."""

from collections.abc import Iterator
from typing import Any

from marshmallow import Schema, ValidationError

from biobank.errors import Problem, RecordRefused
from biobank.records.fields import BREAK, CONTROL

SCHEMA = "_schema"
#: marshmallow's words as a person would say them.
PLAIN = {
    "Missing data for required field.": "Is required.",
    "Field may not be null.": "Is null; leave the field out instead.",
    "Not a valid string.": "Must be text, in quotes.",
    "Not a valid list.": "Must be a list.",
    "Not a valid mapping type.": "Must be an object of fields.",
}
#: Characters of a field's name and of a message; longer ones repeat something pasted by mistake.
KEY_MOST = 60
MESSAGE_MOST = 300


def problems_of(messages: Any, path: str = "") -> Iterator[Problem]:
    """`{"events": {2: {"place": ["…"]}}}` as problems at `events[2].place`."""
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
    """`data` as a canonical record.

    Raises:
        RecordRefused: with one problem a mistake.
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
    """Text that repeats what was sent, short and fit for terminals and files whatever that was."""
    short = text if len(text) <= most else text[: most - 1] + "…"
    return BREAK.sub(" ", CONTROL.sub("�", short))
