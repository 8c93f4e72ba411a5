"""The interface of the compared retrieval systems, and the in-memory matcher as one of them."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Protocol

from biobank.names.matcher import Matcher

Bank = Sequence[tuple[str, str]]


class SystemMissing(Exception):
    """A system is not available here; the message gives the reason."""


@dataclass(frozen=True)
class Answer:
    """People found, best first; `confident` says whether the system considers the first certain.

    `confident` is None for a system without such a notion; `note` is further output.
    """

    ids: list[str]
    sure: bool | None = None
    note: str = ""


class Finder(Protocol):
    """A retrieval system; `pause` is the number of seconds to wait between two queries."""

    pause: float

    def find(self, text: str, limit: int) -> Answer: ...


#: Creates a system over people with one name each, and releases it afterwards.
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
