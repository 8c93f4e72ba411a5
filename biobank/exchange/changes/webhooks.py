"""Administration of webhooks: add, test, pause, remove and change the secret; all audited."""

import secrets
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from biobank.accounts import audit
from biobank.accounts.identity import Identity
from biobank.accounts.policy import Action, require
from biobank.common.clock import now
from biobank.errors import BadAddress, NotFound
from biobank.exchange.changes.http_client import resolve_target
from biobank.exchange.changes.models import Webhook
from biobank.store.outbox import latest_number
from biobank.store.session import Database

MAX_WEBHOOKS = 50
_SALT_BYTES = 24


def list_webhooks(database: Database, actor: Identity) -> Sequence[Webhook]:
    """Return all webhooks, in the order they were added."""
    require(actor, Action.MANAGE_WEBHOOKS)
    with database.read() as session:
        return session.scalars(select(Webhook).order_by(Webhook.id)).all()


def add_webhook(database: Database, actor: Identity, address: str, *, allow_private: bool) -> Webhook:
    """Add a webhook for all future changes and request a test message.

    Raises:
        BadAddress: if the address is not allowed; also known_address, too_many_webhooks.
    """
    require(actor, Action.MANAGE_WEBHOOKS)
    resolve_target(address, allow_private=allow_private)
    with database.write() as session:
        if session.scalar(select(Webhook.id).where(Webhook.address == address)):
            raise BadAddress("Changes are sent there already.", code="known_address")
        if (session.scalar(select(func.count(Webhook.id))) or 0) >= MAX_WEBHOOKS:
            raise BadAddress(f"There are {MAX_WEBHOOKS} webhooks.", code="too_many_webhooks")
        created_at = now()
        webhook = Webhook(
            address=address,
            salt=_generate_salt(),
            made_by=actor.email or actor.name,
            made_at=created_at,
            position=latest_number(session),
            ping=True,
            paused="",
            failures=0,
            next_at=created_at,
            outcome="",
        )
        session.add(webhook)
        session.flush()
        _audit(session, actor, "added", webhook)
    return webhook


def send_test(database: Database, actor: Identity, webhook_id: int) -> None:
    """Send a test message at once, and resume if the webhook was paused."""
    with database.write() as session:
        webhook = _load_locked(session, actor, webhook_id)
        webhook.ping, webhook.paused, webhook.failures, webhook.next_at = True, "", 0, now()
        _audit(session, actor, "tried_out", webhook)


def pause(database: Database, actor: Identity, webhook_id: int) -> None:
    """Pause until the next test; changes made meanwhile are sent then."""
    with database.write() as session:
        webhook = _load_locked(session, actor, webhook_id)
        webhook.paused, webhook.ping = "by_hand", False
        _audit(session, actor, "paused", webhook)


def remove(database: Database, actor: Identity, webhook_id: int) -> None:
    with database.write() as session:
        webhook = _load_locked(session, actor, webhook_id)
        _audit(session, actor, "removed", webhook)
        session.delete(webhook)


def change_secret(database: Database, actor: Identity, webhook_id: int) -> Webhook:
    """Replace the secret; the previous one becomes invalid."""
    with database.write() as session:
        webhook = _load_locked(session, actor, webhook_id)
        webhook.salt = _generate_salt()
        _audit(session, actor, "secret_changed", webhook)
    return webhook


def _load_locked(session: Session, actor: Identity, webhook_id: int) -> Webhook:
    require(actor, Action.MANAGE_WEBHOOKS)
    webhook = session.get(Webhook, webhook_id, with_for_update=True)
    if webhook is None:
        raise NotFound("Webhook not found.")
    return webhook


def _audit(session: Session, actor: Identity, action: str, webhook: Webhook) -> None:
    audit.record_for(session, actor, action, "webhook", webhook.address[:200])


def _generate_salt() -> str:
    return secrets.token_urlsafe(_SALT_BYTES)
