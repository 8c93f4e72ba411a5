"""Validation of records: marshmallow's nested messages as a flat list of problems with paths."""

from collections.abc import Iterator
from typing import Any

from marshmallow import Schema, ValidationError

from biobank.common.text import CONTROL_CHARS, LINE_BREAKS
from biobank.errors import FieldError, RecordRefused

SCHEMA_ERRORS_KEY = "_schema"
#: Plain wording of marshmallow's default messages.
PLAIN_MESSAGES = {
    "Missing data for required field.": "Required.",
    "Field may not be null.": "Must not be null. Leave the field out instead.",
    "Not a valid string.": "Must be text, in quotes.",
    "Not a valid list.": "Must be a list.",
    "Not a valid mapping type.": "Must be an object with fields.",
}
#: Longest field name and message in characters; longer ones quote accidentally pasted text.
MAX_FIELD_NAME_CHARS = 60
MAX_PROBLEM_MESSAGE_CHARS = 300


def iter_problems(messages: Any, path: str = "") -> Iterator[FieldError]:
    """Yield nested messages as problems: `{"events": {2: {"place": […]}}}` at `events[2].place`."""
    if isinstance(messages, dict):
        for key, inner in messages.items():
            yield from iter_problems(inner, path if key == SCHEMA_ERRORS_KEY else _join_path(path, key))
    elif isinstance(messages, list):
        for message in messages:
            yield from iter_problems(message, path)
    else:
        text = str(messages)
        yield FieldError(
            path, "invalid", PLAIN_MESSAGES.get(text) or truncate_for_display(text, MAX_PROBLEM_MESSAGE_CHARS)
        )


def load_validated(schema: Schema, data: Any) -> dict[str, Any]:
    """Return `data` as a canonical record.

    Raises:
        RecordRefused: `data` is invalid; one problem per error.
    """
    try:
        loaded: dict[str, Any] = schema.load(data)
    except ValidationError as error:
        raise RecordRefused(list(iter_problems(error.messages))) from error
    return loaded


def _join_path(path: str, key: Any) -> str:
    if isinstance(key, int):
        return f"{path}[{key}]"
    name = truncate_for_display(str(key), MAX_FIELD_NAME_CHARS)
    return f"{path}.{name}" if path else name


def truncate_for_display(text: str, max_chars: int) -> str:
    """Return text for an error message: shortened, on one line, without control characters."""
    short = text if len(text) <= max_chars else text[: max_chars - 1] + "…"
    return LINE_BREAKS.sub(" ", CONTROL_CHARS.sub("�", short))
