"""Tables of users and credentials. Secrets that are only compared are stored as hashes."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, ForeignKey, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from biobank.store.base import Base

MAX_EMAIL_CHARS = 254
MAX_ACCOUNT_NAME_CHARS = 100
#: Characters of a hexadecimal SHA-256.
KEY_HASH_CHARS = 64
#: Characters of the longest id of a passkey: 1,023 bytes in base64url.
MAX_CREDENTIAL_ID_CHARS = 1364
#: Bytes of the random id by which an authenticator knows a user.
USER_HANDLE_BYTES = 32


class User(Base):
    """A user account. The password is empty until the invitation is accepted."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: Normalised: differently spelled forms of one address belong to one user.
    email: Mapped[str] = mapped_column(String(MAX_EMAIL_CHARS), unique=True)
    name: Mapped[str] = mapped_column(String(MAX_ACCOUNT_NAME_CHARS))
    #: Language of e-mails to the user.
    lang: Mapped[str] = mapped_column(String(2))
    role: Mapped[str] = mapped_column(String(20), index=True)
    active: Mapped[bool] = mapped_column(default=True)
    password: Mapped[str | None] = mapped_column(String(200))
    #: TOTP secrets, confirmed and not yet confirmed; encrypted (`encryption`).
    totp: Mapped[str | None] = mapped_column(String(64))
    totp_pending: Mapped[str | None] = mapped_column(String(64))
    #: Time step (30 seconds each) of the last accepted code; a code is accepted once.
    totp_step: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    #: When name and address were replaced by a pseudonym.
    erased_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class UserOwned(Base):
    """Base class of rows that belong to a user."""

    __abstract__ = True

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class OneTimeLink(UserOwned):
    """An invitation or a password reset. `used_at` is also set when a newer link replaces it."""

    __tablename__ = "one_time_links"

    kind: Mapped[str] = mapped_column(String(20))
    key_hash: Mapped[str] = mapped_column(String(KEY_HASH_CHARS), unique=True)
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    used_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class SignIn(UserOwned):
    """A session of a browser: signed in, or waiting for the second factor."""

    __tablename__ = "sign_ins"

    key_hash: Mapped[str] = mapped_column(String(KEY_HASH_CHARS), unique=True)
    #: Whether the second factor is still missing.
    half: Mapped[bool] = mapped_column(default=False)
    seen_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)
    address: Mapped[str] = mapped_column(String(64))
    browser: Mapped[str] = mapped_column(String(200))


class ApiToken(UserOwned):
    """An API token."""

    __tablename__ = "api_tokens"

    key_hash: Mapped[str] = mapped_column(String(KEY_HASH_CHARS), unique=True)
    name: Mapped[str] = mapped_column(String(MAX_ACCOUNT_NAME_CHARS))
    scopes: Mapped[list[str]]
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    used_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    revoked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class RecoveryCode(UserOwned):
    """A one-time code that replaces a code of the second factor."""

    __tablename__ = "recovery_codes"

    key_hash: Mapped[str] = mapped_column(String(KEY_HASH_CHARS))
    used_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Passkey(UserOwned):
    """A WebAuthn credential. The bank has the public key only."""

    __tablename__ = "passkeys"

    #: In base64url, as browsers send it.
    credential_id: Mapped[str] = mapped_column(String(MAX_CREDENTIAL_ID_CHARS), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    #: The same for all passkeys of a user.
    user_handle: Mapped[bytes] = mapped_column(LargeBinary)
    name: Mapped[str] = mapped_column(String(MAX_ACCOUNT_NAME_CHARS))
    transports: Mapped[list[str]]
    #: Uses according to the authenticator; always 0 for passkeys that several devices share.
    sign_count: Mapped[int] = mapped_column(BigInteger)
    #: Whether it signs in without the password. A password reset sets this to false; the next
    #: sign-in with the new password and this passkey, to true.
    passwordless: Mapped[bool] = mapped_column(default=True)
    used_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class UsedChallenge(Base):
    """The hash of a WebAuthn challenge that was answered, kept until the challenge expires."""

    __tablename__ = "used_challenges"

    challenge_hash: Mapped[str] = mapped_column(String(KEY_HASH_CHARS), primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)


class AttemptCounter(Base):
    """A counter of failed attempts and the time of the next allowed one.

    Stored in the database, so that all workers share it.
    """

    __tablename__ = "attempts"

    key: Mapped[str] = mapped_column(String(100), primary_key=True)
    count: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)
    free_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class AuditEvent(Base):
    """An audit log row: who did what to what, when and from where. Triggers only let it be erased."""

    __tablename__ = "audit_events"

    id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True
    )
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)
    what: Mapped[str] = mapped_column(String(40), index=True)
    #: The actor's name at that time; ids are not foreign keys, so that audit rows outlive users.
    actor_id: Mapped[int | None] = mapped_column(index=True)
    actor: Mapped[str] = mapped_column(String(MAX_EMAIL_CHARS))
    #: Type of the subject: `account`, `person`, `term`, `source`… `subject` is the e-mail address
    #: of an account, or the id of any other object.
    kind: Mapped[str] = mapped_column(String(20), default="account", server_default="account")
    subject_id: Mapped[int | None] = mapped_column(index=True)
    subject: Mapped[str] = mapped_column(String(MAX_EMAIL_CHARS), index=True)
    address: Mapped[str] = mapped_column(String(64))
    detail: Mapped[dict[str, Any]]
    #: Hash of the row and of the previous row's hash: see `audit`.
    hash: Mapped[str] = mapped_column(String(KEY_HASH_CHARS), default="", server_default="")
    #: Salts of the fields with personal data, and digests of those that were erased.
    salts: Mapped[dict[str, str]] = mapped_column(default=dict, server_default="{}")
    digests: Mapped[dict[str, str]] = mapped_column(default=dict, server_default="{}")
    chain_version: Mapped[int] = mapped_column(default=1, server_default="1")
