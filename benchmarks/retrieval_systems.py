"""The interface of the compared retrieval systems, and the in-memory matcher as one of them."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Protocol

from biobank.names.matcher import NameMatcher

NamedPeople = Sequence[tuple[str, str]]


class SystemUnavailable(Exception):
    """A system is not available here; the message gives the reason."""


@dataclass(frozen=True)
class RankedAnswer:
    """People found, best first; `confident` says whether the system considers the first certain.

    `confident` is None for a system without such a notion; `note` is further output.
    """

    ids: list[str]
    confident: bool | None = None
    note: str = ""


class RetrievalSystem(Protocol):
    """A retrieval system; `pause` is the number of seconds to wait between two queries."""

    pause: float

    def find(self, text: str, limit: int) -> RankedAnswer: ...


#: Creates a system over people with one name each, and releases it afterwards.
SystemFactory = Callable[[NamedPeople], AbstractContextManager[RetrievalSystem]]


class InMemoryMatcher:
    """The matcher as `biobank names evaluate` uses it."""

    pause = 0.0

    def __init__(self, people: NamedPeople) -> None:
        self.matcher = NameMatcher((id_, [name], 0) for id_, name in people)

    def find(self, text: str, limit: int) -> RankedAnswer:
        matches = self.matcher.find(text, limit)
        if not matches:
            return RankedAnswer([], confident=False)
        best = matches[0]
        note = f"{best.score:.3f} {best.quality}"
        return RankedAnswer([match.person_id for match in matches], best.quality != "similar", note)


@contextmanager
def matcher(people: NamedPeople) -> Iterator[RetrievalSystem]:
    yield InMemoryMatcher(people)
