"""Sign-in with password and second factor, and password changes and resets.

Responses and response times do not reveal whether an e-mail address has an account.
"""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from biobank.accounts import attempts, audit, links, second_factor, sessions
from biobank.accounts.checks import fold_email
from biobank.accounts.identity import Identity
from biobank.accounts.models import User
from biobank.accounts.passwords import (
    check_password,
    hash_password,
    is_password,
    needs_new_hash,
)
from biobank.accounts.policy import Action, require
from biobank.accounts.seal import Seal
from biobank.errors import AccountRefused
from biobank.store.session import Database


@dataclass(frozen=True)
class Started:
    """A session key; `needs_second_factor` if the second factor comes next."""

    key: str
    half: bool


@dataclass(frozen=True)
class ResetLink:
    """A password-reset link and its recipient."""

    email: str
    name: str
    lang: str
    key: str


def sign_in(
    database: Database, who: Identity, email: str, password: str, browser: str = ""
) -> Started:
    """Check e-mail address and password and start a session.

    Raises:
        AccountRefused: `wrong_sign_in`.
        TooManyAttempts: the account or the IP address is rate limited.
    """
    email = fold_email(email)
    account, address = attempts.of_account(email), attempts.of_address(who.address)
    attempts.count(database, (account, address))
    with database.read() as session:
        user = _by_email(session, email)
    right = is_password(password, user.password if user and user.active else None)
    with database.write() as session:
        if user is None or not right:
            audit.note(session, who, "sign_in_failed", user)
        else:
            user = session.merge(user, load=False)
            if user.password and needs_new_hash(user.password):
                user.password = hash_password(password)
            started = _start(session, user, who, browser)
    if not right:
        raise AccountRefused("The e-mail address or the password is not right.", code=_WRONG)
    attempts.give_back(database, account, address)
    return started


def second_step(
    database: Database, who: Identity, seal: Seal, half_key: str, typed: str, browser: str = ""
) -> Started:
    """Check a TOTP or recovery code and start a full session.

    Raises:
        AccountRefused: `wrong_sign_in` if the first step has expired, `wrong_code`, or
            `sealed_otherwise` if the secret cannot be decrypted.
        TooManyAttempts: the account or the IP address is rate limited.
    """
    user = half_signed_in(database, half_key)
    account = attempts.of_account(user.email, "code")
    address = attempts.of_address(who.address, "code")
    attempts.count(database, (account, address))
    with database.write() as session:
        found = sessions.find(session, half_key, half=True)
        factor = second_factor.take(session, found[1], seal, typed) if found else None
        if found is None or factor is None:
            audit.note(session, who, "code_failed", user)
        else:
            session.delete(found[0])
            key = sessions.start(session, found[1], who, browser)
            audit.note_own(session, who, "signed_in", found[1], factor=factor)
    if factor is None:
        raise AccountRefused("This code is not right, or was used before.", code="wrong_code")
    attempts.give_back(database, account, address)
    return Started(key, half=False)


def half_signed_in(database: Database, half_key: str) -> User:
    """Return the user who gave the password and still has to give the second factor."""
    with database.read() as session:
        found = sessions.find(session, half_key, half=True)
    if found is None:
        raise AccountRefused("Sign in again, with your password first.", code=_WRONG)
    return found[1]


def change_password(database: Database, who: Identity, old: str, new: str) -> str | None:
    """Change the password, end all other sessions and return the new key of this one."""
    require(who, Action.OWN_ACCOUNT)
    check_password(new, who.email)
    second_factor.require_password(database, who, old)
    with database.write() as session:
        user = session.get_one(User, who.user_id)
        user.password = hash_password(new)
        links.end(session, user)
        sessions.end_of(session, user.id, but=who.sign_in)
        audit.note(session, who, "password_changed", user)
        return sessions.rotate(session, who)


def count_reset(database: Database, who: Identity, email: str) -> None:
    """Count a request for a password reset, so that it cannot be used to flood a mailbox.

    Raises:
        TooManyAttempts: the account or the IP address is rate limited.
    """
    account = attempts.of_account(fold_email(email), "reset")
    attempts.count(database, (account, attempts.of_address(who.address, "reset")))


def ask_reset(database: Database, who: Identity, email: str) -> ResetLink | None:
    """Return a reset link for the account of `email`, if there is one.

    It may be sent only to that address. The call takes longer if the account exists, so it must not
    delay the response.
    """
    with database.write() as session:
        user = _by_email(session, fold_email(email))
        if user is None or not user.active or not user.password:
            return None
        key, _ = links.make(session, user, "reset")
        audit.note(session, who, "reset_asked", user)
        return ResetLink(user.email, user.name, user.lang, key)


def reset_owner(database: Database, key: str) -> str:
    """Return the e-mail address of the user of a valid reset link."""
    with database.read() as session:
        return links.owner(session, key, "reset").email


def reset(database: Database, who: Identity, key: str, password: str) -> None:
    """Set a new password by a one-time link and end all sessions.

    The second factor stays enabled.
    """
    check_password(password, reset_owner(database, key))
    hashed = hash_password(password)
    with database.write() as session:
        user = links.use(session, key, "reset")
        user.password = hashed
        sessions.end_of(session, user.id)
        audit.note_own(session, who, "password_reset", user)


_WRONG = "wrong_sign_in"


def _start(session: Session, user: User, who: Identity, browser: str) -> Started:
    half = user.totp is not None
    key = sessions.start(session, user, who, browser, half=half)
    audit.note_own(session, who, "password_given" if half else "signed_in", user)
    return Started(key, half)


def _by_email(session: Session, email: str) -> User | None:
    return session.scalars(select(User).where(User.email == email)).one_or_none()
