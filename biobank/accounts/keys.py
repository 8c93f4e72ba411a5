"""Random secrets: link keys, session keys, tokens and recovery codes. Only hashes are stored.

Random keys are too long to be guessed, so a fast hash suffices and allows a lookup by index.
Passwords may be short and use a slow hash (`passwords`).
"""

import secrets
from hashlib import sha256
from hmac import compare_digest

#: Random bytes of a key: 256 bits.
KEY_BYTES = 32
#: Prefix of API tokens, by which secret scanners recognise a leaked one.
TOKEN_PREFIX = "bbk_"  # noqa: S105 - no secret
#: Characters of recovery codes, without those that look alike on paper.
PAPER = "abcdefghjkmnpqrstuvwxyz23456789"
CODE_LENGTH = 16
#: Longest accepted key in characters.
KEY_MOST = 200


def new_key(prefix: str = "") -> str:
    """Return a random URL-safe key."""
    return prefix + secrets.token_urlsafe(KEY_BYTES)


def new_code() -> str:
    """Return a random recovery code of 79 bits in four groups: `abcd-efgh-jkmn-pqrs`."""
    letters = "".join(secrets.choice(PAPER) for _ in range(CODE_LENGTH))
    return "-".join(letters[at : at + 4] for at in range(0, CODE_LENGTH, 4))


def hash_key(key: str) -> str:
    """Return the hexadecimal SHA-256 of a key."""
    return sha256(key[:KEY_MOST].encode("utf-8", "replace")).hexdigest()


def plain_code(typed: str) -> str:
    """Return a recovery code in its canonical form, whatever case and separators were typed."""
    letters = "".join(letter for letter in typed[:KEY_MOST].lower() if letter in PAPER)
    return "-".join(letters[at : at + 4] for at in range(0, len(letters), 4))


def is_key_of(key: str, key_hash: str) -> bool:
    """Return whether `key` has the hash `key_hash`, in constant time."""
    return compare_digest(hash_key(key), key_hash)
