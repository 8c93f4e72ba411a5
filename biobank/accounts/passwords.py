"""Password hashing and password rules."""

import unicodedata
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from biobank.errors import AccountRefused

#: Length in characters. NIST SP 800-63B requires at least eight; the upper bound limits hashing
#: costs.
SHORTEST, LONGEST = 10, 128
COMMON = Path(__file__).parent / "common_passwords.txt"

#: OWASP parameters of 2023: 19 MiB and two passes, 25 ms. The library's defaults take 285 ms and
#: 64 MiB, so that a few concurrent sign-ins would slow down all pages.
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)

#: Hash that is verified if the user does not exist, so that the response time is the same.
NOBODYS = (
    "$argon2id$v=19$m=19456,t=2,p=1$"
    "oVKUTgbvSMNOWRrgKH44OA$zrn5KLrm8uTJChLnvClW3o8dHMRotdlpbzKhfwVGrC8"
)


def hash_password(password: str) -> str:
    """Return the Argon2id hash of a password."""
    return _hasher.hash(_plain(password))


def is_password(password: str, kept: str | None) -> bool:
    """Return whether `password` matches `stored_hash`, in the same time if there is no hash."""
    try:
        right = _hasher.verify(kept or NOBODYS, _plain(password[: LONGEST + 1]))
    except (VerificationError, InvalidHashError):
        return False
    return right and kept is not None and len(password) <= LONGEST


def needs_new_hash(kept: str) -> bool:
    """Return whether the hash was made with outdated parameters."""
    return _hasher.check_needs_rehash(kept)


def check_password(password: str, email: str) -> None:
    """Check a new password of the user `email`.

    Raises:
        AccountRefused: the code gives the reason.
    """
    plain = _plain(password).casefold()
    if len(password) < SHORTEST:
        raise AccountRefused(f"Take {SHORTEST} characters or more.", code="short_password")
    if len(password) > LONGEST:
        raise AccountRefused(f"Take {LONGEST} characters at most.", code="long_password")
    if plain in _common() or len(set(plain)) < 4:
        raise AccountRefused("This one is among the first to be guessed.", code="common_password")
    if plain in (email, email.partition("@")[0]):
        raise AccountRefused("Not the e-mail address itself.", code="email_password")


def _plain(password: str) -> str:
    """Return the password in NFKC, so that composed and decomposed letters are the same."""
    return unicodedata.normalize("NFKC", password)


@cache
def _common() -> frozenset[str]:
    lines = COMMON.read_text(encoding="utf-8").splitlines()
    return frozenset(line.strip() for line in lines if line.strip() and line[0] != "#")
