"""A strict JSON parser that rejects duplicate keys."""

import json
from collections.abc import Callable
from typing import Any


class KeyTwice(ValueError):
    """An object has `key` twice; the standard parser would silently keep the last value."""

    def __init__(self, key: str) -> None:
        super().__init__(f"the key {key[:60]!r} stands twice in one object; keep one of the two")
        self.key = key


def parsed(text: str | bytes, *, constant: Callable[[str], Any] | None = None) -> Any:
    """Parse a JSON text; `constant` converts NaN and Infinity, or rejects them.

    Raises:
        DuplicateKeyError: If an object has a key twice.
        ValueError: If it is not valid JSON (JSONDecodeError) or a number is too long.
        RecursionError: If it is nested too deeply.
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
