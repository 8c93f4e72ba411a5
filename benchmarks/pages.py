"""Measure every page of a large bank: `python -m benchmarks.pages --people 100000`.

Every URL that answers a GET is requested through the app, those of the desk and of users as an
administrator. Prints CPU milliseconds of the first request and the median of a few more, the number
of database statements of the last, and the size of the response. The bank is built in `--folder`,
which takes a while, and reused (`benchmarks.bank`).
"""

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, insert, select
from werkzeug.routing import Rule

from benchmarks.bank import open_bank
from benchmarks.corpus import seeded_random
from biobank.accounts.models import AuditEvent, User
from biobank.app.factory import create_app
from biobank.bootstrap import Services
from biobank.editorial.models import MESSAGE_KINDS, InboxMessage
from biobank.exchange.imports.models import ImportLine, ImportRun
from biobank.http import extensions
from tests.support.users import add_user, signed_in_client

REPEAT_COUNT: Final = 5
#: Numbers of generated messages, audit events, import runs and report lines.
MESSAGE_COUNT, EVENT_COUNT, IMPORT_COUNT, LINE_COUNT = 5_000, 100_000, 200, 20_000
START: Final = datetime(2026, 1, 1, tzinfo=UTC)
#: Values of URL variables; each names an entry that many people use.
URL_VALUES: Final[Mapping[str, Any]] = {
    "lang": "az",
    "person_id": "uzeyir-hacibeyov",
    "organisation_id": "baku-music-academy",
    "place_id": "baku",
    "profession_id": "composer",
    "century": 19,
    "letter": "A",
    "facet": "place",
    "number": 1,
    "list_id": "dead-ends",
    "room": "places",
    "key": "baku",
    "source_id": "1905az-rehmanzade",
    "vocabulary": "profession",
    "term_id": "composer",
    "name": "changed",
    "message_id": 1,
    "run_id": 1,
    "user_id": 2,
    "what": "entity",
    "ending": "jsonld",
}
#: Query strings of endpoints that need one, or of further pages.
QUERY_STRINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "web.search": ("", "?q=bəstəkar", "?profession=composer&sort=name&page=50"),
    "web.browse_letter": ("", "?page=50"),
    "web.browse_profession": ("", "?page=50"),
    "web.browse_place": ("", "?page=50"),
    "web.browse_century": ("", "?page=50"),
    "web.feed": ("", "?page=50"),
    "desk.people": ("", "?page=2000", "?q=hacıbəyov", "?state=draft"),
    "desk.reference": ("", "?q=bak"),
    "desk.worklist": ("", "?page=200"),
    "desk.inbox": ("", "?page=50"),
    "desk.duplicate_candidates": ("?name=Üzeyir+Hacıbəyov",),
    "desk.values": ("?kind=person&q=üzeyir", "?kind=place&q=bak"),
    "desk.date": ("?date=1885",),
    "desk.merge": ("?kept=uzeyir-hacibeyov&gone=made-1",),
    "account.events": ("", "?page=50"),
    "web.suggestions": ("?q=hacı",),
    "search.find": ("", "?q=bəstəkar"),
    "search.suggest": ("?q=hacı",),
    "search.find_cards": ("?q=hacı",),
    "search.list_values": ("?facet=place&q=bak",),
    "people.list_people": ("", "?page=900&size=100"),
    "changes.get_changes": ("",),
    "reference.list_terms": ("?vocabulary=profession",),
    "reconcile.flyout": ("?id=uzeyir-hacibeyov",),
    "reconcile.preview": ("?id=uzeyir-hacibeyov",),
    "reconcile.permanent": ("?id=uzeyir-hacibeyov",),
    "reconcile.propose": ("?type=person",),
    "reconcile.suggest": ("?prefix=hacı",),
    "widget.oembed": ("?url=http://localhost/az/people/uzeyir-hacibeyov",),
}
#: Exports of the whole bank, one-time keys, and pages that do not depend on people.
EXCLUDED_ENDPOINTS: Final = frozenset(
    (
        "web.search_file",
        "desk.worklist_file",
        "account.events_file",
        "search.export",
        "web.dump",
        "desk.import_file",
        "web.picture",
        "web.picture_file",
        "desk.picture",
        "desk.picture_person",
        "account.invitation",
        "account.new_password",
        "desk.working_copy",
        "web.receipt",
        "web.player",
        "static",
        "docs.file",
        "accounts.me",
        "people.get_draft",
        "people.get_state",
        "desk.conflict",
        "desk.merge_undo",
        "web.cite_file",
        "widget.script",
        "account.sign_out",
    )
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--folder", type=Path, help="where the bank is kept")
    parser.add_argument("--only", default="", help="addresses with this in them")
    args = parser.parse_args()
    folder = args.folder or Path(tempfile.gettempdir(), f"biobank-pages-{args.people}")
    services = open_bank(folder, args.people)
    _fill_desks(services)
    while not services.names.is_ready:
        time.sleep(0.1)
    print(f"{services.people_count():,} people, load {os.getloadavg()[0]:.1f}\n")
    print(f"{'page':66}{'first':>8}{'p50':>8}{'queries':>8}{'kB':>7}")
    _measure(services, create_app(services), args.only)
    services.close()


def _measure(services: Services, app: Flask, only: str) -> None:
    extensions.limiter.enabled = False
    statements = _StatementCounter(services)
    anonymous, admin = app.test_client(), _admin_client(app, services)
    for address in _addresses(app):
        if only in address:
            client = admin if _needs_sign_in(address) else anonymous
            print(_measure_line(client, address, statements), flush=True)


def _needs_sign_in(address: str) -> bool:
    return any(part in address for part in ("/desk", "/users", "/account"))


class _StatementCounter:
    """A counter of database statements."""

    def __init__(self, services: Services) -> None:
        self.count = 0
        event.listen(services.database.engine, "before_cursor_execute", self._increment)

    def _increment(self, *_: Any) -> None:
        self.count += 1


def _measure_line(client: FlaskClient, address: str, statements: _StatementCounter) -> str:
    times = []
    size = status = statement_count = 0
    for _ in range(REPEAT_COUNT + 1):
        before, started = statements.count, time.process_time()
        answer = client.get(address)
        size, status = len(answer.data), answer.status_code
        times.append(1000 * (time.process_time() - started))
        statement_count = statements.count - before
    status_note = "" if status < 300 else f"  {status}"
    median = statistics.median(times[1:])
    return f"{address:66}{times[0]:8.0f}{median:8.0f}{statement_count:8}{size / 1000:7.0f}{status_note}"


def _addresses(app: Flask) -> Iterator[str]:
    """Yield every URL that answers a GET, once per query string."""
    adapter = app.url_map.bind("localhost")
    for rule in sorted(app.url_map.iter_rules(), key=str):
        if "GET" in (rule.methods or ()) and rule.endpoint not in EXCLUDED_ENDPOINTS:
            address = adapter.build(rule.endpoint, _url_values(rule))
            for query in QUERY_STRINGS.get(rule.endpoint, ("",)):
                yield address + query


def _url_values(rule: Rule) -> dict[str, Any]:
    return {name: URL_VALUES[name] for name in rule.arguments}


def _admin_client(app: Flask, services: Services) -> FlaskClient:
    user = add_user(services.database, f"admin{time.time_ns()}", "admin")
    return signed_in_client(app, services.database, user)


def _fill_desks(services: Services) -> None:
    """Insert messages, audit events, and imports with their lines, once."""
    rng = seeded_random()
    with services.database.write() as session:
        if session.scalar(select(func.count()).select_from(InboxMessage)):
            return
        session.execute(insert(InboxMessage), [_message(number) for number in range(MESSAGE_COUNT)])
        session.execute(insert(AuditEvent), [_event(number) for number in range(EVENT_COUNT)])
        session.execute(insert(ImportRun), [_run(number) for number in range(1, IMPORT_COUNT + 1)])
        lines = [_import_line(rng.randint(1, IMPORT_COUNT), number) for number in range(LINE_COUNT)]
        session.execute(insert(ImportLine), lines)
        users = [_user(number) for number in range(MESSAGE_COUNT // 10)]
        session.execute(insert(User), users)


def _message(number: int) -> dict[str, Any]:
    sent_at = START + timedelta(minutes=number)
    return {
        "reference": f"made-{number}",
        "kind": MESSAGE_KINDS[number % len(MESSAGE_KINDS)],
        "state": "closed" if number % 4 else "new",
        "person_id": f"made-{number % 40}",
        "content": {"text": "A date that is wrong."},
        "lang": "az",
        "marks": [],
        "content_hash": f"{number}",
        "sent_at": sent_at,
        "settled_at": sent_at if number % 4 else None,
    }


def _event(number: int) -> dict[str, Any]:
    values = {"what": "person_published", "kind": "person", "actor": "leyla@example.az"}
    subject = f"made-{number % 5000}"
    timestamp = START + timedelta(minutes=number)
    return {**values, "at": timestamp, "subject": subject, "address": "", "detail": {"number": 1}}


def _run(number: int) -> dict[str, Any]:
    values = {"file": f"{number}.csv", "format": "csv", "author": "Leyla", "state": "done"}
    return {**values, "new": 100, "created_at": START, "ended_at": START}


def _import_line(run: int, number: int) -> dict[str, Any]:
    location = f"line {number}"
    entry = {"at": location, "code": "unknown_place", "message": "No such place."}
    return {"run_id": run, "kind": "notice", "place": location, "told": entry}


def _user(number: int) -> dict[str, Any]:
    values = {"name": f"Editor {number}", "lang": "az", "role": "editor", "created_at": START}
    return {**values, "email": f"editor{number}@example.az"}


if __name__ == "__main__":
    main()
