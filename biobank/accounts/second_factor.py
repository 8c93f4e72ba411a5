"""Second factor: TOTP codes (RFC 6238) and recovery codes."""

import time
from dataclasses import dataclass
from hmac import compare_digest

import pyotp
from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session

from biobank.accounts import attempts, audit, sessions
from biobank.accounts.clock import now
from biobank.accounts.identity import Identity
from biobank.accounts.keys import hash_key, new_code, plain_code
from biobank.accounts.models import RecoveryCode, User
from biobank.accounts.passwords import is_password
from biobank.accounts.policy import Action, require
from biobank.accounts.seal import Seal, is_closed
from biobank.errors import AccountRefused
from biobank.store.session import Database

ISSUER = "Biobank"
STEP = 30
#: Accepted steps before and after the current one, for clocks that are off.
DRIFT = 1
RECOVERY_CODES = 10
DIGITS = 6


@dataclass(frozen=True)
class Setup:
    """A TOTP secret and its provisioning URI for a QR code."""

    secret: str
    address: str


@dataclass(frozen=True)
class Confirmed:
    """Recovery codes, shown only once, and the new session key."""

    codes: tuple[str, ...]
    key: str | None


def start_totp(database: Database, who: Identity, seal: Seal, password: str) -> Setup:
    """Create a TOTP secret, which takes effect once a code has confirmed it.

    The password is required, so that an unattended browser cannot be used to lock out its owner.
    """
    require(who, Action.OWN_ACCOUNT)
    require_password(database, who, password)
    with database.write() as session:
        user = session.get_one(User, who.user_id)
        if user.totp:
            raise AccountRefused("The second factor is on already.", code="already_on")
        setup = _pending(user, seal) or _setup(pyotp.random_base32(), user.email)
        user.totp_pending = seal.closed(setup.secret, user.id)
        return setup


def pending(database: Database, who: Identity, seal: Seal) -> Setup | None:
    """Return the setup that was started and is not confirmed yet, if it can be decrypted."""
    require(who, Action.OWN_ACCOUNT)
    with database.read() as session:
        return _pending(session.get_one(User, who.user_id), seal)


def confirm_totp(database: Database, who: Identity, seal: Seal, code: str) -> Confirmed:
    """Enable the second factor and end all other sessions of `actor`."""
    require(who, Action.OWN_ACCOUNT)
    counters = attempts.of_account(who.email, "code"), attempts.of_address(who.address, "code")
    attempts.count(database, counters)
    with database.write() as session:
        user = session.get_one(User, who.user_id)
        if not user.totp_pending:
            raise AccountRefused("Start to set it up first.", code="not_started")
        user.totp, user.totp_step = user.totp_pending, None
        session.flush()
        if not take_code(session, user, seal, code):
            raise _wrong_code()
        user.totp_pending = None
        sessions.end_of(session, user.id, but=who.sign_in)
        audit.note(session, who, "second_factor_on", user)
        confirmed = Confirmed(_new_codes(session, user), sessions.rotate(session, who))
    attempts.give_back(database, *counters)
    return confirmed


def drop_totp(database: Database, who: Identity, password: str) -> str | None:
    """Disable the second factor and return the new session key."""
    require(who, Action.OWN_ACCOUNT)
    require_password(database, who, password)
    with database.write() as session:
        user = session.get_one(User, who.user_id)
        forget(session, user)
        audit.note(session, who, "second_factor_off", user)
        return sessions.rotate(session, who)


def new_recovery_codes(database: Database, who: Identity, password: str) -> tuple[str, ...]:
    """Replace the recovery codes and return the new ones."""
    require(who, Action.OWN_ACCOUNT)
    require_password(database, who, password)
    with database.write() as session:
        user = session.get_one(User, who.user_id)
        if not user.totp:
            raise AccountRefused("Start to set it up first.", code="not_started")
        audit.note(session, who, "recovery_codes_made", user)
        return _new_codes(session, user)


def codes_left(database: Database, who: Identity) -> int:
    """Return how many recovery codes of `actor` are unused."""
    left = (RecoveryCode.user_id == who.user_id) & RecoveryCode.used_at.is_(None)
    with database.read() as session:
        return session.scalar(select(func.count()).where(left)) or 0


def take(session: Session, user: User, seal: Seal, typed: str) -> str | None:
    """Consume a code and return its type, `code` or `recovery_code`, or None if it is wrong.

    Raises:
        AccountRefused: `sealed_otherwise`: the secret cannot be decrypted.
    """
    # Recovery codes come first: they work even if the TOTP secret cannot be decrypted.
    if _take_recovery_code(session, user, typed):
        return "recovery_code"
    return "code" if take_code(session, user, seal, typed) else None


def take_code(session: Session, user: User, seal: Seal, typed: str) -> bool:
    """Return whether `code` is a current TOTP code that was not accepted before (no replay).

    A secret that is still stored in plain text gets encrypted.
    """
    digits = "".join(typed.split())
    if not user.totp or len(digits) != DIGITS or not (digits.isascii() and digits.isdigit()):
        return False
    secret = seal.opened(user.totp, user.id)
    totp, this = pyotp.TOTP(secret), int(time.time()) // STEP
    steps = range(this - DRIFT, this + DRIFT + 1)
    fitting = [step for step in steps if compare_digest(totp.generate_otp(step), digits)]
    if not fitting:
        return False
    taken = (
        update(User)
        .where(User.id == user.id, or_(User.totp_step.is_(None), User.totp_step < fitting[-1]))
        .values(totp_step=fitting[-1])
        .returning(User.id)
    )
    if session.scalars(taken).one_or_none() is None:
        return False
    if not is_closed(user.totp):
        user.totp = seal.closed(secret, user.id)
    return True


def forget(session: Session, user: User) -> None:
    """Remove the second factor and its recovery codes."""
    user.totp = user.totp_pending = user.totp_step = None
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))


def require_password(database: Database, who: Identity, password: str) -> None:
    """Check the password of `actor`; attempts are rate limited.

    Raises:
        AccountRefused: `wrong_password`.
    """
    account, address = attempts.of_account(who.email), attempts.of_address(who.address)
    attempts.count(database, (account, address))
    with database.read() as session:
        kept = session.get_one(User, who.user_id).password
    if not is_password(password, kept):
        raise AccountRefused("This is not your password.", code="wrong_password")
    attempts.give_back(database, account, address)


def _take_recovery_code(session: Session, user: User, typed: str) -> bool:
    used = (
        update(RecoveryCode)
        .where(
            RecoveryCode.user_id == user.id,
            RecoveryCode.key_hash == hash_key(plain_code(typed)),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=now())
        .returning(RecoveryCode.id)
    )
    return session.scalars(used).first() is not None


def _new_codes(session: Session, user: User) -> tuple[str, ...]:
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    codes = tuple(new_code() for _ in range(RECOVERY_CODES))
    session.add_all(
        RecoveryCode(user_id=user.id, key_hash=hash_key(code), created_at=now()) for code in codes
    )
    return codes


def _pending(user: User, seal: Seal) -> Setup | None:
    """Return the pending setup; one that cannot be decrypted is ignored and replaced later."""
    try:
        secret = user.totp_pending and seal.opened(user.totp_pending, user.id)
    except AccountRefused:
        return None
    return _setup(secret, user.email) if secret else None


def _setup(secret: str, email: str) -> Setup:
    return Setup(secret, pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER))


def _wrong_code() -> AccountRefused:
    return AccountRefused("This code is not right, or was used before.", code="wrong_code")
