"""Webhooks receive every change in order, signed, at least once, with retries."""

import hmac
import json
import threading
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from hashlib import sha256

import pytest
from sqlalchemy import select, update

from biobank.accounts.identity import Identity
from biobank.accounts.models import AuditEvent
from biobank.common.clock import as_utc, now
from biobank.editorial.review import workflow
from biobank.errors import BadAddress, Forbidden, NotFound
from biobank.exchange.changes import http_client, webhooks
from biobank.exchange.changes.http_client import WebhookTarget, derive_secret, encode_secret
from biobank.exchange.changes.models import Webhook
from biobank.exchange.changes.webhook_dispatcher import RETRY_DELAYS_SECONDS, WebhookDispatcher
from biobank.store.session import Database
from tests.exchange.changes.conftest import EDITOR, FIRST, SECOND, apply_pending, save
from tests.exchange.changes.webhook_receiver import ReceivedMessage, Receiver, run_receiver
from tests.support import seed
from tests.support.waiting import wait_until

ADMIN = Identity("admin", "session", "an administrator", 3)
KEY = "the bank's own key"


@pytest.fixture
def webhook_receiver() -> Iterator[Receiver]:
    with run_receiver() as server:
        yield server


@pytest.fixture
def dispatcher(store: Database) -> WebhookDispatcher:
    return WebhookDispatcher(store, KEY, allow_private=True)


def add_webhook(store: Database, address: str) -> Webhook:
    return webhooks.add_webhook(store, ADMIN, address, allow_private=True)


def load_webhook(store: Database) -> Webhook:
    with store.read() as session:
        return session.scalars(select(Webhook)).one()


def change(store: Database, person_id: str, text: str = "Another") -> None:
    save(store, seed.person_without_relations(person_id) | {"headline": {"en": text}})
    apply_pending(store)


def set_due(store: Database) -> None:
    with store.write() as session:
        session.execute(update(Webhook).values(next_at=now() - timedelta(seconds=1)))


def received_states(message: ReceivedMessage) -> dict[str, str]:
    return {change["id"]: change["state"] for change in json.loads(message.body)["data"].get("changes", ())}


def test_new_webhook_gets_a_ping_then_changes(
    store: Database, dispatcher: WebhookDispatcher, webhook_receiver: Receiver
) -> None:
    add_webhook(store, webhook_receiver.address)
    assert dispatcher.round() == 1
    assert json.loads(webhook_receiver.received[0].body)["type"] == "ping"
    assert dispatcher.round() == 0, "nothing changed"
    change(store, FIRST)
    workflow.withdraw(store, EDITOR, SECOND, "mistake", "")
    apply_pending(store)
    assert dispatcher.round() == 1
    assert dispatcher.round() == 0
    assert received_states(webhook_receiver.received[1]) == {FIRST: "published", SECOND: "withdrawn"}
    assert load_webhook(store).outcome == "200"


def test_signature_follows_standard_webhooks(
    store: Database, dispatcher: WebhookDispatcher, webhook_receiver: Receiver
) -> None:
    webhook = add_webhook(store, webhook_receiver.address)
    dispatcher.round()
    (message,) = webhook_receiver.received
    secret = encode_secret(derive_secret(KEY, webhook.salt))
    content = (
        f"{message.headers['webhook-id']}.{message.headers['webhook-timestamp']}.".encode() + message.body
    )
    key = b64decode(secret.removeprefix("whsec_"))
    expected = b64encode(hmac.new(key, content, sha256).digest()).decode()
    assert message.headers["webhook-signature"] == f"v1,{expected}"
    assert abs(int(message.headers["webhook-timestamp"]) - now().timestamp()) < 60
    assert secret not in str(webhook.__dict__), "the store alone does not give the secret"


def test_failed_messages_are_retried_with_the_same_id(
    store: Database, dispatcher: WebhookDispatcher, webhook_receiver: Receiver
) -> None:
    add_webhook(store, webhook_receiver.address)
    dispatcher.round()
    webhook_receiver.statuses = [500, 307]
    change(store, FIRST)
    dispatcher.round()
    assert dispatcher.round() == 0, "not before it is time"
    waits = as_utc(load_webhook(store).next_at) - now()
    assert timedelta() < waits <= timedelta(seconds=RETRY_DELAYS_SECONDS[0])
    set_due(store)
    dispatcher.round()
    assert load_webhook(store).failures == 2
    assert as_utc(load_webhook(store).next_at) - now() > timedelta(seconds=RETRY_DELAYS_SECONDS[1] - 60)
    set_due(store)
    dispatcher.round()
    ids = [message.headers["webhook-id"] for message in webhook_receiver.received[1:]]
    assert len(ids) == 3
    assert len(set(ids)) == 1
    assert received_states(webhook_receiver.received[-1]) == {FIRST: "published"}
    assert (load_webhook(store).failures, load_webhook(store).paused) == (0, "")


def test_webhook_is_paused_after_repeated_failures(
    store: Database, dispatcher: WebhookDispatcher, webhook_receiver: Receiver
) -> None:
    webhook = add_webhook(store, webhook_receiver.address)
    dispatcher.round()
    change(store, FIRST)
    webhook_receiver.statuses = [503] * (len(RETRY_DELAYS_SECONDS) + 1)
    for _ in range(len(RETRY_DELAYS_SECONDS) + 3):
        set_due(store)
        dispatcher.round()
    assert load_webhook(store).paused == "failed"
    assert len(webhook_receiver.received) == 2 + len(RETRY_DELAYS_SECONDS)
    webhooks.send_test(store, ADMIN, webhook.id)
    assert dispatcher.round() == 1
    assert dispatcher.round() == 1
    assert received_states(webhook_receiver.received[-1]) == {FIRST: "published"}


def test_status_410_pauses_the_webhook(
    store: Database, dispatcher: WebhookDispatcher, webhook_receiver: Receiver
) -> None:
    add_webhook(store, webhook_receiver.address)
    webhook_receiver.statuses = [410]
    dispatcher.round()
    change(store, FIRST)
    assert dispatcher.round() == 0
    assert load_webhook(store).paused == "gone"


def test_changes_of_several_messages_are_in_feed_order(
    store: Database,
    dispatcher: WebhookDispatcher,
    webhook_receiver: Receiver,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("biobank.exchange.changes.webhook_dispatcher.MAX_CHANGES_PER_MESSAGE", 1)
    add_webhook(store, webhook_receiver.address)
    dispatcher.round()
    change(store, SECOND)
    change(store, FIRST)
    assert (dispatcher.round(), dispatcher.round(), dispatcher.round()) == (1, 1, 0)
    assert [received_states(message) for message in webhook_receiver.received[1:]] == [
        {SECOND: "published"},
        {FIRST: "published"},
    ]


def test_concurrent_dispatchers_send_once(store: Database, webhook_receiver: Receiver) -> None:
    add_webhook(store, webhook_receiver.address)
    dispatchers = [WebhookDispatcher(store, KEY, allow_private=True) for _ in range(4)]
    threads = [threading.Thread(target=dispatcher.round) for dispatcher in dispatchers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(webhook_receiver.received) == 1


@contextmanager
def running(dispatcher: WebhookDispatcher) -> Iterator[threading.Thread]:
    """Run the dispatcher in a thread, as beside the server."""
    stop_event = threading.Event()
    thread = threading.Thread(target=dispatcher.run, args=(stop_event, 0.05), daemon=True)
    thread.start()
    try:
        yield thread
    finally:
        stop_event.set()
        thread.join(30)
        assert not thread.is_alive()


def test_slow_receivers_delay_no_other(
    store: Database, webhook_receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("biobank.exchange.changes.webhook_dispatcher.MAX_CHANGES_PER_MESSAGE", 1)
    # No timeout ends within this test, so a dispatcher that waits for a slow receiver fails it.
    monkeypatch.setattr(http_client, "TOTAL_TIMEOUT_SECONDS", 600)
    monkeypatch.setattr(http_client, "CONNECT_TIMEOUT_SECONDS", 600)
    release = threading.Event()
    with ExitStack() as stack:
        slow = [stack.enter_context(run_receiver()) for _ in range(4)]
        stack.callback(release.set)
        for server in slow[:3]:
            server.release_event = release
        slow[3].endless_start = b"H"
        for server in (*slow, webhook_receiver):
            add_webhook(store, server.address)
        with running(WebhookDispatcher(store, KEY, allow_private=True)):
            wait_until(lambda: all(server.received for server in (*slow, webhook_receiver)))
            for person_id in (FIRST, SECOND, FIRST):
                seen = len(webhook_receiver.received)
                change(store, person_id, f"Number {seen}")
                wait_until(lambda seen=seen: len(webhook_receiver.received) > seen)
        assert [received_states(message) for message in webhook_receiver.received[1:]] == [
            {FIRST: "published"},
            {SECOND: "published"},
            {FIRST: "published"},
        ]
        assert [len(server.received) for server in slow] == [1, 1, 1, 1], "each still at its first"


def test_interrupted_delivery_is_repeated(
    store: Database, dispatcher: WebhookDispatcher, webhook_receiver: Receiver
) -> None:
    webhook_receiver.release_event = threading.Event()
    add_webhook(store, webhook_receiver.address)
    with running(dispatcher):
        wait_until(lambda: webhook_receiver.received)
    webhook_receiver.release_event.set()
    assert load_webhook(store).held_until is None
    assert load_webhook(store).ping
    assert WebhookDispatcher(store, KEY, allow_private=True).round() == 1
    assert len(webhook_receiver.received) == 2


def test_error_in_one_delivery_does_not_affect_others(store: Database, webhook_receiver: Receiver) -> None:
    add_webhook(store, webhook_receiver.address.replace("/changes", "/breaks"))
    add_webhook(store, webhook_receiver.address)

    def failing_send(target: WebhookTarget, headers: Mapping[str, str], body: bytes) -> int:
        if target.path.startswith("/breaks"):
            raise RuntimeError("nobody thought of this")
        return http_client.post(target, headers, body)

    assert WebhookDispatcher(store, KEY, allow_private=True, send=failing_send).round() == 2
    assert len(webhook_receiver.received) == 1
    with store.read() as session:
        rows = session.scalars(select(Webhook).order_by(Webhook.id)).all()
    assert [(row.outcome, row.failures) for row in rows] == [("broken", 1), ("200", 0)]
    assert all(row.held_until is None for row in rows)


def test_expired_lock_is_not_overwritten(store: Database, webhook_receiver: Receiver) -> None:
    add_webhook(store, webhook_receiver.address)
    later = now() + timedelta(hours=1)

    def slow_send(_target: WebhookTarget, _headers: Mapping[str, str], _body: bytes) -> int:
        with store.write() as session:
            session.execute(update(Webhook).values(held_until=later, outcome="another's"))
        return 200

    WebhookDispatcher(store, KEY, allow_private=True, send=slow_send).round()
    assert load_webhook(store).outcome == "another's"
    assert as_utc(load_webhook(store).held_until or now()) == later


def test_private_addresses_receive_nothing(store: Database, webhook_receiver: Receiver) -> None:
    add_webhook(store, webhook_receiver.address)
    dispatcher = WebhookDispatcher(store, KEY, allow_private=False)
    dispatcher.round()
    assert webhook_receiver.received == []
    assert load_webhook(store).failures == 1
    assert load_webhook(store).outcome == "not_https"


def test_delivery_continues_after_a_restore(
    store: Database, dispatcher: WebhookDispatcher, webhook_receiver: Receiver
) -> None:
    add_webhook(store, webhook_receiver.address)
    dispatcher.round()
    with store.write() as session:
        session.execute(update(Webhook).values(position=10**9))
    dispatcher.round()
    change(store, FIRST)
    dispatcher.round()
    assert received_states(webhook_receiver.received[-1]) == {FIRST: "published"}


def test_manual_pause_and_resume(
    store: Database, dispatcher: WebhookDispatcher, webhook_receiver: Receiver
) -> None:
    webhook = add_webhook(store, webhook_receiver.address)
    dispatcher.round()
    webhooks.pause(store, ADMIN, webhook.id)
    change(store, FIRST)
    assert dispatcher.round() == 0
    webhooks.send_test(store, ADMIN, webhook.id)
    dispatcher.round()
    dispatcher.round()
    assert received_states(webhook_receiver.received[-1]) == {FIRST: "published"}


def test_webhook_administration_is_restricted_and_audited(
    store: Database, webhook_receiver: Receiver
) -> None:
    with pytest.raises(Forbidden):
        webhooks.add_webhook(store, EDITOR, webhook_receiver.address, allow_private=True)
    webhook = add_webhook(store, webhook_receiver.address)
    before = webhook.salt
    assert webhooks.change_secret(store, ADMIN, webhook.id).salt != before
    webhooks.pause(store, ADMIN, webhook.id)
    webhooks.send_test(store, ADMIN, webhook.id)
    webhooks.remove(store, ADMIN, webhook.id)
    with pytest.raises(NotFound):
        webhooks.remove(store, ADMIN, webhook.id)
    with store.read() as session:
        rows = session.execute(
            select(AuditEvent.what, AuditEvent.subject).where(AuditEvent.kind == "webhook")
        ).all()
    assert [row.what for row in rows] == ["added", "secret_changed", "paused", "tried_out", "removed"]
    assert {row.subject for row in rows} == {webhook_receiver.address}


def test_duplicate_and_excess_webhooks_are_rejected(
    store: Database, webhook_receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_webhook(store, webhook_receiver.address)
    with pytest.raises(BadAddress) as refused:
        add_webhook(store, webhook_receiver.address)
    assert refused.value.code == "known_address"
    monkeypatch.setattr(webhooks, "MAX_WEBHOOKS", 1)
    with pytest.raises(BadAddress) as refused:
        add_webhook(store, webhook_receiver.address + "&another")
    assert refused.value.code == "too_many_webhooks"
