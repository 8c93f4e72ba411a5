"""A least-recently-used cache with a size limit."""

from collections import OrderedDict
from collections.abc import Sized
from typing import Generic, TypeVar

#: Overhead per cached term, in postings.
TERM_COSTS = 32

T = TypeVar("T", bound=Sized)


class Kept(Generic[T]):
    """A cache of sized values by field and term. Not thread-safe."""

    def __init__(self, most: int) -> None:
        """Create a cache with `max_size` as the maximum total length of its values."""
        self._most = most
        self._things: OrderedDict[tuple[str, str], T] = OrderedDict()
        self._size = 0

    def find(self, key: tuple[str, str]) -> T | None:
        if key in self._things:
            self._things.move_to_end(key)
        return self._things.get(key)

    def keep(self, key: tuple[str, str], thing: T) -> None:
        self._things[key] = thing
        self._size += TERM_COSTS + len(thing)
        while self._size > self._most:
            _, dropped = self._things.popitem(last=False)
            self._size -= TERM_COSTS + len(dropped)
