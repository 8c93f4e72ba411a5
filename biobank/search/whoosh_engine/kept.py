"""What was decoded last, kept up to a size."""

from collections import OrderedDict
from collections.abc import Sized
from typing import Generic, TypeVar

#: What keeping a term costs, be it in no document at all, in postings.
TERM_COSTS = 32

T = TypeVar("T", bound=Sized)


class Kept(Generic[T]):
    """Things by field and term, those that were asked for last. Not for several threads at once."""

    def __init__(self, most: int) -> None:
        """`most` is how long all of them may be together."""
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
