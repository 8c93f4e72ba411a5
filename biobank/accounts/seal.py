"""Secrets that have to be read again are kept sealed, with a key made of the bank's own.

Whoever has the database, or a backup of it, without that key reads none of them.
"""

import secrets
from base64 import b32decode, b32encode, b85decode, b85encode

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from biobank.errors import AccountRefused

#: What a sealed secret begins with: the way it was sealed. A secret in clear has no colon.
VERSION = "v1:"
#: What the key is for, so that it is no other one made of the same.
_PURPOSE = b"biobank: second factor, v1"
_KEY_BYTES = 32
_NONCE_BYTES = 12


class Seal:
    """Seals secrets in base32 with AES-256-GCM; each for the user it is of, so that none is moved.

    Written in base 85, where a secret of 20 bytes takes 63 characters: the column holds 64.
    """

    def __init__(self, secret_key: str) -> None:
        derived = HKDF(SHA256(), _KEY_BYTES, salt=None, info=_PURPOSE)
        self._cipher = AESGCM(derived.derive(secret_key.encode()))

    def closed(self, secret: str, user_id: int) -> str:
        """`secret` as it is kept."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = self._cipher.encrypt(nonce, b32decode(secret), _owner(user_id))
        return VERSION + b85encode(nonce + sealed).decode("ascii")

    def opened(self, kept: str, user_id: int) -> str:
        """The secret that is kept, in clear as those from before there were seals.

        Raises AccountRefused (sealed_otherwise) where another key sealed it, or for another user.
        """
        if not is_closed(kept):
            return kept
        try:
            whole = b85decode(kept.removeprefix(VERSION))
            nonce, sealed = whole[:_NONCE_BYTES], whole[_NONCE_BYTES:]
            return b32encode(self._cipher.decrypt(nonce, sealed, _owner(user_id))).decode("ascii")
        except (InvalidTag, ValueError) as error:
            raise AccountRefused(
                "The secret of this second factor was sealed with another key of the bank. Use a"
                " recovery code, or let an administrator turn the second factor off.",
                code="sealed_otherwise",
            ) from error


def is_closed(kept: str) -> bool:
    """Whether what is kept is sealed."""
    return kept.startswith(VERSION)


def _owner(user_id: int) -> bytes:
    return str(user_id).encode()
