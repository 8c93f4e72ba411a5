"""Who asks, whether they may, and how often."""

from collections.abc import Sequence

from biobank.errors.base import BiobankError


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
