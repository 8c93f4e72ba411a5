"""Waiting for the lock of the store: few requests do, and no reader waits for them."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select, text, update
from werkzeug.test import TestResponse

from biobank.accounts import sessions
from biobank.accounts.models import SignIn
from biobank.bootstrap import Services
from biobank.common.clock import as_utc, now
from biobank.common.concurrency import MAX_ATTEMPTS, MAX_WRITERS, WorkLimits, limit_attempts, writing
from biobank.errors import Busy
from biobank.http.middleware import ConcurrencyLimitMiddleware
from biobank.store.session import Database
from tests.http.test_middleware import wait_until
from tests.support.apps import create_app
from tests.support.users import fetch_csrf_token
from tests.web.account.sign_in_helpers import EMAIL, add, sign_in

SIGN_INS = 16


@pytest.fixture
def app(small_services: Services) -> Flask:
    """Return the app with one thread that builds responses."""
    return create_app(small_services, max_concurrency=1)


@contextmanager
def locked(database: Database) -> Iterator[None]:
    """Hold the lock of the store, as a long merge does."""
    with database.engine.connect().execution_options(biobank_writes=True) as other:
        other.execute(text("SELECT 1"))
        yield


def attempts(app: Flask) -> int:
    """Return the number of sign-ins that wait for the store."""
    assert isinstance(app.wsgi_app, ConcurrencyLimitMiddleware)
    return MAX_ATTEMPTS - app.wsgi_app.limits.attempts._value


def test_sign_ins_that_wait_for_the_store_keep_no_reader_waiting(
    app: Flask, small_services: Services
) -> None:
    clients = [app.test_client() for _ in range(SIGN_INS)]
    forms = [
        {"csrf_token": fetch_csrf_token(client, "/en/sign-in"), "email": EMAIL, "password": "wrong"}
        for client in clients
    ]

    def submit(number: int) -> TestResponse:
        address = {"REMOTE_ADDR": f"192.0.2.{number}"}
        return clients[number].post("/en/sign-in", data=forms[number], environ_base=address)

    with ThreadPoolExecutor(SIGN_INS) as pool:
        with locked(small_services.database):
            answers = [pool.submit(submit, number) for number in range(SIGN_INS)]
            wait_until(lambda: sum(answer.done() for answer in answers) == SIGN_INS - MAX_ATTEMPTS)
            # All that are allowed to wait do so, and the only permit is free for readers.
            assert attempts(app) == MAX_ATTEMPTS
            for path in ("/en/", "/api/v1/people"):
                assert app.test_client().get(path).status_code == 200
            refused = [answer.result() for answer in answers if answer.done()]
        waited = [answer.result() for answer in answers if answer.result() not in refused]
    assert [response.status_code for response in refused] == [503] * (SIGN_INS - MAX_ATTEMPTS)
    assert all("Try again in a few seconds" in response.text for response in refused)
    assert all(response.headers["Retry-After"] == "5" for response in refused)
    assert [response.status_code for response in waited] == [422] * MAX_ATTEMPTS
    assert attempts(app) == 0


def test_a_signed_in_reader_does_not_wait_for_the_store(app: Flask, small_services: Services) -> None:
    add(small_services, EMAIL, "editor")
    client = app.test_client()
    sign_in(client)
    with small_services.database.write() as session:
        seen_at = now() - 2 * sessions.SESSION_TOUCH_INTERVAL
        session.execute(update(SignIn).values(seen_at=seen_at))
    with locked(small_services.database):
        assert client.get("/en/desk").status_code == 200
    assert last_seen(small_services) == seen_at
    client.get("/en/desk")
    assert last_seen(small_services) > seen_at


def last_seen(services: Services) -> datetime:
    with services.database.read() as session:
        seen_at = session.scalars(select(SignIn.seen_at).order_by(SignIn.seen_at.desc())).first()
    assert seen_at
    return as_utc(seen_at)


def test_a_statement_that_is_not_worth_waiting_for_is_skipped(database: Database) -> None:
    statement = text("UPDATE people SET id = id")
    assert database.write_if_free(statement)
    with database.write() as session:
        session.execute(text("LOCK TABLE people") if not database.is_sqlite else text("SELECT 1"))
        assert not database.write_if_free(statement)
    assert database.write_if_free(statement)


def test_writers_are_limited_and_each_counts_until_its_request_ends() -> None:
    limits = WorkLimits(max_concurrency=1, max_writers=2)
    resume, inside = threading.Event(), threading.Semaphore(0)

    def write_twice() -> None:
        with limits.request():
            for _ in range(2):
                with writing():
                    inside.release()
                    resume.wait(30)

    threads = [threading.Thread(target=write_twice, daemon=True) for _ in range(2)]
    for thread in threads:
        thread.start()
    for _ in threads:
        assert inside.acquire(timeout=30)
    with limits.request(), pytest.raises(Busy, match="Try again"), writing():
        pass
    resume.set()
    for thread in threads:
        thread.join(30)
    with limits.request(), writing(), writing():
        # The permit is with others.
        assert limits.permits._permits == 1
    assert limits.permits._permits == 1


def test_attempts_leave_slots_to_users() -> None:
    limits = WorkLimits(max_concurrency=1, max_writers=2, max_attempts=1)
    inside, resume = threading.Event(), threading.Event()

    def attempt() -> None:
        with limits.request():
            limit_attempts()
            with writing():
                inside.set()
                resume.wait(30)

    thread = threading.Thread(target=attempt, daemon=True)
    thread.start()
    assert inside.wait(30)
    with limits.request():
        with pytest.raises(Busy):
            limit_attempts()
        with writing():
            pass
    resume.set()
    thread.join(30)
    assert MAX_ATTEMPTS < MAX_WRITERS


def test_commands_are_not_limited() -> None:
    for _ in range(MAX_WRITERS + 1):
        limit_attempts()
    with writing():
        pass
