"""What every error is, and one thing that is wrong with a record."""

from dataclasses import dataclass
from typing import Any


class BiobankError(Exception):
    """The base of every error a caller may meet; `code` is stable, the message is for a person.

    `why` is what a driver or the system said, for the operator: it may name hosts, users and
    folders. `plain` is the message without it, for everybody.
    """

    code = "error"

    def __init__(self, message: str, *, code: str | None = None, why: object = "") -> None:
        self.plain = message
        self.message = f"{message}: {why}" if why else message
        super().__init__(self.message)
        if code is not None:
            self.code = code


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with a record.

    `path` names the field as one would in the record itself: `events[2].place`.
    """

    path: str
    code: str
    message: str

    def as_dict(self) -> dict[str, Any]:
        return {"path": self.path, "code": self.code, "message": self.message}

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message
