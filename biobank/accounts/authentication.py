"""Sign-in with password and second factor, and password changes and resets.

Responses and response times do not reveal whether an e-mail address has an account.
"""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from biobank.accounts import audit, links, rate_limits, second_factor, sessions, tokens
from biobank.accounts.encryption import SecretBox
from biobank.accounts.identity import Identity
from biobank.accounts.models import User
from biobank.accounts.passwords import hash_password, needs_rehash, validate_password, verify_password
from biobank.accounts.policy import Action, require
from biobank.accounts.validators import normalize_email
from biobank.errors import AccountRefused
from biobank.store.session import Database


@dataclass(frozen=True)
class LoginResult:
    """A session key; `needs_second_factor` if the second factor comes next."""

    session_key: str
    needs_second_factor: bool


@dataclass(frozen=True)
class ResetLink:
    """A password-reset link and its recipient."""

    email: str
    name: str
    lang: str
    key: str


def sign_in(database: Database, actor: Identity, email: str, password: str, browser: str = "") -> LoginResult:
    """Check e-mail address and password and start a session.

    Raises:
        AccountRefused: `wrong_sign_in`.
        TooManyAttempts: the account or the IP address is rate limited.
    """
    email = normalize_email(email)
    account_limit, ip_limit = (rate_limits.account_limit(email), rate_limits.ip_limit(actor.ip_address))
    rate_limits.count_attempt(database, (account_limit, ip_limit))
    with database.read() as session:
        user = _find_user(session, email)
    password_ok = verify_password(password, user.password if user and user.active else None)
    with database.write() as session:
        if user is None or not password_ok:
            audit.record(session, actor, "sign_in_failed", user)
        else:
            user = session.merge(user, load=False)
            if user.password and needs_rehash(user.password):
                user.password = hash_password(password)
            result = _start_session(session, user, actor, browser)
    if not password_ok:
        raise AccountRefused("Incorrect e-mail address or password.", code=_WRONG_SIGN_IN)
    rate_limits.record_success(database, account_limit, ip_limit)
    return result


def verify_second_factor(
    database: Database, actor: Identity, secret_box: SecretBox, pending_key: str, code: str, browser: str = ""
) -> LoginResult:
    """Check a TOTP or recovery code and start a full session.

    Raises:
        AccountRefused: `wrong_sign_in` if the first step has expired, `wrong_code`, or
            `sealed_otherwise` if the secret cannot be decrypted.
        TooManyAttempts: the account or the IP address is rate limited.
    """
    user = get_pending_user(database, pending_key)
    account_limit = rate_limits.account_limit(user.email, "code")
    ip_limit = rate_limits.ip_limit(actor.ip_address, "code")
    rate_limits.count_attempt(database, (account_limit, ip_limit))
    with database.write() as session:
        match = sessions.find_session(session, pending_key, pending_2fa=True)
        factor = second_factor.consume_code(session, match[1], secret_box, code) if match else None
        if match is None or factor is None:
            audit.record(session, actor, "code_failed", user)
        else:
            session.delete(match[0])
            key = sessions.create_session(session, match[1], actor, browser)
            audit.record_self(session, actor, "signed_in", match[1], factor=factor)
    if factor is None:
        raise AccountRefused("The code is incorrect or was already used.", code="wrong_code")
    rate_limits.record_success(database, account_limit, ip_limit)
    return LoginResult(key, needs_second_factor=False)


@dataclass(frozen=True)
class PendingFactors:
    """The second factors of a user who gave the password, besides recovery codes."""

    totp: bool
    passkey: bool


def get_pending_factors(database: Database, pending_key: str) -> PendingFactors:
    """Return what a user who gave the password can sign in with.

    Raises:
        AccountRefused: `wrong_sign_in` if the first step has expired.
    """
    user = get_pending_user(database, pending_key)
    with database.read() as session:
        return PendingFactors(user.totp is not None, second_factor.has_passkey(session, user))


def get_pending_user(database: Database, pending_key: str) -> User:
    """Return the user who gave the password and still has to give the second factor."""
    with database.read() as session:
        match = sessions.find_session(session, pending_key, pending_2fa=True)
    if match is None:
        raise AccountRefused("Sign in again, starting with your password.", code=_WRONG_SIGN_IN)
    return match[1]


def change_password(database: Database, actor: Identity, old_password: str, new_password: str) -> str | None:
    """Change the password, end all other sessions, revoke all API tokens; return this session's new key."""
    require(actor, Action.MANAGE_OWN_ACCOUNT)
    validate_password(new_password, actor.email, actor.name)
    second_factor.require_password(database, actor, old_password)
    with database.write() as session:
        user = session.get_one(User, actor.user_id)
        user.password = hash_password(new_password)
        links.revoke_links(session, user)
        sessions.end_user_sessions(session, user.id, except_id=actor.session_id)
        tokens.revoke_user_tokens(session, user)
        audit.record(session, actor, "password_changed", user)
        return sessions.rotate_key(session, actor)


def count_reset_request(database: Database, actor: Identity, email: str) -> None:
    """Count a request for a password reset, so that it cannot be used to flood a mailbox.

    Raises:
        TooManyAttempts: the account or the IP address is rate limited.
    """
    account_limit = rate_limits.account_limit(normalize_email(email), "reset")
    rate_limits.count_attempt(database, (account_limit, rate_limits.ip_limit(actor.ip_address, "reset")))


def request_reset(database: Database, actor: Identity, email: str) -> ResetLink | None:
    """Return a reset link for the account of `email`, if there is one.

    It may be sent only to that address. The call takes longer if the account exists, so it must not
    delay the response.
    """
    with database.write() as session:
        user = _find_user(session, normalize_email(email))
        if user is None or not user.active or not user.password:
            return None
        key, _ = links.create_link(session, user, "reset")
        audit.record(session, actor, "reset_asked", user)
        return ResetLink(user.email, user.name, user.lang, key)


def get_reset_email(database: Database, key: str) -> str:
    """Return the e-mail address of the user of a valid reset link."""
    with database.read() as session:
        return links.get_link_owner(session, key, "reset").email


def reset_password(database: Database, actor: Identity, key: str, password: str) -> None:
    """Set a new password by a one-time link, end all sessions and revoke all API tokens.

    Whoever resets a password may have lost it to somebody else, who may have made a token with it.
    The second factor stays enabled. Passkeys may have been added by somebody else as well: they stay
    the second factor, and sign in alone again once the new password was given too.
    """
    with database.read() as session:
        owner = links.get_link_owner(session, key, "reset")
    validate_password(password, owner.email, owner.name)
    password_hash = hash_password(password)
    with database.write() as session:
        user = links.redeem_link(session, key, "reset")
        user.password = password_hash
        sessions.end_user_sessions(session, user.id)
        tokens.revoke_user_tokens(session, user)
        second_factor.require_password_for_passkeys(session, user)
        audit.record_self(session, actor, "password_reset", user)


_WRONG_SIGN_IN = "wrong_sign_in"


def _start_session(session: Session, user: User, actor: Identity, browser: str) -> LoginResult:
    needs_second_factor = second_factor.has_second_factor(session, user)
    key = sessions.create_session(session, user, actor, browser, pending_2fa=needs_second_factor)
    audit.record_self(session, actor, "password_given" if needs_second_factor else "signed_in", user)
    return LoginResult(key, needs_second_factor)


def _find_user(session: Session, email: str) -> User | None:
    return session.scalars(select(User).where(User.email == email)).one_or_none()
