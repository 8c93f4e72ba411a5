"""What every system that is measured does, and the matcher in memory as one of them."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Protocol

from biobank.names.matcher import Matcher

Bank = Sequence[tuple[str, str]]


class SystemMissing(Exception):
    """A system cannot be had here; the message says why."""


@dataclass(frozen=True)
class Answer:
    """People found, best first; `sure` whether it claims that the first is meant.

    `sure` is None for a system that has no such notion; `note` is what else it said.
    """

    ids: list[str]
    sure: bool | None = None
    note: str = ""


class Finder(Protocol):
    """A bank that answers. `pause` is the seconds to leave between two questions."""

    pause: float

    def find(self, text: str, limit: int) -> Answer: ...


#: Makes a bank of people with one name each, and clears up after it.
System = Callable[[Bank], AbstractContextManager[Finder]]


class InMemory:
    """The matcher as `biobank names evaluate` uses it."""

    pause = 0.0

    def __init__(self, bank: Bank) -> None:
        self.matcher = Matcher((id_, [name], 0) for id_, name in bank)

    def find(self, text: str, limit: int) -> Answer:
        found = self.matcher.find(text, limit)
        if not found:
            return Answer([], sure=False)
        best = found[0]
        note = f"{best.score:.3f} {best.quality}"
        return Answer([match.person_id for match in found], best.quality != "similar", note)


@contextmanager
def matcher(bank: Bank) -> Iterator[Finder]:
    yield InMemory(bank)
