"""Webhooks receive every change in order, signed, at least once, with retries."""

import hmac
import json
import threading
import time
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from hashlib import sha256

import pytest
from sqlalchemy import select, update

from biobank.accounts.clock import as_utc, now
from biobank.accounts.identity import Identity
from biobank.accounts.models import AuditEvent
from biobank.editorial import workflow
from biobank.errors import BadAddress, Forbidden, NotFound
from biobank.exchange.mirroring import posting, webhooks
from biobank.exchange.mirroring.addresses import Target
from biobank.exchange.mirroring.courier import Courier
from biobank.exchange.mirroring.messages import RETRIES
from biobank.exchange.mirroring.models import Webhook
from biobank.exchange.mirroring.signing import secret_of, shown
from biobank.store.session import Database
from tests.exchange.mirroring.conftest import EDITOR, FIRST, SECOND, apply, save
from tests.exchange.mirroring.receiver import Received, Receiver, receiver
from tests.support import seed

ADMIN = Identity("admin", "session", "an administrator", 3)
KEY = "the bank's own key"


@pytest.fixture
def there() -> Iterator[Receiver]:
    with receiver() as made:
        yield made


@pytest.fixture
def courier(store: Database) -> Courier:
    return Courier(store, KEY, private=True)


def added(store: Database, address: str) -> Webhook:
    return webhooks.add(store, ADMIN, address, private=True)


def state(store: Database) -> Webhook:
    with store.read() as session:
        return session.scalars(select(Webhook)).one()


def change(store: Database, person_id: str, text: str = "Another") -> None:
    save(store, seed.alone(person_id) | {"headline": {"en": text}})
    apply(store)


def make_due(store: Database) -> None:
    with store.write() as session:
        session.execute(update(Webhook).values(next_at=now() - timedelta(seconds=1)))


def told(got: Received) -> dict[str, str]:
    return {it["id"]: it["state"] for it in json.loads(got.body)["data"].get("changes", ())}


def test_a_new_receiver_is_tried_and_then_told_of_what_changes_from_now_on(
    store: Database, courier: Courier, there: Receiver
) -> None:
    added(store, there.address)
    assert courier.round() == 1
    assert json.loads(there.received[0].body)["type"] == "ping"
    assert courier.round() == 0, "nothing changed"
    change(store, FIRST)
    workflow.withdraw(store, EDITOR, SECOND, "mistake", "")
    apply(store)
    assert courier.round() == 1
    assert courier.round() == 0
    assert told(there.received[1]) == {FIRST: "published", SECOND: "withdrawn"}
    assert state(store).outcome == "200"


def test_a_signature_is_what_the_standard_says(
    store: Database, courier: Courier, there: Receiver
) -> None:
    made = added(store, there.address)
    courier.round()
    (got,) = there.received
    secret = shown(secret_of(KEY, made.salt))
    content = f"{got.headers['webhook-id']}.{got.headers['webhook-timestamp']}.".encode() + got.body
    key = b64decode(secret.removeprefix("whsec_"))
    expected = b64encode(hmac.new(key, content, sha256).digest()).decode()
    assert got.headers["webhook-signature"] == f"v1,{expected}"
    assert abs(int(got.headers["webhook-timestamp"]) - now().timestamp()) < 60
    assert secret not in str(made.__dict__), "the store alone does not give the secret"


def test_what_failed_is_sent_again_under_the_same_id_and_nothing_is_left_out(
    store: Database, courier: Courier, there: Receiver
) -> None:
    added(store, there.address)
    courier.round()
    there.answers = [500, 307]
    change(store, FIRST)
    courier.round()
    assert courier.round() == 0, "not before it is time"
    waits = as_utc(state(store).next_at) - now()
    assert timedelta() < waits <= timedelta(seconds=RETRIES[0])
    make_due(store)
    courier.round()
    assert state(store).failures == 2
    assert as_utc(state(store).next_at) - now() > timedelta(seconds=RETRIES[1] - 60)
    make_due(store)
    courier.round()
    ids = [got.headers["webhook-id"] for got in there.received[1:]]
    assert len(ids) == 3
    assert len(set(ids)) == 1
    assert told(there.received[-1]) == {FIRST: "published"}
    assert (state(store).failures, state(store).paused) == (0, "")


def test_who_fails_for_days_is_let_be_until_somebody_tries_again(
    store: Database, courier: Courier, there: Receiver
) -> None:
    made = added(store, there.address)
    courier.round()
    change(store, FIRST)
    there.answers = [503] * (len(RETRIES) + 1)
    for _ in range(len(RETRIES) + 3):
        make_due(store)
        courier.round()
    assert state(store).paused == "failed"
    assert len(there.received) == 2 + len(RETRIES)
    webhooks.try_out(store, ADMIN, made.id)
    assert courier.round() == 1
    assert courier.round() == 1
    assert told(there.received[-1]) == {FIRST: "published"}


def test_who_says_that_it_is_gone_is_told_no_more(
    store: Database, courier: Courier, there: Receiver
) -> None:
    added(store, there.address)
    there.answers = [410]
    courier.round()
    change(store, FIRST)
    assert courier.round() == 0
    assert state(store).paused == "gone"


def test_more_than_one_message_holds_come_in_the_order_of_the_feed(
    store: Database, courier: Courier, there: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("biobank.exchange.mirroring.messages.CHANGES_MOST", 1)
    added(store, there.address)
    courier.round()
    change(store, SECOND)
    change(store, FIRST)
    assert (courier.round(), courier.round(), courier.round()) == (1, 1, 0)
    assert [told(got) for got in there.received[1:]] == [
        {SECOND: "published"},
        {FIRST: "published"},
    ]


def test_two_couriers_send_nothing_twice(store: Database, there: Receiver) -> None:
    added(store, there.address)
    couriers = [Courier(store, KEY, private=True) for _ in range(4)]
    threads = [threading.Thread(target=courier.round) for courier in couriers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(there.received) == 1


@contextmanager
def following(courier: Courier) -> Iterator[threading.Thread]:
    """Run the dispatcher in a thread, as beside the server."""
    until = threading.Event()
    thread = threading.Thread(target=courier.follow, args=(until, 0.05), daemon=True)
    thread.start()
    try:
        yield thread
    finally:
        until.set()
        thread.join(30)
        assert not thread.is_alive()


def wait_until(is_so: Callable[[], object]) -> None:
    """Wait up to 30 seconds until a condition holds."""
    end = time.monotonic() + 30
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_who_hangs_or_drips_holds_up_nobody_and_each_is_told_in_order(
    store: Database, there: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("biobank.exchange.mirroring.messages.CHANGES_MOST", 1)
    # No timeout ends within this test, so a dispatcher that waits for a slow receiver fails it.
    monkeypatch.setattr(posting, "WHOLE_MOST", 600)
    monkeypatch.setattr(posting, "CONNECT_MOST", 600)
    release = threading.Event()
    with ExitStack() as others:
        slow = [others.enter_context(receiver()) for _ in range(4)]
        others.callback(release.set)
        for one in slow[:3]:
            one.until = release
        slow[3].drip = b"H"
        for one in (*slow, there):
            added(store, one.address)
        with following(Courier(store, KEY, private=True)):
            wait_until(lambda: all(one.received for one in (*slow, there)))
            for person_id in (FIRST, SECOND, FIRST):
                seen = len(there.received)
                change(store, person_id, f"Number {seen}")
                wait_until(lambda seen=seen: len(there.received) > seen)
        assert [told(got) for got in there.received[1:]] == [
            {FIRST: "published"},
            {SECOND: "published"},
            {FIRST: "published"},
        ]
        assert [len(one.received) for one in slow] == [1, 1, 1, 1], "each still at its first"


def test_what_is_under_way_when_it_stops_is_sent_again_by_whoever_follows(
    store: Database, courier: Courier, there: Receiver
) -> None:
    there.until = threading.Event()
    added(store, there.address)
    with following(courier):
        wait_until(lambda: there.received)
    there.until.set()
    assert state(store).held_until is None
    assert state(store).ping
    assert Courier(store, KEY, private=True).round() == 1
    assert len(there.received) == 2


def test_whatever_goes_wrong_with_one_the_others_are_told(store: Database, there: Receiver) -> None:
    added(store, there.address.replace("/changes", "/breaks"))
    added(store, there.address)

    def send(target: Target, headers: Mapping[str, str], body: bytes) -> int:
        if target.path.startswith("/breaks"):
            raise RuntimeError("nobody thought of this")
        return posting.post(target, headers, body)

    assert Courier(store, KEY, private=True, send=send).round() == 2
    assert len(there.received) == 1
    with store.read() as session:
        rows = session.scalars(select(Webhook).order_by(Webhook.id)).all()
    assert [(row.outcome, row.failures) for row in rows] == [("broken", 1), ("200", 0)]
    assert all(row.held_until is None for row in rows)


def test_who_took_too_long_writes_over_nothing_of_whoever_took_it_up(
    store: Database, there: Receiver
) -> None:
    added(store, there.address)
    later = now() + timedelta(hours=1)

    def send(_target: Target, _headers: Mapping[str, str], _body: bytes) -> int:
        with store.write() as session:
            session.execute(update(Webhook).values(held_until=later, outcome="another's"))
        return 200

    Courier(store, KEY, private=True, send=send).round()
    assert state(store).outcome == "another's"
    assert as_utc(state(store).held_until or now()) == later


def test_a_name_that_leads_into_the_own_network_meanwhile_is_told_nothing(
    store: Database, there: Receiver
) -> None:
    added(store, there.address)
    careful = Courier(store, KEY, private=False)
    careful.round()
    assert there.received == []
    assert state(store).failures == 1
    assert state(store).outcome == "not_https"


def test_a_store_that_was_put_back_to_an_older_copy_is_told_on_from_there(
    store: Database, courier: Courier, there: Receiver
) -> None:
    added(store, there.address)
    courier.round()
    with store.write() as session:
        session.execute(update(Webhook).values(position=10**9))
    courier.round()
    change(store, FIRST)
    courier.round()
    assert told(there.received[-1]) == {FIRST: "published"}


def test_paused_by_hand_it_waits_and_goes_on_where_it_was(
    store: Database, courier: Courier, there: Receiver
) -> None:
    made = added(store, there.address)
    courier.round()
    webhooks.pause(store, ADMIN, made.id)
    change(store, FIRST)
    assert courier.round() == 0
    webhooks.try_out(store, ADMIN, made.id)
    courier.round()
    courier.round()
    assert told(there.received[-1]) == {FIRST: "published"}


def test_every_step_is_the_administrators_and_stands_in_the_audit(
    store: Database, there: Receiver
) -> None:
    with pytest.raises(Forbidden):
        webhooks.add(store, EDITOR, there.address, private=True)
    made = added(store, there.address)
    before = made.salt
    assert webhooks.change_secret(store, ADMIN, made.id).salt != before
    webhooks.pause(store, ADMIN, made.id)
    webhooks.try_out(store, ADMIN, made.id)
    webhooks.remove(store, ADMIN, made.id)
    with pytest.raises(NotFound):
        webhooks.remove(store, ADMIN, made.id)
    with store.read() as session:
        rows = session.execute(
            select(AuditEvent.what, AuditEvent.subject).where(AuditEvent.kind == "webhook")
        ).all()
    assert [row.what for row in rows] == [
        "added",
        "secret_changed",
        "paused",
        "tried_out",
        "removed",
    ]
    assert {row.subject for row in rows} == {there.address}


def test_one_address_is_told_once_and_there_is_an_end_to_them(
    store: Database, there: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    added(store, there.address)
    with pytest.raises(BadAddress) as refused:
        added(store, there.address)
    assert refused.value.code == "known_address"
    monkeypatch.setattr(webhooks, "WEBHOOKS_MOST", 1)
    with pytest.raises(BadAddress) as refused:
        added(store, there.address + "&another")
    assert refused.value.code == "too_many_webhooks"
