"""Administration of webhooks: add, test, pause, remove and change the secret; all audited."""

import secrets
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from biobank.accounts import audit
from biobank.accounts.clock import now
from biobank.accounts.identity import Identity
from biobank.accounts.policy import Action, require
from biobank.errors import BadAddress, NotFound
from biobank.exchange.mirroring.addresses import target_of
from biobank.exchange.mirroring.models import Webhook
from biobank.store.outbox import newest_number
from biobank.store.session import Database

WEBHOOKS_MOST = 50
_SALT_BYTES = 24


def webhooks(database: Database, who: Identity) -> Sequence[Webhook]:
    """Return all webhooks, in the order they were added."""
    require(who, Action.MANAGE_WEBHOOKS)
    with database.read() as session:
        return session.scalars(select(Webhook).order_by(Webhook.id)).all()


def add(database: Database, who: Identity, address: str, *, private: bool) -> Webhook:
    """Add a webhook for all future changes and request a test message.

    Raises:
        BadAddress: if the address is not allowed; also known_address, too_many_webhooks.
    """
    require(who, Action.MANAGE_WEBHOOKS)
    target_of(address, private=private)
    with database.write() as session:
        if session.scalar(select(Webhook.id).where(Webhook.address == address)):
            raise BadAddress("Changes are sent there already.", code="known_address")
        if (session.scalar(select(func.count(Webhook.id))) or 0) >= WEBHOOKS_MOST:
            raise BadAddress(f"There are {WEBHOOKS_MOST} webhooks.", code="too_many_webhooks")
        moment = now()
        made = Webhook(
            address=address,
            salt=_salt(),
            made_by=who.email or who.name,
            made_at=moment,
            position=newest_number(session),
            ping=True,
            paused="",
            failures=0,
            next_at=moment,
            outcome="",
        )
        session.add(made)
        session.flush()
        _note(session, who, "added", made)
    return made


def try_out(database: Database, who: Identity, webhook_id: int) -> None:
    """Send a test message at once, and resume if the webhook was paused."""
    with database.write() as session:
        found = _found(session, who, webhook_id)
        found.ping, found.paused, found.failures, found.next_at = True, "", 0, now()
        _note(session, who, "tried_out", found)


def pause(database: Database, who: Identity, webhook_id: int) -> None:
    """Pause until the next test; changes made meanwhile are sent then."""
    with database.write() as session:
        found = _found(session, who, webhook_id)
        found.paused, found.ping = "by_hand", False
        _note(session, who, "paused", found)


def remove(database: Database, who: Identity, webhook_id: int) -> None:
    with database.write() as session:
        found = _found(session, who, webhook_id)
        _note(session, who, "removed", found)
        session.delete(found)


def change_secret(database: Database, who: Identity, webhook_id: int) -> Webhook:
    """Replace the secret; the previous one becomes invalid."""
    with database.write() as session:
        found = _found(session, who, webhook_id)
        found.salt = _salt()
        _note(session, who, "secret_changed", found)
    return found


def _found(session: Session, who: Identity, webhook_id: int) -> Webhook:
    require(who, Action.MANAGE_WEBHOOKS)
    found = session.get(Webhook, webhook_id, with_for_update=True)
    if found is None:
        raise NotFound("There is no such webhook.")
    return found


def _note(session: Session, who: Identity, what: str, webhook: Webhook) -> None:
    audit.note_about(session, who, what, "webhook", webhook.address[:200])


def _salt() -> str:
    return secrets.token_urlsafe(_SALT_BYTES)
