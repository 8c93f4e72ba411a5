"""A strict JSON parser that rejects duplicate keys."""

import json
from collections.abc import Callable
from typing import Any


class DuplicateKeyError(ValueError):
    """An object has `key` twice; the standard parser would silently keep the last value."""

    def __init__(self, key: str) -> None:
        super().__init__(f"duplicate key {key[:60]!r} in an object; remove one")
        self.key = key


def loads(text: str | bytes, *, constant: Callable[[str], Any] | None = None) -> Any:
    """Parse a JSON text; `constant` converts NaN and Infinity, or rejects them.

    Raises:
        DuplicateKeyError: If an object has a key twice.
        ValueError: If it is not valid JSON (JSONDecodeError) or a number is too long.
        RecursionError: If it is nested too deeply.
    """
    return json.loads(text, object_pairs_hook=_unique_pairs, parse_constant=constant)


def _unique_pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) < len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise DuplicateKeyError(key)
            seen.add(key)
    return result
