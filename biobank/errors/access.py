"""Errors of authentication, authorisation and rate limits."""

from collections.abc import Sequence

from biobank.errors.base import BiobankError


class NotSignedIn(BiobankError):
    """The action requires authentication."""

    code = "not_signed_in"


class BadToken(BiobankError):
    """The API token is unknown or revoked, or its owner is inactive."""

    code = "bad_token"


class Forbidden(BiobankError):
    """The role or the token scopes do not allow the action."""

    code = "forbidden"


class OwnWork(Forbidden):
    """The publisher is one of the authors (four-eyes principle).

    `writers` are the names of all authors, `publishers` the names of users who may publish instead.
    """

    code = "own_work"

    def __init__(self, writers: Sequence[str], publishers: Sequence[str]) -> None:
        hint = (
            f"These users may publish it: {', '.join(publishers)}."
            if publishers
            else "No other user may publish it yet."
        )
        super().__init__(f"You contributed to this version. Authors: {', '.join(writers)}. {hint}")
        self.writers = tuple(writers)
        self.publishers = tuple(publishers)


#: Codes of AccountRefused.
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
    "bad_lifetime",
    "short_password",
    "long_password",
    "common_password",
    "email_password",
    "last_admin",
    "already_on",
    "not_started",
    "wrong_passkey",
    "passkey_expired",
    "known_passkey",
    "too_many_passkeys",
    "password_first",
)


class AccountRefused(BiobankError):
    """An account operation is refused; `code` is one of ACCOUNT_CODES."""

    code = "account_refused"


class TooManyAttempts(BiobankError):
    """Too many failed attempts; `wait` is the time to the next one in seconds."""

    code = "too_many_attempts"

    def __init__(self, wait: int) -> None:
        super().__init__(f"Too many attempts. Try again in {wait} seconds.")
        self.wait = wait


class TooManyDownloads(BiobankError):
    """One client has too many concurrent downloads; `wait` is in seconds."""

    code = "too_many_downloads"
    wait = 10

    def __init__(self, max_concurrent: int) -> None:
        super().__init__(
            f"{max_concurrent} downloads are already in progress for this address. Try again when one has finished."
        )


class StaleForm(BiobankError):
    """The CSRF token of a form is missing or expired."""

    code = "stale_form"


class UnknownHost(BiobankError):
    """The request names a host that the server does not answer for."""

    code = "foreign_host"

    def __init__(self) -> None:
        super().__init__(
            "This server does not answer for this host name. Use its public address. If this is the public "
            "address, its operator has to set BIOBANK_BASE_URL, or add the name to BIOBANK_ALLOWED_HOSTS."
        )
