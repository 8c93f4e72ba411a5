"""Second factor: TOTP codes (RFC 6238) and recovery codes. Passkeys count as one too (`passkeys`)."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from hmac import compare_digest

import pyotp
from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session

from biobank.accounts import audit, rate_limits, sessions
from biobank.accounts.encryption import SecretBox, is_encrypted
from biobank.accounts.identity import Identity
from biobank.accounts.keys import generate_recovery_code, hash_key, normalize_recovery_code
from biobank.accounts.models import Passkey, RecoveryCode, User
from biobank.accounts.passwords import verify_password
from biobank.accounts.policy import Action, require
from biobank.common.clock import now
from biobank.errors import AccountRefused
from biobank.store.session import Database

ISSUER = "Biobank"
STEP_SECONDS = 30
#: Accepted steps before and after the current one, for clocks that are off.
DRIFT_STEPS = 1
RECOVERY_CODE_COUNT = 10
CODE_DIGITS = 6


@dataclass(frozen=True)
class TotpSetup:
    """A TOTP secret and its provisioning URI for a QR code."""

    secret: str
    uri: str


@dataclass(frozen=True)
class TotpConfirmation:
    """Recovery codes, shown only once, and the new session key."""

    recovery_codes: tuple[str, ...]
    session_key: str | None


def start_totp(database: Database, actor: Identity, secret_box: SecretBox, password: str) -> TotpSetup:
    """Create a TOTP secret, which takes effect once a code has confirmed it.

    The password is required, so that an unattended browser cannot be used to lock out its owner.
    """
    require(actor, Action.MANAGE_OWN_ACCOUNT)
    require_password(database, actor, password)
    with database.write() as session:
        user = session.get_one(User, actor.user_id)
        if user.totp:
            raise AccountRefused("Two-factor authentication is already on.", code="already_on")
        setup = _read_pending_setup(user, secret_box) or _build_setup(pyotp.random_base32(), user.email)
        user.totp_pending = secret_box.encrypt(setup.secret, user.id)
        return setup


def get_pending_setup(database: Database, actor: Identity, secret_box: SecretBox) -> TotpSetup | None:
    """Return the setup that was started and is not confirmed yet, if it can be decrypted."""
    require(actor, Action.MANAGE_OWN_ACCOUNT)
    with database.read() as session:
        return _read_pending_setup(session.get_one(User, actor.user_id), secret_box)


def confirm_totp(database: Database, actor: Identity, secret_box: SecretBox, code: str) -> TotpConfirmation:
    """Enable the second factor and end all other sessions of `actor`."""
    require(actor, Action.MANAGE_OWN_ACCOUNT)
    limits = (rate_limits.account_limit(actor.email, "code"), rate_limits.ip_limit(actor.ip_address, "code"))
    rate_limits.count_attempt(database, limits)
    with database.write() as session:
        user = session.get_one(User, actor.user_id)
        if not user.totp_pending:
            raise AccountRefused("Start the setup first.", code="not_started")
        user.totp, user.totp_step = user.totp_pending, None
        session.flush()
        if not consume_totp_code(session, user, secret_box, code):
            raise AccountRefused("The code is incorrect or was already used.", code="wrong_code")
        user.totp_pending = None
        sessions.end_user_sessions(session, user.id, except_id=actor.session_id)
        audit.record(session, actor, "second_factor_on", user)
        confirmation = TotpConfirmation(
            replace_recovery_codes(session, user), sessions.rotate_key(session, actor)
        )
    rate_limits.record_success(database, *limits)
    return confirmation


def disable_totp(database: Database, actor: Identity, password: str) -> str | None:
    """Remove the TOTP secret, end all other sessions and return the new key of this one. Passkeys stay."""
    require(actor, Action.MANAGE_OWN_ACCOUNT)
    require_password(database, actor, password)
    with database.write() as session:
        user = session.get_one(User, actor.user_id)
        _remove_totp(user)
        drop_codes_without_factor(session, user)
        sessions.end_user_sessions(session, user.id, except_id=actor.session_id)
        audit.record(session, actor, "second_factor_off", user)
        return sessions.rotate_key(session, actor)


def regenerate_recovery_codes(database: Database, actor: Identity, password: str) -> tuple[str, ...]:
    """Replace the recovery codes and return the new ones."""
    require(actor, Action.MANAGE_OWN_ACCOUNT)
    require_password(database, actor, password)
    with database.write() as session:
        user = session.get_one(User, actor.user_id)
        if not has_second_factor(session, user):
            raise AccountRefused("Start the setup first.", code="not_started")
        audit.record(session, actor, "recovery_codes_made", user)
        return replace_recovery_codes(session, user)


def count_unused_codes(database: Database, actor: Identity) -> int:
    """Return how many recovery codes of `actor` are unused."""
    unused = (RecoveryCode.user_id == actor.user_id) & RecoveryCode.used_at.is_(None)
    with database.read() as session:
        return session.scalar(select(func.count()).where(unused)) or 0


def consume_code(session: Session, user: User, secret_box: SecretBox, code: str) -> str | None:
    """Consume a code and return its type, `code` or `recovery_code`, or None if it is wrong.

    Raises:
        AccountRefused: `sealed_otherwise`: the secret cannot be decrypted.
    """
    # Recovery codes come first: they work even if the TOTP secret cannot be decrypted.
    if _consume_recovery_code(session, user, code):
        return "recovery_code"
    return "code" if consume_totp_code(session, user, secret_box, code) else None


def consume_totp_code(session: Session, user: User, secret_box: SecretBox, code: str) -> bool:
    """Return whether `code` is a current TOTP code that was not accepted before (no replay).

    A secret that is still stored in plain text gets encrypted.
    """
    digits = "".join(code.split())
    if not user.totp or len(digits) != CODE_DIGITS or not (digits.isascii() and digits.isdigit()):
        return False
    secret = secret_box.decrypt(user.totp, user.id)
    totp, current_step = pyotp.TOTP(secret), int(time.time()) // STEP_SECONDS
    steps = range(current_step - DRIFT_STEPS, current_step + DRIFT_STEPS + 1)
    matching_steps = [step for step in steps if compare_digest(totp.generate_otp(step), digits)]
    if not matching_steps:
        return False
    update_query = (
        update(User)
        .where(User.id == user.id, or_(User.totp_step.is_(None), User.totp_step < matching_steps[-1]))
        .values(totp_step=matching_steps[-1])
        .returning(User.id)
    )
    if session.scalars(update_query).one_or_none() is None:
        return False
    if not is_encrypted(user.totp):
        user.totp = secret_box.encrypt(secret, user.id)
    return True


def has_second_factor(session: Session, user: User) -> bool:
    """Return whether a sign-in with the password needs a code or a passkey too."""
    return user.totp is not None or has_passkey(session, user)


def has_passkey(session: Session, user: User) -> bool:
    """Return whether the user has a passkey."""
    return session.scalar(select(Passkey.id).where(Passkey.user_id == user.id).limit(1)) is not None


def protected_user_ids(database: Database, users: Sequence[User]) -> frozenset[int]:
    """Return the ids of those users who have a second factor."""
    ids = [user.id for user in users]
    with database.read() as session:
        owners = session.scalars(select(Passkey.user_id).where(Passkey.user_id.in_(ids)))
        return frozenset(owners) | {user.id for user in users if user.totp is not None}


def remove_second_factor(session: Session, user: User) -> None:
    """Remove the TOTP secret, all passkeys and the recovery codes."""
    _remove_totp(user)
    session.execute(delete(Passkey).where(Passkey.user_id == user.id))
    drop_codes_without_factor(session, user)


def drop_codes_without_factor(session: Session, user: User) -> None:
    """Delete the recovery codes of a user who has no second factor any more."""
    if not has_second_factor(session, user):
        session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))


def require_password_for_passkeys(session: Session, user: User) -> None:
    """Let passkeys sign in only after the password, until they have done so once."""
    session.execute(update(Passkey).where(Passkey.user_id == user.id).values(passwordless=False))


def require_password(database: Database, actor: Identity, password: str) -> None:
    """Check the password of `actor`; attempts are rate limited.

    Raises:
        AccountRefused: `wrong_password`.
    """
    account_limit, ip_limit = (rate_limits.account_limit(actor.email), rate_limits.ip_limit(actor.ip_address))
    rate_limits.count_attempt(database, (account_limit, ip_limit))
    with database.read() as session:
        stored_hash = session.get_one(User, actor.user_id).password
    if not verify_password(password, stored_hash):
        raise AccountRefused("Incorrect password.", code="wrong_password")
    rate_limits.record_success(database, account_limit, ip_limit)


def _consume_recovery_code(session: Session, user: User, code: str) -> bool:
    update_query = (
        update(RecoveryCode)
        .where(
            RecoveryCode.user_id == user.id,
            RecoveryCode.key_hash == hash_key(normalize_recovery_code(code)),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=now())
        .returning(RecoveryCode.id)
    )
    return session.scalars(update_query).first() is not None


def replace_recovery_codes(session: Session, user: User) -> tuple[str, ...]:
    """Replace the recovery codes of a user and return the new ones."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    codes = tuple(generate_recovery_code() for _ in range(RECOVERY_CODE_COUNT))
    session.add_all(
        RecoveryCode(user_id=user.id, key_hash=hash_key(code), created_at=now()) for code in codes
    )
    return codes


def _remove_totp(user: User) -> None:
    user.totp = user.totp_pending = user.totp_step = None


def _read_pending_setup(user: User, secret_box: SecretBox) -> TotpSetup | None:
    """Return the pending setup; one that cannot be decrypted is ignored and replaced later."""
    try:
        secret = user.totp_pending and secret_box.decrypt(user.totp_pending, user.id)
    except AccountRefused:
        return None
    return _build_setup(secret, user.email) if secret else None


def _build_setup(secret: str, email: str) -> TotpSetup:
    return TotpSetup(secret, pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER))
