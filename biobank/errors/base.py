"""The base class of errors, an error of one field, and errors of infrastructure."""

from dataclasses import dataclass
from typing import Any


class BiobankError(Exception):
    """The base class of all domain errors; `code` is stable, the message is for people.

    `detail` is the message of a driver or of the system, for the operator: it may name hosts, users
    and folders. `public_message` is the message without it.
    """

    code = "error"

    def __init__(self, message: str, *, code: str | None = None, detail: object = "") -> None:
        self.public_message = message
        self.message = f"{message}: {detail}" if detail else message
        super().__init__(self.message)
        if code is not None:
            self.code = code


@dataclass(frozen=True)
class FieldError:
    """An error of one field, or of the whole input if `path` is empty.

    `path` is the path of the field in a record, `events[2].place`, or the id of the field in a page.
    """

    path: str = ""
    code: str = ""
    message: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return the error as a JSON object."""
        return {"path": self.path, "code": self.code, "message": self.message}

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message


class SearchUnavailable(BiobankError):
    """The search engine does not respond; the database may still."""

    code = "search_unavailable"


class StoreUnavailable(BiobankError):
    """The database does not respond, or its schema is not the one this version requires."""

    code = "store_unavailable"


class Busy(BiobankError):
    """Another process holds a lock and did not release it in time."""

    code = "busy"


class BadSetting(BiobankError):
    """A setting is invalid; the message names the variable and the accepted values."""

    code = "bad_setting"


class MailFailed(BiobankError):
    """The mail server did not accept an e-mail."""

    code = "mail_failed"
