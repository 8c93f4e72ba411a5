"""An authenticator in software that can also answer wrongly."""

import json
from dataclasses import dataclass, field
from hashlib import sha256
from secrets import token_bytes
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

from biobank.accounts.relying_party import RelyingParty

RELYING_PARTY = RelyingParty("bank.example.az", "https://bank.example.az")

#: Flags of authenticator data: user present, user verified, attested credential included.
PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


@dataclass
class Authenticator:
    """One credential; `counter` is what it reports next."""

    origin: str = RELYING_PARTY.origin
    rp_id: str = RELYING_PARTY.id
    flags: int = PRESENT | VERIFIED
    counter: int = 1
    credential_id: bytes = field(default_factory=lambda: token_bytes(32))
    user_handle: bytes = b""

    def __post_init__(self) -> None:
        self._key = generate_private_key(SECP256R1())

    def create(self, options: dict[str, Any]) -> str:
        """Return the response to the options of a registration."""
        self.user_handle = base64url_to_bytes(options["user"]["id"])
        numbers = self._key.public_key().public_numbers()
        public_key = cbor2.dumps(
            {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        )
        attested = bytes(16) + len(self.credential_id).to_bytes(2, "big") + self.credential_id + public_key
        attestation = {
            "fmt": "none",
            "attStmt": {},
            "authData": self._authenticator_data(self.flags | ATTESTED) + attested,
        }
        return self._response(
            clientDataJSON=self._client_data("webauthn.create", options["challenge"]),
            attestationObject=cbor2.dumps(attestation),
        )

    def get(self, options: dict[str, Any]) -> str:
        """Return the response to the options of a sign-in."""
        data = self._authenticator_data(self.flags)
        client_data = self._client_data("webauthn.get", options["challenge"])
        signature = self._key.sign(data + sha256(client_data).digest(), ECDSA(SHA256()))
        return self._response(
            clientDataJSON=client_data,
            authenticatorData=data,
            signature=signature,
            userHandle=self.user_handle,
        )

    def _authenticator_data(self, flags: int) -> bytes:
        data = sha256(self.rp_id.encode()).digest() + bytes([flags]) + self.counter.to_bytes(4, "big")
        self.counter += 1 if self.counter else 0
        return data

    def _client_data(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _response(self, **fields: bytes) -> str:
        credential_id = bytes_to_base64url(self.credential_id)
        response = {name: bytes_to_base64url(value) for name, value in fields.items()}
        return json.dumps(
            {"id": credential_id, "rawId": credential_id, "type": "public-key", "response": response}
        )
