"""From marshmallow's nested messages to a flat list of problems with paths."""

from collections.abc import Iterator
from typing import Any

from marshmallow import Schema, ValidationError

from biobank.errors import Problem, RecordRefused

SCHEMA = "_schema"
MISSING = "Missing data for required field."


def problems_of(messages: Any, path: str = "") -> Iterator[Problem]:
    """`{"events": {2: {"place": ["…"]}}}` as problems at `events[2].place`."""
    if isinstance(messages, dict):
        for key, inner in messages.items():
            yield from problems_of(inner, path if key == SCHEMA else _join(path, key))
    elif isinstance(messages, list):
        for message in messages:
            yield from problems_of(message, path)
    else:
        text = "Is required." if messages == MISSING else str(messages)
        yield Problem(path, "invalid", text)


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
    return f"{path}.{key}" if path else str(key)
