"""What an import did: counts, and every refusal with its place and reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from biobank.errors import Problem
from biobank.exchange.importing.said import Said, say

#: Refusals and notices kept in a report; beyond that only their number is.
KEPT: Final = 10_000
#: Pairs that may be one person, the likeliest.
DUPLICATES_KEPT: Final = 2_000


#: Problems of one record; a line made to do harm may have a million.
PROBLEMS_KEPT: Final = 50


def _most(problems: Sequence[Problem]) -> Sequence[Problem]:
    """As many as are kept, and how many more there are."""
    if len(problems) <= PROBLEMS_KEPT:
        return problems
    return [*problems[:PROBLEMS_KEPT], say("more_problems", count=len(problems) - PROBLEMS_KEPT)]


@dataclass
class Report:
    """Counts of an import. `refused` records left nothing behind.

    `read` is how many records the file has; in a dry run the others say what would be done.
    """

    dry_run: bool = False
    new: int = 0
    changed: int = 0
    same: int = 0
    refused: int = 0
    #: Of those changed, how many were joined with what somebody edited here.
    joined: int = 0
    #: Reference records that came with people, by the name of their kind.
    brought: dict[str, int] = field(default_factory=dict)
    refusals: list[dict[str, Any]] = field(default_factory=list)
    notices: list[dict[str, Any]] = field(default_factory=list)
    #: New people who may be in the bank already, or twice in the file; None where nobody looked.
    duplicates: list[dict[str, Any]] | None = None
    #: How many such pairs there are, with those that are not kept here.
    duplicates_found: int = 0
    #: The file, its format, who brought it in, when (ISO 8601) and under which run.
    about: dict[str, Any] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def read(self) -> int:
        return self.new + self.changed + self.same + self.refused

    @property
    def rate(self) -> int:
        """Records a second."""
        return round(self.read / self.seconds) if self.seconds else 0

    def count(self, outcome: str) -> None:
        """One more of `new`, `changed`, `same`."""
        setattr(self, outcome, getattr(self, outcome) + 1)

    def refuse(self, label: str, record_id: str | None, problems: Sequence[Problem]) -> None:
        self.refused += 1
        if len(self.refusals) < KEPT:
            self.refusals.append(
                {
                    "at": label,
                    "id": record_id,
                    "problems": [problem.as_dict() for problem in _most(problems)],
                }
            )

    def notice(self, label: str, said: Said) -> None:
        if len(self.notices) < KEPT:
            self.notices.append({"at": label, **said.as_dict()})

    def count_brought(self, kinds: Mapping[str, int]) -> None:
        for kind, number in kinds.items():
            self.brought[kind] = self.brought.get(kind, 0) + number

    def counts(self) -> dict[str, Any]:
        """The numbers alone."""
        return {
            "dry_run": self.dry_run,
            "read": self.read,
            "new": self.new,
            "changed": self.changed,
            "same": self.same,
            "refused": self.refused,
            "joined": self.joined,
            "brought": self.brought,
            "duplicates_found": self.duplicates_found,
        }

    def timing(self) -> dict[str, Any]:
        return {"seconds": round(self.seconds, 1), "rate": self.rate}

    def as_dict(self) -> dict[str, Any]:
        """The report as JSON: docs/importing.md says what each field is."""
        return {
            **self.about,
            **self.counts(),
            **self.timing(),
            "refusals": self.refusals,
            "duplicates": self.duplicates,
            "notices": self.notices,
        }
