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
RECOVERY_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
#: 138 bits: a fast hash suffices from 112 on (ASVS 6.5.2). Older codes of 16 characters stay valid.
RECOVERY_CODE_CHARS = 28
#: Longest accepted key in characters.
MAX_SECRET_CHARS = 200


def generate_key(prefix: str = "") -> str:
    """Return a random URL-safe key."""
    return prefix + secrets.token_urlsafe(KEY_BYTES)


def generate_recovery_code() -> str:
    """Return a random recovery code in groups of four: `abcd-efgh-…`."""
    chars = "".join(secrets.choice(RECOVERY_ALPHABET) for _ in range(RECOVERY_CODE_CHARS))
    return "-".join(chars[start : start + 4] for start in range(0, RECOVERY_CODE_CHARS, 4))


def hash_key(key: str) -> str:
    """Return the hexadecimal SHA-256 of a key."""
    return sha256(key[:MAX_SECRET_CHARS].encode("utf-8", "replace")).hexdigest()


def normalize_recovery_code(text: str) -> str:
    """Return a recovery code in its canonical form, whatever case and separators were typed."""
    chars = "".join(char for char in text[:MAX_SECRET_CHARS].lower() if char in RECOVERY_ALPHABET)
    return "-".join(chars[start : start + 4] for start in range(0, len(chars), 4))


def key_matches(key: str, key_hash: str) -> bool:
    """Return whether `key` has the hash `key_hash`, in constant time."""
    return compare_digest(hash_key(key), key_hash)
