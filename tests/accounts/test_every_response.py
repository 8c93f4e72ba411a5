"""Headers of every kind of response: every route of the access matrix, as an administrator."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest
from sqlalchemy import make_url
from werkzeug.test import TestResponse

from tests.accounts.callers import Callers
from tests.accounts.matrix import TABLE
from tests.accounts.matrix.expectations import ANONYMOUS_CALLER

#: Media types whose encoding the browser would guess.
TEXT_MEDIA_TYPES = ("text/", "application/xml", "application/xhtml+xml")
#: Tables that reading writes to: the time of use, and what is recorded because of reading.
WRITTEN_BY_READING = {"sign_ins", "api_tokens", "audit_events", "attempt_counters", "sqlite_sequence"}


def responses(callers: Callers, caller: str) -> Iterator[tuple[str, TestResponse]]:
    """Yield the answers to all GET requests of the matrix."""
    for (_endpoint, method), cases in TABLE.items():
        if method == "GET":
            for case in cases:
                user = callers.users.get(caller, callers.users["other"])
                address = case.address.format(other=callers.users["other"].id, self=user.id)
                with callers.client(caller).get(address, base_url="https://localhost") as response:
                    yield address, response


@pytest.mark.parametrize("caller", ["admin", ANONYMOUS_CALLER])
def test_every_response_has_the_security_headers(callers: Callers, caller: str) -> None:
    failures = []
    for address, response in responses(callers, caller):
        policy = response.headers.get("Content-Security-Policy", "")
        frames = "frame-ancestors *" if is_frame(address) else "frame-ancestors 'none'"
        expected = [
            "default-src 'none'" in policy,
            "base-uri 'none'" in policy,
            "unsafe" not in policy,
            frames in policy,
            response.headers.get("X-Content-Type-Options") == "nosniff",
            response.headers.get("Strict-Transport-Security") == "max-age=63072000; includeSubDomains",
            response.headers.get("Referrer-Policy") in ("strict-origin-when-cross-origin", "no-referrer"),
        ]
        if not all(expected):
            failures.append((address, expected, policy))
    assert failures == []


def is_frame(address: str) -> bool:
    """Return whether other sites may show a page in a frame."""
    return "/embed/" in address or address.startswith(("/reconcile/preview", "/api/v1/reconcile/preview"))


@pytest.mark.parametrize("caller", ["admin", ANONYMOUS_CALLER])
def test_every_response_names_type_and_encoding(callers: Callers, caller: str) -> None:
    failures = []
    for address, response in responses(callers, caller):
        if response.get_data() and response.status_code != 304:
            content_type = response.headers.get("Content-Type", "")
            is_text = content_type.startswith(TEXT_MEDIA_TYPES) or "+xml" in content_type
            if not content_type or (is_text and "charset=utf-8" not in content_type.lower()):
                failures.append((address, content_type))
    assert failures == []


def test_reading_changes_nothing(callers: Callers) -> None:
    before = contents(callers)
    for _ in responses(callers, "admin"):
        pass
    assert contents(callers) == before


def contents(callers: Callers) -> dict[str, list[tuple[object, ...]]]:
    """Return the rows of all tables that only forms change."""
    path = str(make_url(callers.services.settings.database_url).database)
    with closing(sqlite3.connect(path)) as connection:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {
            name: connection.execute(f"SELECT * FROM {name} ORDER BY 1").fetchall()
            for name in names
            if name not in WRITTEN_BY_READING
        }


def test_no_request_traces_or_lists_folders(callers: Callers) -> None:
    client = callers.client(ANONYMOUS_CALLER)
    assert client.open("/en/", method="TRACE").status_code == 405
    for folder in ("/static/", "/static", "/static/fonts/", "/media/", "/.git/config", "/.env", "/instance/"):
        assert client.get(folder).status_code == 404, folder
