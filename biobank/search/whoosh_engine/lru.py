"""A least-recently-used cache with a size limit."""

from collections import OrderedDict
from collections.abc import Sized
from typing import Generic, TypeVar

#: Overhead per cached term, in postings.
ENTRY_OVERHEAD = 32

T = TypeVar("T", bound=Sized)


class SizedCache(Generic[T]):
    """A cache of sized values by field and term. Not thread-safe."""

    def __init__(self, max_size: int) -> None:
        """Create a cache with `max_size` as the maximum total length of its values."""
        self._max_size = max_size
        self._entries: OrderedDict[tuple[str, str], T] = OrderedDict()
        self._size = 0

    def get(self, key: tuple[str, str]) -> T | None:
        if key in self._entries:
            self._entries.move_to_end(key)
        return self._entries.get(key)

    def put(self, key: tuple[str, str], value: T) -> None:
        self._entries[key] = value
        self._size += ENTRY_OVERHEAD + len(value)
        while self._size > self._max_size:
            _, evicted = self._entries.popitem(last=False)
            self._size -= ENTRY_OVERHEAD + len(evicted)
