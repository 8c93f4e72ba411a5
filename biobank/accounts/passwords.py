"""Password hashing and password rules."""

import unicodedata

from anyascii import anyascii
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn_rs_py import zxcvbn

from biobank.errors import AccountRefused

#: Length in characters. NIST SP 800-63B requires at least eight; the upper bound limits hashing
#: costs.
MIN_PASSWORD_CHARS, MAX_PASSWORD_CHARS = 10, 128
#: Minimum strength on zxcvbn's scale from 0 to 4.
MIN_STRENGTH = 3
#: Characters whose strength is estimated: the time grows with the square, to seconds at 128.
MAX_ESTIMATED_CHARS = 40
#: Words that are guessed first here; zxcvbn knows only English ones.
GUESSABLE_WORDS = (
    "azerbaycan azərbaycan azerbaidzhan азербайджан baki bakı baku баку biobank gence heyder "
    "necesen neftchi parol пароль qarabag qarabağ qarabagfk salam sevgilim seviremsen susa şuşa "
    "любовь москва привет россия йцукен йцукенгшщзхъ фыва фывапролджэ ячсмить ячсмитьбю"
)

#: OWASP parameters of 2023: 19 MiB and two passes, 25 ms. The library's defaults take 285 ms and
#: 64 MiB, so that a few concurrent sign-ins would slow down all pages.
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)

#: Hash that is verified if the user does not exist, so that the response time is the same.
DUMMY_HASH = (
    "$argon2id$v=19$m=19456,t=2,p=1$oVKUTgbvSMNOWRrgKH44OA$zrn5KLrm8uTJChLnvClW3o8dHMRotdlpbzKhfwVGrC8"
)


def hash_password(password: str) -> str:
    """Return the Argon2id hash of a password."""
    return _hasher.hash(_normalize(password))


def verify_password(password: str, stored_hash: str | None) -> bool:
    """Return whether `password` matches `stored_hash`, in the same time if there is no hash."""
    try:
        matches = _hasher.verify(stored_hash or DUMMY_HASH, _normalize(password[: MAX_PASSWORD_CHARS + 1]))
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
        raise AccountRefused(f"Use at least {MIN_PASSWORD_CHARS} characters.", code="short_password")
    if len(password) > MAX_PASSWORD_CHARS:
        raise AccountRefused(f"Use at most {MAX_PASSWORD_CHARS} characters.", code="long_password")
    if normalized in (email, email.partition("@")[0]):
        raise AccountRefused("Do not use your e-mail address as the password.", code="email_password")
    if _strength(normalized, email) < MIN_STRENGTH:
        raise AccountRefused("This password is too common. Choose another one.", code="common_password")


def _normalize(password: str) -> str:
    """Return the password in NFKC, so that composed and decomposed letters are the same."""
    return unicodedata.normalize("NFKC", password)


def _strength(password: str, email: str) -> int:
    """Return the estimate of zxcvbn for the password or its Latin transcription, if weaker."""
    start = password[:MAX_ESTIMATED_CHARS]
    latin = anyascii(start)[:MAX_ESTIMATED_CHARS]
    words = [*GUESSABLE_WORDS.split(), email, *email.split("@")]
    return min(int(zxcvbn(text, words).score) for text in {start, latin})
