"""Hashes of audit rows. Fields with personal data enter them as salted digests, so they can be erased.

An erased field keeps its digest and loses its salt: the row still matches its hash, and the value
cannot be guessed. Rows of the first version, written before migration 0018, are hashed with their
values; the row `sealed` that follows them holds a hash of all their digests.
"""

import json
import secrets
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from biobank.accounts.models import AuditEvent
from biobank.common.clock import as_utc

#: Columns covered by the hash. Ids are left out: the chain itself defines the order.
HASHED_FIELDS = ("at", "what", "kind", "subject", "subject_id", "actor", "actor_id", "address", "detail")
#: Fields with personal data.
ERASABLE_FIELDS = ("actor", "subject", "address", "detail")
#: Version of rows whose hash covers digests.
DIGEST_VERSION = 2
SALT_BYTES = 16


def pseudonym(user_id: int | None) -> str:
    """Return the neutral name of an erased user."""
    return f"user-{user_id}"


def compute_hash(previous_hash: str, values: Mapping[str, Any]) -> str:
    """Return the hexadecimal SHA-256 of the previous hash, a newline and the row as canonical JSON.

    Canonical JSON: the HASHED_FIELDS in alphabetical order, without spaces, non-ASCII escaped, `at`
    in UTC with microseconds.
    """
    row = {name: values[name] for name in HASHED_FIELDS}
    row["at"] = as_utc(row["at"]).isoformat(timespec="microseconds")
    return sha256(f"{previous_hash}\n{_to_json(row)}".encode()).hexdigest()


def compute_digest(salt: str, value: Any) -> str:
    """Return the hexadecimal SHA-256 of the salt, a newline and the value as canonical JSON."""
    return sha256(f"{salt}\n{_to_json(value)}".encode()).hexdigest()


def add_salts(event: AuditEvent) -> None:
    """Prepare a new event to be hashed."""
    event.chain_version, event.digests = DIGEST_VERSION, {}
    event.salts = {name: secrets.token_hex(SALT_BYTES) for name in ERASABLE_FIELDS}


def event_hash(previous_hash: str, event: AuditEvent) -> str:
    """Return the hash that an event has after `previous_hash`."""
    values = _digested(event) if event.chain_version == DIGEST_VERSION else _values(event)
    return compute_hash(previous_hash, values)


def extend_seal(seal: str, event: AuditEvent) -> str:
    """Return the hash of the digests of all rows of the first version, up to this one."""
    return sha256(f"{compute_hash(seal, _digested(event))}\n{event.hash}".encode()).hexdigest()


def erase_field(event: AuditEvent, name: str) -> None:
    """Replace the value of a field by its placeholder and its salt by the digest."""
    if name in event.digests:
        return
    digest = compute_digest(event.salts[name], getattr(event, name))
    event.digests = {**event.digests, name: digest}
    event.salts = {key: salt for key, salt in event.salts.items() if key != name}
    setattr(event, name, _placeholder(event, name))


def has_placeholders(event: AuditEvent) -> bool:
    """Return whether the erased fields of an event, which no hash covers, are really empty."""
    return all(getattr(event, name) == _placeholder(event, name) for name in event.digests)


def _placeholder(event: AuditEvent, name: str) -> Any:
    if name == "actor":
        return pseudonym(event.actor_id)
    if name == "subject":
        return pseudonym(event.subject_id)
    return {} if name == "detail" else ""


def _values(event: AuditEvent) -> dict[str, Any]:
    return {name: getattr(event, name) for name in HASHED_FIELDS}


def _digested(event: AuditEvent) -> dict[str, Any]:
    values = _values(event)
    for name in ERASABLE_FIELDS:
        # A row without salts matches no hash.
        digest = event.digests.get(name)
        values[name] = digest or compute_digest(event.salts.get(name, ""), values[name])
    return values


def _to_json(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"))
