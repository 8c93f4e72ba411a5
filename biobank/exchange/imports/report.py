"""The result of an import: counts, and every refusal with its position and reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from biobank.errors import FieldError
from biobank.exchange.imports.messages import ImportMessage, import_message

#: Limit of refusals and of notices in a report; further ones are only counted.
MAX_REPORT_ENTRIES: Final = 10_000
#: Limit of possible duplicates in a report; the most likely ones.
MAX_REPORT_DUPLICATES: Final = 2_000


#: Limit of problems of one record; a malicious record may have a million.
MAX_ENTRY_PROBLEMS: Final = 50


def _truncate(problems: Sequence[FieldError]) -> Sequence[FieldError]:
    """Return the first problems, and a message with the number of further ones."""
    if len(problems) <= MAX_ENTRY_PROBLEMS:
        return problems
    return [
        *problems[:MAX_ENTRY_PROBLEMS],
        import_message("more_problems", count=len(problems) - MAX_ENTRY_PROBLEMS),
    ]


@dataclass
class ImportReport:
    """The counts and messages of an import; `refused` records left no trace.

    `read` is the number of records in the file; in a dry run the other counts are predictions.
    """

    dry_run: bool = False
    new: int = 0
    changed: int = 0
    same: int = 0
    refused: int = 0
    #: The number of changed people that were merged with edits made here.
    joined: int = 0
    #: Numbers of bundled reference records, by the name of their kind.
    bundled_counts: dict[str, int] = field(default_factory=dict)
    refusals: list[dict[str, Any]] = field(default_factory=list)
    notices: list[dict[str, Any]] = field(default_factory=list)
    #: Possible duplicates of new people, in the bank or in the file; None if not checked.
    duplicates: list[dict[str, Any]] | None = None
    #: The number of possible duplicates, including those beyond the limit.
    duplicate_count: int = 0
    #: The file, its format, the actor, the time (ISO 8601) and the run.
    metadata: dict[str, Any] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def read(self) -> int:
        """Return the number of records in the file."""
        return self.new + self.changed + self.same + self.refused

    @property
    def rate(self) -> int:
        """Return the records per second."""
        return round(self.read / self.seconds) if self.seconds else 0

    def count_outcome(self, outcome: str) -> None:
        """Increment the counter `new`, `changed` or `same`."""
        setattr(self, outcome, getattr(self, outcome) + 1)

    def add_refusal(self, label: str, record_id: str | None, problems: Sequence[FieldError]) -> None:
        self.refused += 1
        if len(self.refusals) < MAX_REPORT_ENTRIES:
            self.refusals.append(
                {
                    "at": label,
                    "id": record_id,
                    "problems": [problem.to_dict() for problem in _truncate(problems)],
                }
            )

    def add_notice(self, label: str, message: ImportMessage) -> None:
        if len(self.notices) < MAX_REPORT_ENTRIES:
            self.notices.append({"at": label, **message.to_dict()})

    def count_bundled(self, kinds: Mapping[str, int]) -> None:
        for kind, number in kinds.items():
            self.bundled_counts[kind] = self.bundled_counts.get(kind, 0) + number

    def counts(self) -> dict[str, Any]:
        """Return the counts without the messages."""
        return {
            "dry_run": self.dry_run,
            "read": self.read,
            "new": self.new,
            "changed": self.changed,
            "same": self.same,
            "refused": self.refused,
            "joined": self.joined,
            "brought": self.bundled_counts,
            "duplicates_found": self.duplicate_count,
        }

    def timing(self) -> dict[str, Any]:
        return {"seconds": round(self.seconds, 1), "rate": self.rate}

    def as_dict(self) -> dict[str, Any]:
        """Return the report as JSON; docs/how-to/import.md documents the fields."""
        return {
            **self.metadata,
            **self.counts(),
            **self.timing(),
            "refusals": self.refusals,
            "duplicates": self.duplicates,
            "notices": self.notices,
        }
