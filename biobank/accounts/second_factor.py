"""The second factor: codes of a telephone (TOTP, RFC 6238), and codes on paper for its loss."""

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
#: Steps before and after now that are taken too: clocks of telephones go wrong.
DRIFT = 1
RECOVERY_CODES = 10
DIGITS = 6


@dataclass(frozen=True)
class Setup:
    """What the telephone is told: the secret, and the address that a QR code holds."""

    secret: str
    address: str


@dataclass(frozen=True)
class Confirmed:
    """Recovery codes, shown now and never again, and the new key of the session."""

    codes: tuple[str, ...]
    key: str | None


def start_totp(database: Database, who: Identity, seal: Seal, password: str) -> Setup:
    """Makes a secret, which counts only once a code of it was typed in.

    With the password: whoever found a browser open is not to lock its owner out.
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
    """What was started and is not confirmed yet, and can be read."""
    require(who, Action.OWN_ACCOUNT)
    with database.read() as session:
        return _pending(session.get_one(User, who.user_id), seal)


def confirm_totp(database: Database, who: Identity, seal: Seal, code: str) -> Confirmed:
    """Turns the second factor on; all other sessions of `who` end."""
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
    """Turns the second factor off; gives the new key of the session."""
    require(who, Action.OWN_ACCOUNT)
    require_password(database, who, password)
    with database.write() as session:
        user = session.get_one(User, who.user_id)
        forget(session, user)
        audit.note(session, who, "second_factor_off", user)
        return sessions.rotate(session, who)


def new_recovery_codes(database: Database, who: Identity, password: str) -> tuple[str, ...]:
    """Fresh codes; the old ones are worth nothing from now on."""
    require(who, Action.OWN_ACCOUNT)
    require_password(database, who, password)
    with database.write() as session:
        user = session.get_one(User, who.user_id)
        if not user.totp:
            raise AccountRefused("Start to set it up first.", code="not_started")
        audit.note(session, who, "recovery_codes_made", user)
        return _new_codes(session, user)


def codes_left(database: Database, who: Identity) -> int:
    """How many recovery codes of `who` are not used yet."""
    left = (RecoveryCode.user_id == who.user_id) & RecoveryCode.used_at.is_(None)
    with database.read() as session:
        return session.scalar(select(func.count()).where(left)) or 0


def take(session: Session, user: User, seal: Seal, typed: str) -> str | None:
    """Which factor `typed` is, if it is one that was not used before; it is used from now on.

    Raises AccountRefused (sealed_otherwise) for a code that nobody can check any more.
    """
    # First, as it works whatever became of the secret.
    if _take_recovery_code(session, user, typed):
        return "recovery_code"
    return "code" if take_code(session, user, seal, typed) else None


def take_code(session: Session, user: User, seal: Seal, typed: str) -> bool:
    """Whether `typed` is a code of now, newer than any that was taken before (no replay).

    A secret that was kept in clear is sealed at this occasion.
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
    """Removes the second factor and its recovery codes."""
    user.totp = user.totp_pending = user.totp_step = None
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))


def require_password(database: Database, who: Identity, password: str) -> None:
    """Raises AccountRefused (wrong_password) unless it is that of `who`; tries are counted."""
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
    """What cannot be read any more was not started: another one is made."""
    try:
        secret = user.totp_pending and seal.opened(user.totp_pending, user.id)
    except AccountRefused:
        return None
    return _setup(secret, user.email) if secret else None


def _setup(secret: str, email: str) -> Setup:
    return Setup(secret, pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER))


def _wrong_code() -> AccountRefused:
    return AccountRefused("This code is not right, or was used before.", code="wrong_code")
