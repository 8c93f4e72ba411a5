"""Signatures of Standard Webhooks 1.0: HMAC-SHA256 with a shared secret.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

from base64 import b64encode
from collections.abc import Mapping
from datetime import UTC, datetime

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from standardwebhooks import Webhook

_WEBHOOK_KEY_INFO = b"biobank: webhook, v1"
_SECRET_BYTES = 32


def derive_secret(bank_key: str, salt: str) -> bytes:
    """Derive the secret of one receiver; the stored salt alone is not enough to do so."""
    derived = HKDF(SHA256(), _SECRET_BYTES, salt=salt.encode("ascii"), info=_WEBHOOK_KEY_INFO)
    return derived.derive(bank_key.encode())


def encode_secret(secret: bytes) -> str:
    """Encode the secret in the format of receivers' libraries."""
    return "whsec_" + b64encode(secret).decode("ascii")


def signature_headers(secret: bytes, message_id: str, sent_at: datetime, body: bytes) -> Mapping[str, str]:
    """Return the headers with the id, timestamp and signature of a message."""
    # The library takes any time for one in UTC, whatever its zone.
    sent_at = sent_at.astimezone(UTC)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(sent_at.timestamp())),
        "webhook-signature": Webhook(secret).sign(message_id, sent_at, body.decode()),
    }
