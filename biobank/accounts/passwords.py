"""Passwords: what is taken for one, and how it is kept."""

import unicodedata
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from biobank.errors import AccountRefused

#: Characters. NIST SP 800-63B asks for eight at least; what is longer than the most is no
#: password but an attempt to keep the server busy.
SHORTEST, LONGEST = 10, 128
COMMON = Path(__file__).parent / "common_passwords.txt"

#: OWASP's setting of 2023: 19 MiB and two passes, 25 ms here. The library's own takes 285 ms and
#: 64 MiB, with which a few sign-ins at once would slow the pages of all readers.
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)

#: What is verified where there is no user, so that this takes as long. Nobody knows its password.
NOBODYS = (
    "$argon2id$v=19$m=19456,t=2,p=1$"
    "oVKUTgbvSMNOWRrgKH44OA$zrn5KLrm8uTJChLnvClW3o8dHMRotdlpbzKhfwVGrC8"
)


def hash_password(password: str) -> str:
    return _hasher.hash(_plain(password))


def is_password(password: str, kept: str | None) -> bool:
    """Whether `password` is the one that is kept; takes as long where none is kept."""
    try:
        right = _hasher.verify(kept or NOBODYS, _plain(password[: LONGEST + 1]))
    except (VerificationError, InvalidHashError):
        return False
    return right and kept is not None and len(password) <= LONGEST


def needs_new_hash(kept: str) -> bool:
    """Whether it was hashed with an older setting than today's."""
    return _hasher.check_needs_rehash(kept)


def check_password(password: str, email: str) -> None:
    """Raises AccountRefused with the reason why this is no good password for `email`."""
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
    """Typed on any keyboard, the same password: ə is one letter or two, but one password."""
    return unicodedata.normalize("NFKC", password)


@cache
def _common() -> frozenset[str]:
    lines = COMMON.read_text(encoding="utf-8").splitlines()
    return frozenset(line.strip() for line in lines if line.strip() and line[0] != "#")
