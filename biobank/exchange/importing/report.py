"""What an import did: counts, and every refusal with its place and reason."""

from dataclasses import dataclass, field
from typing import Any

from biobank.errors import Problem

#: Refusals and notices kept in a report; beyond that only their number is.
KEPT = 10_000


@dataclass
class Report:
    """Counts of an import. `refused` records left nothing behind."""

    dry_run: bool = False
    new: int = 0
    changed: int = 0
    same: int = 0
    refused: int = 0
    refusals: list[dict[str, Any]] = field(default_factory=list)
    notices: list[dict[str, str]] = field(default_factory=list)

    @property
    def read(self) -> int:
        return self.new + self.changed + self.same + self.refused

    def refuse(self, label: str, record_id: str | None, problems: list[Problem]) -> None:
        self.refused += 1
        if len(self.refusals) < KEPT:
            self.refusals.append(
                {
                    "at": label,
                    "id": record_id,
                    "problems": [problem.as_dict() for problem in problems],
                }
            )

    def notice(self, label: str, message: str) -> None:
        if len(self.notices) < KEPT:
            self.notices.append({"at": label, "message": message})

    def as_dict(self) -> dict[str, Any]:
        return {
            "dry_run": self.dry_run,
            "read": self.read,
            "new": self.new,
            "changed": self.changed,
            "same": self.same,
            "refused": self.refused,
            "refusals": self.refusals,
            "notices": self.notices,
        }
