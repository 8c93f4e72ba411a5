"""What can go wrong in the domain. Codes are stable; only the edges know HTTP or exit codes."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass


class BiobankError(Exception):
    """The base of every error a caller may meet; `code` is stable, the message is for a person."""

    code = "error"

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
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

    def as_dict(self) -> dict[str, str]:
        return asdict(self)

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message


class RecordRefused(BiobankError):
    """A record that is not valid; nothing of it was written."""

    code = "record_refused"

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


class NotFound(BiobankError):
    """There is no such thing, or it is not public."""

    code = "not_found"


class BadQuery(BiobankError):
    """A search that cannot be asked, e.g. a date range that is no date."""

    code = "bad_query"


class SearchUnavailable(BiobankError):
    """The search engine does not answer; the store may still."""

    code = "search_unavailable"


class StoreUnavailable(BiobankError):
    """The database does not answer, or its schema is not the one this version needs."""

    code = "store_unavailable"


class Busy(BiobankError):
    """Another process holds what is needed and did not let go in time."""

    code = "busy"


class BadSetting(BiobankError):
    """A setting that cannot be used; the message names the variable and what it takes."""

    code = "bad_setting"
