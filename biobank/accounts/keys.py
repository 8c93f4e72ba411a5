"""Random keys: links, sessions, tokens, recovery codes. They are shown once and kept as hashes.

They are too long to be guessed from their hash, so that a fast hash is enough, by which a row is
found at once; a password, which may be short, is hashed slowly (`passwords`).
"""

import secrets
from hashlib import sha256
from hmac import compare_digest

#: 256 bits.
KEY_BYTES = 32
#: What a token begins with, so that a leaked one is recognised for what it is.
TOKEN_PREFIX = "bbk_"  # noqa: S105 - no secret
#: Letters that cannot be taken for each other on paper.
PAPER = "abcdefghjkmnpqrstuvwxyz23456789"
CODE_LENGTH = 16
#: Characters of anything that may be a key; longer is none.
KEY_MOST = 200


def new_key(prefix: str = "") -> str:
    return prefix + secrets.token_urlsafe(KEY_BYTES)


def new_code() -> str:
    """79 bits in four groups: `abcd-efgh-jkmn-pqrs`."""
    letters = "".join(secrets.choice(PAPER) for _ in range(CODE_LENGTH))
    return "-".join(letters[at : at + 4] for at in range(0, CODE_LENGTH, 4))


def hash_key(key: str) -> str:
    return sha256(key[:KEY_MOST].encode("utf-8", "replace")).hexdigest()


def plain_code(typed: str) -> str:
    """A recovery code as it was given out, however it was typed from paper."""
    letters = "".join(letter for letter in typed[:KEY_MOST].lower() if letter in PAPER)
    return "-".join(letters[at : at + 4] for at in range(0, len(letters), 4))


def is_key_of(key: str, key_hash: str) -> bool:
    return compare_digest(hash_key(key), key_hash)
