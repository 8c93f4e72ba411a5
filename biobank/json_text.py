"""JSON as others send it: one reader, which loses nothing of it without a word."""

import json
from collections.abc import Callable
from typing import Any


class KeyTwice(ValueError):
    """An object in which `key` stands twice, of which Python would keep the last value alone."""

    def __init__(self, key: str) -> None:
        super().__init__(f"the key {key[:60]!r} stands twice in one object; keep one of the two")
        self.key = key


def parsed(text: str | bytes, *, constant: Callable[[str], Any] | None = None) -> Any:
    """The value of a JSON text; `constant` makes something of NaN and Infinity, or refuses them.

    Raises:
        KeyTwice: where a key stands twice in one object.
        ValueError: where it is no JSON, JSONDecodeError with the place; a number too long.
        RecursionError: where it is nested too deeply.
    """
    return json.loads(text, object_pairs_hook=_once, parse_constant=constant)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise KeyTwice(key)
            seen.add(key)
    return made
