"""Password hashing and password rules."""

import unicodedata
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from biobank.errors import AccountRefused

#: Length in characters. NIST SP 800-63B requires at least eight; the upper bound limits hashing
#: costs.
MIN_PASSWORD_CHARS, MAX_PASSWORD_CHARS = 10, 128
COMMON_PASSWORDS_FILE = Path(__file__).parent / "common_passwords.txt"

#: OWASP parameters of 2023: 19 MiB and two passes, 25 ms. The library's defaults take 285 ms and
#: 64 MiB, so that a few concurrent sign-ins would slow down all pages.
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)

#: Hash that is verified if the user does not exist, so that the response time is the same.
DUMMY_HASH = (
    "$argon2id$v=19$m=19456,t=2,p=1$"
    "oVKUTgbvSMNOWRrgKH44OA$zrn5KLrm8uTJChLnvClW3o8dHMRotdlpbzKhfwVGrC8"
)


def hash_password(password: str) -> str:
    """Return the Argon2id hash of a password."""
    return _hasher.hash(_normalize(password))


def verify_password(password: str, stored_hash: str | None) -> bool:
    """Return whether `password` matches `stored_hash`, in the same time if there is no hash."""
    try:
        matches = _hasher.verify(
            stored_hash or DUMMY_HASH, _normalize(password[: MAX_PASSWORD_CHARS + 1])
        )
    except (VerificationError, InvalidHashError):
        return False
    return matches and stored_hash is not None and len(password) <= MAX_PASSWORD_CHARS


def needs_rehash(stored_hash: str) -> bool:
    """Return whether the hash was made with outdated parameters."""
    return _hasher.check_needs_rehash(stored_hash)


def validate_password(password: str, email: str) -> None:
    """Check a new password of the user `email`.

    Raises:
        AccountRefused: the code gives the reason.
    """
    normalized = _normalize(password).casefold()
    if len(password) < MIN_PASSWORD_CHARS:
        raise AccountRefused(
            f"Take {MIN_PASSWORD_CHARS} characters or more.", code="short_password"
        )
    if len(password) > MAX_PASSWORD_CHARS:
        raise AccountRefused(f"Take {MAX_PASSWORD_CHARS} characters at most.", code="long_password")
    if normalized in _common_passwords() or len(set(normalized)) < 4:
        raise AccountRefused("This one is among the first to be guessed.", code="common_password")
    if normalized in (email, email.partition("@")[0]):
        raise AccountRefused("Not the e-mail address itself.", code="email_password")


def _normalize(password: str) -> str:
    """Return the password in NFKC, so that composed and decomposed letters are the same."""
    return unicodedata.normalize("NFKC", password)


@cache
def _common_passwords() -> frozenset[str]:
    lines = COMMON_PASSWORDS_FILE.read_text(encoding="utf-8").splitlines()
    return frozenset(line.strip() for line in lines if line.strip() and line[0] != "#")
