"""Sign-in with a passkey: without a password, or as the second factor after it."""

import json
from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session
from webauthn import generate_authentication_options, options_to_json
from webauthn.helpers.structs import (
    AuthenticationCredential,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    UserVerificationRequirement,
)

from biobank.accounts import audit, challenges, rate_limits, sessions
from biobank.accounts.authentication import LoginResult, get_pending_user
from biobank.accounts.challenges import Challenge
from biobank.accounts.identity import Identity
from biobank.accounts.keys import hash_key
from biobank.accounts.models import Passkey, User
from biobank.accounts.passkey_responses import (
    credential_bytes,
    parse_assertion,
    verify_assertion,
    wrong_passkey,
)
from biobank.accounts.passkeys import TIMEOUT_MILLISECONDS, Ceremony
from biobank.accounts.rate_limits import RateLimit
from biobank.accounts.relying_party import RelyingParty
from biobank.common.clock import now
from biobank.errors import AccountRefused, NotFound
from biobank.store.session import Database

#: `factor` in the audit log.
FACTOR = "passkey"


def start_sign_in(relying_party: RelyingParty) -> Ceremony:
    """Return what the browser needs to sign in with any passkey of this site."""
    challenge = Challenge.create("sign_in")
    return _ceremony(relying_party, challenge, (), UserVerificationRequirement.REQUIRED)


def start_second_factor(database: Database, relying_party: RelyingParty, pending_key: str) -> Ceremony:
    """Return what the browser needs to confirm a sign-in with a passkey of the same user.

    Raises:
        AccountRefused: `wrong_sign_in` if the first step has expired.
        NotFound: the user has no passkey.
    """
    user = get_pending_user(database, pending_key)
    with database.read() as session:
        passkeys = session.scalars(select(Passkey).where(Passkey.user_id == user.id)).all()
    if not passkeys:
        raise NotFound("There is no passkey.")
    challenge = Challenge.create("second_factor", _owner(pending_key))
    # The password was the first factor, so that presence is enough.
    return _ceremony(relying_party, challenge, passkeys, UserVerificationRequirement.DISCOURAGED)


def sign_in(
    database: Database,
    actor: Identity,
    relying_party: RelyingParty,
    challenge: Challenge | None,
    response: str,
    browser: str = "",
) -> LoginResult:
    """Start a session of the user whose passkey signed the challenge.

    Raises:
        AccountRefused: `passkey_expired`, `wrong_passkey`, or `password_first` after a password reset.
        TooManyAttempts: the account or the IP address is rate limited.
    """
    assertion, passkey, user = _find_passkey(database, response)
    limits = _count_attempt(database, actor, user, FACTOR)
    try:
        challenge = challenges.redeem(database, challenge, "sign_in")
        if assertion is None or passkey is None or user is None or not user.active:
            raise wrong_passkey()
        verified = verify_assertion(assertion, passkey, challenge, relying_party, passwordless=True)
    except AccountRefused:
        _record_failure(database, actor, user, "sign_in_failed")
        raise
    with database.write() as session:
        if not passkey.passwordless:
            audit.record(session, actor, "sign_in_failed", user, factor=FACTOR)
            key = ""
        else:
            _use(session, passkey, verified.new_sign_count, passwordless=True)
            key = sessions.create_session(session, user, actor, browser)
            audit.record_self(session, actor, "signed_in", user, factor=FACTOR)
    rate_limits.record_success(database, *limits)
    if not key:
        raise AccountRefused("Sign in with your password and this passkey once.", code="password_first")
    return LoginResult(key, needs_second_factor=False)


def verify_second_factor(
    database: Database,
    actor: Identity,
    relying_party: RelyingParty,
    challenge: Challenge | None,
    pending_key: str,
    response: str,
    browser: str = "",
) -> LoginResult:
    """Check the passkey after the password, and start a full session.

    Raises:
        AccountRefused: `wrong_sign_in` if the first step has expired, `passkey_expired` or
            `wrong_passkey`.
        TooManyAttempts: the account or the IP address is rate limited.
    """
    pending_user = get_pending_user(database, pending_key)
    # Codes and passkeys share their limits: both are the second factor.
    limits = _count_attempt(database, actor, pending_user, "code")
    assertion, passkey, user = _find_passkey(database, response)
    try:
        challenge = challenges.redeem(database, challenge, "second_factor", _owner(pending_key))
        if assertion is None or passkey is None or user is None or user.id != pending_user.id:
            raise wrong_passkey()
        verified = verify_assertion(assertion, passkey, challenge, relying_party, passwordless=False)
    except AccountRefused:
        _record_failure(database, actor, pending_user, "code_failed")
        raise
    with database.write() as session:
        match = sessions.find_session(session, pending_key, pending_2fa=True)
        if match is None:
            raise wrong_passkey()
        session.delete(match[0])
        _use(session, passkey, verified.new_sign_count, passwordless=True)
        key = sessions.create_session(session, match[1], actor, browser)
        audit.record_self(session, actor, "signed_in", match[1], factor=FACTOR)
    rate_limits.record_success(database, *limits)
    return LoginResult(key, needs_second_factor=False)


def _ceremony(
    relying_party: RelyingParty,
    challenge: Challenge,
    passkeys: Sequence[Passkey],
    user_verification: UserVerificationRequirement,
) -> Ceremony:
    allowed = [
        PublicKeyCredentialDescriptor(
            credential_bytes(row), transports=[AuthenticatorTransport(name) for name in row.transports]
        )
        for row in passkeys
    ]
    options = generate_authentication_options(
        rp_id=relying_party.id,
        challenge=challenge.bytes,
        timeout=TIMEOUT_MILLISECONDS,
        allow_credentials=allowed,
        user_verification=user_verification,
    )
    return Ceremony(json.loads(options_to_json(options)), challenge)


def _find_passkey(
    database: Database, response: str
) -> tuple[AuthenticationCredential | None, Passkey | None, User | None]:
    """Return the response, and the passkey and the user that it claims."""
    assertion = parse_assertion(response)
    if assertion is None:
        return None, None, None
    query = (
        select(Passkey, User)
        .join(User, User.id == Passkey.user_id)
        .where(Passkey.credential_id == assertion.id)
    )
    with database.read() as session:
        row = session.execute(query).one_or_none()
    return (assertion, row[0], row[1]) if row else (assertion, None, None)


def _count_attempt(
    database: Database, actor: Identity, user: User | None, purpose: str
) -> tuple[RateLimit, RateLimit]:
    """Count an attempt at the account that the response claims, if any, and from the IP address."""
    account = rate_limits.account_limit(user.email if user else "", purpose)
    ip = rate_limits.ip_limit(actor.ip_address, purpose)
    rate_limits.count_attempt(database, (account, ip) if user else (ip,))
    return account, ip


def _use(session: Session, passkey: Passkey, sign_count: int, *, passwordless: bool) -> None:
    """Store the new counter, unless the passkey was used or removed in the meantime.

    Raises:
        AccountRefused: `wrong_passkey`.
    """
    statement = (
        update(Passkey)
        .where(Passkey.id == passkey.id, Passkey.sign_count == passkey.sign_count)
        .where(Passkey.passwordless == passkey.passwordless)
        .values(sign_count=sign_count, used_at=now(), passwordless=passwordless)
        .returning(Passkey.id)
    )
    if session.scalars(statement).one_or_none() is None:
        raise wrong_passkey()


def _record_failure(database: Database, actor: Identity, user: User | None, action: str) -> None:
    with database.write() as session:
        audit.record(session, actor, action, user, factor=FACTOR)


def _owner(pending_key: str) -> str:
    return hash_key(pending_key)
