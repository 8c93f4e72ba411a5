"""Responses of authenticators: reading and verifying them with py_webauthn."""

from dataclasses import dataclass
from typing import Any

from webauthn import verify_authentication_response, verify_registration_response
from webauthn.authentication.verify_authentication_response import VerifiedAuthentication
from webauthn.helpers import (
    base64url_to_bytes,
    parse_authentication_credential_json,
    parse_registration_credential_json,
)
from webauthn.helpers.structs import AuthenticationCredential
from webauthn.registration.verify_registration_response import VerifiedRegistration

from biobank.accounts.challenges import Challenge
from biobank.accounts.models import MAX_CREDENTIAL_ID_CHARS, Passkey
from biobank.accounts.relying_party import RelyingParty
from biobank.common import strict_json
from biobank.errors import AccountRefused

#: Characters of a response in JSON; attestations with certificates take the most.
MAX_RESPONSE_CHARS = 20_000


@dataclass(frozen=True)
class NewCredential:
    """A verified new credential, and how the browser reaches its authenticator."""

    verified: VerifiedRegistration
    transports: list[str]


def parse_assertion(text: str) -> AuthenticationCredential | None:
    """Return the response of a sign-in, not verified yet; None if it cannot be read."""
    try:
        return parse_authentication_credential_json(_parse_json(text))
    except Exception:  # The library raises many kinds for malformed bytes.
        return None


def verify_registration(text: str, challenge: Challenge, relying_party: RelyingParty) -> NewCredential:
    """Verify the response to a registration.

    Raises:
        AccountRefused: `wrong_passkey`.
    """
    try:
        credential = parse_registration_credential_json(_parse_json(text))
        verified = verify_registration_response(
            credential=credential,
            expected_challenge=challenge.bytes,
            expected_rp_id=relying_party.id,
            expected_origin=relying_party.origin,
            require_user_verification=True,
        )
    except Exception as error:
        raise wrong_passkey() from error
    if len(credential.id) > MAX_CREDENTIAL_ID_CHARS:
        raise wrong_passkey()
    return NewCredential(
        verified, sorted(transport.value for transport in credential.response.transports or ())
    )


def verify_assertion(
    assertion: AuthenticationCredential,
    passkey: Passkey,
    challenge: Challenge,
    relying_party: RelyingParty,
    *,
    passwordless: bool,
) -> VerifiedAuthentication:
    """Verify signature, challenge, origin, host, user and counter of a response.

    Without a password, the authenticator must have verified the user (PIN, fingerprint, face) and name
    them.

    Raises:
        AccountRefused: `wrong_passkey`.
    """
    handle = assertion.response.user_handle
    if handle != passkey.user_handle and (passwordless or handle is not None):
        raise wrong_passkey()
    try:
        return verify_authentication_response(
            credential=assertion,
            expected_challenge=challenge.bytes,
            expected_rp_id=relying_party.id,
            expected_origin=relying_party.origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=passwordless,
        )
    except Exception as error:
        raise wrong_passkey() from error


def credential_bytes(passkey: Passkey) -> bytes:
    """Return the id of a credential as authenticators know it."""
    return base64url_to_bytes(passkey.credential_id)


def wrong_passkey() -> AccountRefused:
    """Return the refusal of a response, which does not say why."""
    return AccountRefused("This passkey was not accepted.", code="wrong_passkey")


def _parse_json(text: str) -> dict[str, Any]:
    if len(text) > MAX_RESPONSE_CHARS:
        raise ValueError("The response is too long.")
    parsed = strict_json.loads(text)
    if not isinstance(parsed, dict):
        raise ValueError("The response is no object.")
    return parsed
