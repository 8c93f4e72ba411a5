"""Users and what lets them in. Of every secret that is only compared, a hash alone is kept."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from biobank.store.base import Base

EMAIL_MOST = 254
NAME_MOST = 100
#: Letters of a SHA-256 in hexadecimal.
KEY_HASH = 64


class User(Base):
    """Somebody who may sign in; without a password until the invitation is accepted."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: Folded: two spellings of one address are one user.
    email: Mapped[str] = mapped_column(String(EMAIL_MOST), unique=True)
    name: Mapped[str] = mapped_column(String(NAME_MOST))
    #: The language of letters to them.
    lang: Mapped[str] = mapped_column(String(2))
    role: Mapped[str] = mapped_column(String(20), index=True)
    active: Mapped[bool] = mapped_column(default=True)
    password: Mapped[str | None] = mapped_column(String(200))
    #: The secret of the second factor, and one that is not confirmed yet; sealed (`seal`).
    totp: Mapped[str | None] = mapped_column(String(64))
    totp_pending: Mapped[str | None] = mapped_column(String(64))
    #: The step (30 seconds each) of the last code that was taken; none is taken twice.
    totp_step: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class OfUser(Base):
    """A row that belongs to a user."""

    __abstract__ = True

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class OneTimeLink(OfUser):
    """An invitation, or a way to a new password; `used_at` also where a newer one took over."""

    __tablename__ = "one_time_links"

    kind: Mapped[str] = mapped_column(String(20))
    key_hash: Mapped[str] = mapped_column(String(KEY_HASH), unique=True)
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    used_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class SignIn(OfUser):
    """One session: a browser in which a user is signed in, or is asked for the second factor."""

    __tablename__ = "sign_ins"

    key_hash: Mapped[str] = mapped_column(String(KEY_HASH), unique=True)
    #: Whether nothing but the password was given yet.
    half: Mapped[bool] = mapped_column(default=False)
    seen_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)
    address: Mapped[str] = mapped_column(String(64))
    browser: Mapped[str] = mapped_column(String(200))


class ApiToken(OfUser):
    """What a program shows instead of signing in."""

    __tablename__ = "api_tokens"

    key_hash: Mapped[str] = mapped_column(String(KEY_HASH), unique=True)
    name: Mapped[str] = mapped_column(String(NAME_MOST))
    scopes: Mapped[list[str]]
    used_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    revoked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class RecoveryCode(OfUser):
    """Stands in once for a code of the second factor."""

    __tablename__ = "recovery_codes"

    key_hash: Mapped[str] = mapped_column(String(KEY_HASH))
    used_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Attempts(Base):
    """How often something was tried in vain, and when it may be tried again.

    In the store, so that all workers count together.
    """

    __tablename__ = "attempts"

    key: Mapped[str] = mapped_column(String(100), primary_key=True)
    count: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)
    free_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class AuditEvent(Base):
    """Who did what to what, when, from where. The database refuses to change a row."""

    __tablename__ = "audit_events"

    id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True
    )
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)
    what: Mapped[str] = mapped_column(String(40), index=True)
    #: As they were called then; ids bind to nobody, so that a row outlives all others.
    actor_id: Mapped[int | None] = mapped_column(index=True)
    actor: Mapped[str] = mapped_column(String(EMAIL_MOST))
    #: What it was done to: `account`, `person`, `term`, `source`…, and how that one is called:
    #: an account's address, another thing's id.
    kind: Mapped[str] = mapped_column(String(20), default="account", server_default="account")
    subject_id: Mapped[int | None] = mapped_column(index=True)
    subject: Mapped[str] = mapped_column(String(EMAIL_MOST), index=True)
    address: Mapped[str] = mapped_column(String(64))
    detail: Mapped[dict[str, Any]]
    #: Of the row, and of the hash of the row before it: see `audit_chain`.
    hash: Mapped[str] = mapped_column(String(KEY_HASH), default="", server_default="")
