"""What can go wrong in the domain. Codes are stable; only the edges know HTTP or exit codes."""

from collections.abc import Sequence
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


class RecordRefused(BiobankError):
    """A record that is not valid; nothing of it was written."""

    code = "record_refused"

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


class NotFound(BiobankError):
    """There is no such thing, or it is not public."""

    code = "not_found"


class Gone(BiobankError):
    """It was here and is not any more; what stays is when that was."""

    code = "gone"


class EditConflict(BiobankError):
    """Somebody saved meanwhile: what was written began from `base`, the newest is `head`."""

    code = "edit_conflict"

    def __init__(self, person_id: str, base: int | None, head: int) -> None:
        super().__init__(
            f"Revision {head} of {person_id!r} was saved meanwhile; what was sent began from "
            f"{base or 'nothing'}. Read the newest and send again."
        )
        self.person_id = person_id
        self.base = base
        self.head = head


class NoPrecondition(BiobankError):
    """A change that does not say which revision it began from."""

    code = "precondition_required"


class ReferenceChanged(BiobankError):
    """Somebody changed a term, place, organisation or source meanwhile; nothing was written.

    `current` is what it says now.
    """

    code = "reference_changed"

    def __init__(self, current: dict[str, object]) -> None:
        super().__init__("Somebody changed it meanwhile. Read the newest and send again.")
        self.current = current


class StillUsed(BiobankError):
    """What others refer to is not taken away."""

    code = "still_used"


class WrongState(BiobankError):
    """A record is not in the state from which this can be done."""

    code = "wrong_state"


class CopyRefused(BiobankError):
    """A working copy that is not kept; the code, `copy_too_long` or `too_many_copies`, says why."""

    code = "copy_too_long"


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


class NotSignedIn(BiobankError):
    """Nobody knows who asks for what is not for everybody."""

    code = "not_signed_in"


class BadToken(BiobankError):
    """An API token that is not one, was revoked, or whose owner is gone."""

    code = "bad_token"


class Forbidden(BiobankError):
    """Somebody known asks for what their role or token does not allow."""

    code = "forbidden"


class OwnWork(Forbidden):
    """Somebody would publish what they wrote themselves, in whole or in part.

    `writers` are the names of all whose work it is, `others` of some who may publish it.
    """

    code = "own_work"

    def __init__(self, writers: Sequence[str], others: Sequence[str]) -> None:
        may = f"Who may publish it: {', '.join(others)}." if others else "Nobody else may as yet."
        super().__init__(f"You wrote some of this; it is the work of {', '.join(writers)}. {may}")
        self.writers = tuple(writers)
        self.others = tuple(others)


#: What may be wrong with what somebody asks of an account.
ACCOUNT_CODES = (
    "wrong_sign_in",
    "wrong_code",
    "sealed_otherwise",
    "wrong_password",
    "bad_link",
    "bad_email",
    "email_taken",
    "bad_name",
    "bad_role",
    "bad_scope",
    "short_password",
    "long_password",
    "common_password",
    "email_password",
    "last_admin",
    "already_on",
    "not_started",
)


class AccountRefused(BiobankError):
    """Something about an account that cannot be done; the code, of ACCOUNT_CODES, says why."""

    code = "account_refused"


#: What may be wrong with a picture that somebody sends, or with what they say of it.
PICTURE_CODES = (
    "picture_missing",
    "picture_heavy",
    "picture_unknown",
    "picture_broken",
    "picture_large",
    "picture_small",
    "picture_moves",
    "picture_used",
    "bad_details",
)


class PictureRefused(BiobankError):
    """A picture that is not taken, or not taken away; `code`, of PICTURE_CODES, says why.

    `problems` are those of single fields: licence, author, source, alt.az.
    """

    code = "picture_refused"

    def __init__(self, code: str, problems: Sequence[Problem] = ()) -> None:
        super().__init__(f"The picture is refused: {code}", code=code)
        self.problems = tuple(problems)


#: Why no webhook may lead to an address.
ADDRESS_CODES = (
    "bad_address",
    "not_https",
    "not_public",
    "bad_port",
    "unknown_host",
    "known_address",
    "too_many_webhooks",
)


class BadAddress(BiobankError):
    """An address that no webhook may lead to; `code`, of ADDRESS_CODES, says why."""

    code = "bad_address"


class TooManyAttempts(BiobankError):
    """Tried too often in vain; `wait` is how many seconds to wait before the next try."""

    code = "too_many_attempts"

    def __init__(self, wait: int) -> None:
        super().__init__(f"Too many attempts; try again in {wait} seconds.")
        self.wait = wait


class TooManyDownloads(BiobankError):
    """One address fetches as many files as are sent to it at once; `wait` is in seconds."""

    code = "too_many_downloads"
    wait = 10

    def __init__(self, most: int) -> None:
        super().__init__(
            f"{most} files are being sent to this address already. Ask again when one is through."
        )


class StaleForm(BiobankError):
    """A form without the proof that one of our own pages sent it, or with an old one."""

    code = "stale_form"


class MailFailed(BiobankError):
    """The mail server did not take a letter."""

    code = "mail_failed"


class MergeRefused(WrongState):
    """Two records that cannot be merged, or a merge that cannot be undone.

    `why`: same, draft_kept, absent, undone, kept_absent, back, redacted. `subject` is the id it
    is about.
    """

    def __init__(self, why: str, message: str, subject: str = "") -> None:
        super().__init__(message)
        self.why = why
        self.subject = subject


#: What may be wrong with a file that is to be brought in at the desk, or with its run.
IMPORT_CODES = (
    "import_missing",
    "import_heavy",
    "import_unreadable",
    "import_no_mapping",
    "import_no_table",
    "import_many",
    "import_state",
    "import_gone",
)


class ImportRefused(BiobankError):
    """A file that is not taken, or a run that cannot be gone on with; the code says why.

    `told` is the reason where it is in the file itself.
    """

    code = "import_refused"

    def __init__(self, code: str, told: Problem | None = None) -> None:
        super().__init__(str(told) if told else f"The import is refused: {code}", code=code)
        self.told = told
