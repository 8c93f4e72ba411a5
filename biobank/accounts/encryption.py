"""Encryption of stored secrets with a key derived from the application's secret key.

A copy of the database or a backup without that key reveals none of them.
"""

import secrets
from base64 import b32decode, b32encode, b85decode, b85encode

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import or_, select

from biobank.accounts.models import User
from biobank.errors import AccountRefused
from biobank.store.session import Database

#: Prefix of encrypted values: the version of the format. Plain-text secrets contain no colon.
FORMAT_PREFIX = "v1:"
#: HKDF context: separates this key from others derived from the same secret.
_PURPOSE = b"biobank: second factor, v1"
_KEY_BYTES = 32
_NONCE_BYTES = 12


class SecretBox:
    """Encrypts base32 secrets with AES-256-GCM, bound to the user id as associated data.

    The output is base 85: a secret of 20 bytes takes 63 characters, and the column holds 64.
    """

    def __init__(self, secret_key: str) -> None:
        derived = HKDF(SHA256(), _KEY_BYTES, salt=None, info=_PURPOSE)
        self._cipher = AESGCM(derived.derive(secret_key.encode()))

    def encrypt(self, secret: str, user_id: int) -> str:
        """Return the encrypted form of `secret` for storage."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        ciphertext = self._cipher.encrypt(nonce, b32decode(secret), _associated_data(user_id))
        return FORMAT_PREFIX + b85encode(nonce + ciphertext).decode("ascii")

    def decrypt(self, stored: str, user_id: int) -> str:
        """Return the decrypted secret; legacy values in plain text are returned unchanged.

        Raises:
            AccountRefused: `sealed_otherwise`: encrypted with another key or for another user.
        """
        if not is_encrypted(stored):
            return stored
        try:
            payload = b85decode(stored.removeprefix(FORMAT_PREFIX))
            nonce, ciphertext = payload[:_NONCE_BYTES], payload[_NONCE_BYTES:]
            return b32encode(self._cipher.decrypt(nonce, ciphertext, _associated_data(user_id))).decode(
                "ascii"
            )
        except (InvalidTag, ValueError) as error:
            raise AccountRefused(
                "The secret of the second factor was encrypted with another key. Use a recovery code, "
                "or ask an administrator to turn off two-factor authentication.",
                code="sealed_otherwise",
            ) from error


def is_encrypted(stored: str) -> bool:
    """Return whether a stored value is encrypted."""
    return stored.startswith(FORMAT_PREFIX)


def _associated_data(user_id: int) -> bytes:
    return str(user_id).encode()


def encrypt_all(database: Database, secret_box: SecretBox) -> int:
    """Encrypt all plain-text secrets and return how many users were affected."""
    unencrypted = [
        column.is_not(None) & column.not_like(f"{FORMAT_PREFIX}%")
        for column in (User.totp, User.totp_pending)
    ]
    with database.write() as session:
        users = session.scalars(select(User).where(or_(*unencrypted))).all()
        for user in users:
            user.totp = _encrypted(user.totp, user, secret_box)
            user.totp_pending = _encrypted(user.totp_pending, user, secret_box)
        return len(users)


def _encrypted(stored: str | None, user: User, secret_box: SecretBox) -> str | None:
    return stored if stored is None or is_encrypted(stored) else secret_box.encrypt(stored, user.id)
