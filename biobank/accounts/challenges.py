"""WebAuthn challenges: random, valid for minutes, for one purpose and session, and answered once.

The browser holds the challenge in its signed session cookie, so that asking for one writes nothing.
Only answered ones are stored, until they expire.
"""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, Self

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

from biobank.accounts.keys import hash_key
from biobank.accounts.models import UsedChallenge
from biobank.common.clock import now
from biobank.errors import AccountRefused
from biobank.store.session import Database

Purpose = Literal["add", "sign_in", "second_factor"]

CHALLENGE_BYTES = 32
#: Time to unlock a phone, to fetch a security key, or to scan a QR code.
CHALLENGE_LIFETIME = timedelta(minutes=5)


@dataclass(frozen=True)
class Challenge:
    """A challenge; `owner` names the session it belongs to, `expires` is in seconds since 1970.

    `user_handle` is the id that the authenticator is given for the user of a new passkey.
    """

    purpose: Purpose
    owner: str
    value: str
    expires: int
    user_handle: str = ""

    @classmethod
    def create(cls, purpose: Purpose, owner: str = "", user_handle: str = "") -> Self:
        """Return a new challenge."""
        value = bytes_to_base64url(secrets.token_bytes(CHALLENGE_BYTES))
        return cls(purpose, owner, value, int((now() + CHALLENGE_LIFETIME).timestamp()), user_handle)

    @classmethod
    def parse(cls, stored: Any) -> Self | None:
        """Return the challenge that the signed cookie holds, if any."""
        try:
            return cls(**stored)
        except TypeError:
            return None

    @property
    def bytes(self) -> bytes:
        """Return the challenge as authenticators sign it."""
        return base64url_to_bytes(self.value)


def redeem(database: Database, challenge: Challenge | None, purpose: Purpose, owner: str = "") -> Challenge:
    """Mark a challenge as answered, whether the answer is right or not, and return it.

    Raises:
        AccountRefused: `passkey_expired`: it has expired, was answered before, or is for another
            purpose or session.
    """
    timestamp = now()
    if (
        challenge is None
        or (challenge.purpose, challenge.owner) != (purpose, owner)
        or challenge.expires <= timestamp.timestamp()
    ):
        raise _refusal()
    with database.write() as session:
        session.execute(delete(UsedChallenge).where(UsedChallenge.expires_at < timestamp))
        insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
        row = {
            "challenge_hash": hash_key(challenge.value),
            "expires_at": datetime.fromtimestamp(challenge.expires, UTC),
        }
        statement = insert(UsedChallenge).values(row).on_conflict_do_nothing()
        is_new = session.scalars(statement.returning(UsedChallenge.challenge_hash)).one_or_none() is not None
    if not is_new:
        raise _refusal()
    return challenge


def _refusal() -> AccountRefused:
    return AccountRefused("This took too long, or was already done. Try again.", code="passkey_expired")
