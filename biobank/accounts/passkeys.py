"""The passkeys of a user: adding, listing and removing them. See `docs/adr/0021`."""

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from webauthn import generate_registration_options, options_to_json
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from biobank.accounts import audit, challenges, second_factor, sessions
from biobank.accounts.challenges import CHALLENGE_LIFETIME, Challenge
from biobank.accounts.identity import Identity
from biobank.accounts.models import USER_HANDLE_BYTES, Passkey, User
from biobank.accounts.passkey_responses import NewCredential, credential_bytes, verify_registration
from biobank.accounts.policy import Action, require
from biobank.accounts.relying_party import RelyingParty
from biobank.accounts.validators import validate_name
from biobank.common.clock import now
from biobank.errors import AccountRefused, NotFound
from biobank.store.session import Database

#: A few devices, a security key and a spare.
MAX_PASSKEYS = 10
TIMEOUT_MILLISECONDS = int(CHALLENGE_LIFETIME.total_seconds() * 1000)


@dataclass(frozen=True)
class Ceremony:
    """Options for the browser's dialog, and the challenge that they contain."""

    options: dict[str, Any]
    challenge: Challenge


@dataclass(frozen=True)
class AddedPasskey:
    """The new session key, and recovery codes if the user had none, shown only once."""

    session_key: str | None
    recovery_codes: tuple[str, ...]


def start_adding(
    database: Database, actor: Identity, relying_party: RelyingParty, name: str, password: str
) -> Ceremony:
    """Return what the browser needs to create a passkey.

    The password is required, so that an unattended browser cannot be used to keep access.
    """
    require(actor, Action.MANAGE_OWN_ACCOUNT)
    validate_name(name)
    second_factor.require_password(database, actor, password)
    with database.read() as session:
        user = session.get_one(User, actor.user_id)
        existing = _passkeys_of(session, user)
    _require_room(existing)
    handle = existing[0].user_handle if existing else secrets.token_bytes(USER_HANDLE_BYTES)
    challenge = Challenge.create("add", _owner(actor), bytes_to_base64url(handle))
    options = generate_registration_options(
        rp_id=relying_party.id,
        rp_name=second_factor.ISSUER,
        user_id=handle,
        user_name=user.email,
        user_display_name=user.name,
        challenge=challenge.bytes,
        timeout=TIMEOUT_MILLISECONDS,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(credential_bytes(row)) for row in existing],
    )
    return Ceremony(json.loads(options_to_json(options)), challenge)


def add(
    database: Database,
    actor: Identity,
    relying_party: RelyingParty,
    challenge: Challenge | None,
    name: str,
    response: str,
) -> AddedPasskey:
    """Add the passkey that an authenticator created, and end all other sessions of `actor`.

    Raises:
        AccountRefused: `passkey_expired`, `wrong_passkey`, `known_passkey` or `too_many_passkeys`.
    """
    require(actor, Action.MANAGE_OWN_ACCOUNT)
    name = validate_name(name)
    challenge = challenges.redeem(database, challenge, "add", _owner(actor))
    credential = verify_registration(response, challenge, relying_party)
    try:
        with database.write() as session:
            user = session.get_one(User, actor.user_id, with_for_update=True)
            existing = _passkeys_of(session, user)
            _require_room(existing)
            had_second_factor = user.totp is not None or bool(existing)
            session.add(_build_row(user, name, credential, base64url_to_bytes(challenge.user_handle)))
            session.flush()
            sessions.end_user_sessions(session, user.id, except_id=actor.session_id)
            audit.record(session, actor, "passkey_added", user, name=name)
            codes = () if had_second_factor else second_factor.replace_recovery_codes(session, user)
            return AddedPasskey(sessions.rotate_key(session, actor), codes)
    except IntegrityError as error:
        raise AccountRefused("This passkey was already added.", code="known_passkey") from error


def remove(database: Database, actor: Identity, passkey_id: int, password: str) -> str | None:
    """Remove a passkey of `actor`, end all other sessions and return the new key of this one.

    Raises:
        NotFound: the passkey belongs to another user or does not exist.
    """
    require(actor, Action.MANAGE_OWN_ACCOUNT)
    second_factor.require_password(database, actor, password)
    with database.write() as session:
        passkey = session.get(Passkey, passkey_id)
        if passkey is None or passkey.user_id != actor.user_id:
            raise NotFound("Passkey not found.")
        session.delete(passkey)
        session.flush()
        user = session.get_one(User, actor.user_id)
        second_factor.drop_codes_without_factor(session, user)
        sessions.end_user_sessions(session, user.id, except_id=actor.session_id)
        audit.record(session, actor, "passkey_removed", user, name=passkey.name)
        return sessions.rotate_key(session, actor)


def list_own(database: Database, actor: Identity) -> Sequence[Passkey]:
    """Return the passkeys of `actor`, oldest first."""
    require(actor, Action.MANAGE_OWN_ACCOUNT)
    with database.read() as session:
        return _passkeys_of(session, session.get_one(User, actor.user_id))


def _passkeys_of(session: Session, user: User) -> Sequence[Passkey]:
    return session.scalars(select(Passkey).where(Passkey.user_id == user.id).order_by(Passkey.id)).all()


def _build_row(user: User, name: str, credential: NewCredential, handle: bytes) -> Passkey:
    verified = credential.verified
    return Passkey(
        user_id=user.id,
        created_at=now(),
        credential_id=bytes_to_base64url(verified.credential_id),
        public_key=verified.credential_public_key,
        user_handle=handle,
        name=name,
        transports=credential.transports,
        sign_count=verified.sign_count,
        passwordless=True,
    )


def _require_room(existing: Sequence[Passkey]) -> None:
    if len(existing) >= MAX_PASSKEYS:
        raise AccountRefused(f"Remove one first: {MAX_PASSKEYS} is the most.", code="too_many_passkeys")


def _owner(actor: Identity) -> str:
    return f"session {actor.session_id}"
