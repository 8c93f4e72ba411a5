"""Password hashing and password rules."""

import re
import unicodedata
from collections.abc import Iterator

from anyascii import anyascii
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn_rs_py import zxcvbn

from biobank.errors import AccountRefused
from biobank.names.folding import fold
from biobank.names.phonetic_keys import coarse_key

#: Length in characters. NIST SP 800-63B requires at least eight; the upper bound limits hashing
#: costs.
MIN_PASSWORD_CHARS, MAX_PASSWORD_CHARS = 10, 128
#: Minimum strength on zxcvbn's scale from 0 to 4.
MIN_STRENGTH = 3
#: Characters whose strength is estimated: the time grows with the square, to seconds at 128.
MAX_ESTIMATED_CHARS = 40
#: Words that are guessed first here; zxcvbn knows only English ones.
GUESSABLE_WORDS = (
    "azerbaijan azerbaijani azerbaycan azərbaycan azerbaidzhan azerbaydzhan азербайджан "
    "baki bakı baku bakou баку biobank biography bioqrafiya biografiya биография bank банк "
    "gence heyder necesen neftchi parol пароль qarabag qarabağ qarabagfk salam sevgilim seviremsen susa şuşa "
    "любовь москва привет россия йцукен йцукенгшщзхъ фыва фывапролджэ ячсмить ячсмитьбю"
)
#: Shortest part of a name or of an e-mail address that is recognised in a password.
MIN_WORD_CHARS = 3
#: Consonants that a word has at least if it is also recognised by its sound, in any spelling.
MIN_KEY_CHARS = 2
#: Signs that are written for letters.
LEET = str.maketrans("@43105$7", "aaeiosst")
#: Takes the place of a guessable word: what remains has to be strong.
DROPPED_WORD = "a"
_LATIN_WORD = re.compile("[a-z]+")

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


def validate_password(password: str, email: str, name: str = "") -> None:
    """Check a new password of the user with this e-mail address and name.

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
    if _strength(normalized, email, name) < MIN_STRENGTH:
        raise AccountRefused(
            "This password is too easy to guess. Choose another one.", code="common_password"
        )


def _normalize(password: str) -> str:
    """Return the password in NFKC, so that composed and decomposed letters are the same."""
    return unicodedata.normalize("NFKC", password)


def _strength(password: str, email: str, name: str) -> int:
    """Return the least estimate of zxcvbn, from 0 to 4.

    Estimated are the password, its Latin transcription, and what remains of that without words that
    are guessed first: the user's own, and those of the bank.
    """
    start = password[:MAX_ESTIMATED_CHARS]
    latin = _to_latin(start)[:MAX_ESTIMATED_CHARS]
    words = [*GUESSABLE_WORDS.split(), email, *email.split("@"), *name.casefold().split()]
    known = set(_guessable_words(email, name))
    variants = {start, latin, _drop_words(latin, known), _drop_words(latin.translate(LEET), known)}
    return min(int(zxcvbn(text, words).score) for text in variants)


def _to_latin(text: str) -> str:
    """Return the text folded (ə as e, ı as i, no accents) and in Latin letters."""
    return anyascii(fold(text)).casefold()


def _guessable_words(email: str, name: str) -> Iterator[str]:
    """Yield the words of name, e-mail address and bank, in Latin letters."""
    for text in (*GUESSABLE_WORDS.split(), *name.split(), *re.split(r"[@.+_-]", email)):
        for word in _LATIN_WORD.findall(_to_latin(text)):
            if len(word) >= MIN_WORD_CHARS:
                yield word


def _drop_words(latin: str, words: set[str]) -> str:
    """Replace guessable words: those that sound like one as a whole, others anywhere in the text."""
    keys = {key for word in words if len(key := coarse_key(word)) >= MIN_KEY_CHARS}

    def replace_similar(match: re.Match[str]) -> str:
        return DROPPED_WORD if coarse_key(match[0]) in keys else match[0]

    latin = _LATIN_WORD.sub(replace_similar, latin)
    for word in sorted({*words, *(word[::-1] for word in words)}, key=len, reverse=True):
        latin = latin.replace(word, DROPPED_WORD)
    return latin
