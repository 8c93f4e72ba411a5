"""After a redaction the text remains nowhere in the data except where announced.

Columns are found by reflection: a new table fails here until it is declared as scanned or exempt.
"""

import gzip
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

import pytest
from sqlalchemy import JSON, String, inspect, make_url, text

from biobank.accounts.identity import Identity, anonymous
from biobank.bootstrap import Services
from biobank.common.clock import now
from biobank.editorial.inbox import triage
from biobank.editorial.inbox.submission import Submission, submit_message
from biobank.editorial.models import InboxMessage
from biobank.editorial.redaction.occurrences_person import OccurrenceSource
from biobank.editorial.redaction.occurrences_shared import OCCURRENCE_SOURCES
from biobank.editorial.redaction.service import RedactionPlan, preview_redaction, redact
from biobank.editorial.review import workflow
from biobank.editorial.revisions import drafts, working_copies
from biobank.editorial.worklists import saved_searches
from biobank.exchange.imports.models import ImportLine, ImportRun
from biobank.exchange.imports.redaction import (
    find_import_lines,
    find_import_runs,
    pending_file_occurrences,
)
from biobank.exchange.imports.uploads import UploadStore
from biobank.records.media.models import Picture
from biobank.records.reference.models import ReferenceEdit, ReferenceMerge
from biobank.records.sources.models import Source
from tests.support.corrupt_files import corrupt_zip
from tests.support.users import add_user

SINAQ = "sinaq-sinaqov"
SECRET = "In 1931 he betrayed Zülmirə Qaranquşova to the police."
QUOTE = "betrayed Zülmirə Qaranquşova to the police"
BIOGRAPHY = "He was a poet. He lived in Shusha."
#: What is searched for in all data, in small letters: no other word of the bank is like them.
TRACES = ("qaranqu",)

#: Columns in which people write, each looked through by a holder.
SCANNED_COLUMNS = {
    "audit_events": {"subject", "detail"},
    "import_keys": {"file"},
    "import_lines": {"told"},
    "import_runs": {"file", "mapping", "trouble"},
    "merges": {"text"},
    "message_notes": {"text"},
    "messages": {"content", "name"},
    "organisation_names": {"text"},
    "organisations": {"id", "summary", "website", "identifiers"},
    "passkeys": {"credential_id", "name", "transports"},
    "pictures": {"alt", "author", "source"},
    "place_names": {"text"},
    "places": {"id", "identifiers"},
    "reference_edits": {"before", "after"},
    "reference_merges": {"changed"},
    "review_notes": {"text"},
    "revisions": {"record", "message", "credit"},
    "saved_searches": {"name", "address"},
    "sources": {"id", "csl"},
    "terms": {"labels", "alt", "feminine"},
    "working_copies": {"fields"},
}
#: Tables made of the public revisions alone: they say what those say.
PUBLIC_TABLES = frozenset(
    (
        *("biographies", "citations", "events", "identifiers", "likenesses", "media"),
        *("memberships", "people", "person_awards", "person_countries", "person_names"),
        *("person_professions", "person_sources", "relations", "text_ages", "works"),
    )
)
#: Kinds, states, ids, numbers, days, hashes; names and addresses, which are too short to quote a
#: passage; where mirrors are told of changes.
EXEMPT_COLUMNS = {
    "api_tokens": {"key_hash", "name", "scopes"},
    "attempts": {"key"},
    "audit_events": {"what", "actor", "kind", "address", "hash", "salts", "digests"},
    "distinct_people": {"person_id", "other_id", "first_id", "second_id", "said_by"},
    "import_keys": {"key"},
    "import_lines": {"kind", "place", "person_id"},
    "import_runs": {"format", "sha256", "kept_as", "author", "state", "step", "brought_kinds"},
    "merges": {"gone_state", "rewritten", "redirects", "lines", "messages", "ages", "by"} | {"undone_by"},
    "message_notes": {"kind", "author"},
    "messages": {"address", "reference", "kind", "state", "outcome", "field", "lang"}
    | {"content_hash", "marks"},
    "one_time_links": {"kind", "key_hash"},
    "organisation_names": {"lang", "kind", "period"},
    "organisations": {"kind", "country", "founded", "dissolved"},
    "outbox": {"person_id"},
    "pictures": {"sha", "sizes", "licence", "uploader"},
    "place_names": {"lang", "period"},
    "places": {"kind", "country"},
    "recovery_codes": {"key_hash"},
    "redirects": {"old_id"},
    "reference_edits": {"kind", "key", "what", "author"},
    "reference_merges": {"kind", "kept", "gone", "people", "rows", "followed", "author"},
    "reference_redirects": {"kind", "old_key", "new_key"},
    "reference_unreviewed": {"kind", "key"},
    "registrations": {"city", "number", "country", "state"},
    "review_notes": {"kind", "path", "author"},
    "revisions": {"state", "author", "writers", "agrees", "reviewer"},
    "sign_ins": {"key_hash", "address", "browser"},
    "terms": {"key", "vocabulary", "inverse", "country"},
    "used_challenges": {"challenge_hash"},
    "users": {"email", "name", "lang", "role", "password", "totp", "totp_pending"},
    "webhooks": {"address", "salt", "made_by", "paused", "outcome"},
    "working_copies": {"key"},
    "worklist_counts": {"list"},
}


def text_columns(services: Services) -> Iterator[tuple[str, str]]:
    """Yield every text or JSON column of every table, except foreign keys."""
    inspector = inspect(services.database.engine)
    for table in inspector.get_table_names():
        referring = {
            column_name
            for key in inspector.get_foreign_keys(table)
            for column_name in key["constrained_columns"]
        }
        for column in inspector.get_columns(table):
            if isinstance(column["type"], String | JSON) and column["name"] not in referring:
                yield table, column["name"]


def traces(services: Services) -> set[str]:
    """Return the columns that contain a trace of the text."""
    columns = set()
    with services.database.read() as session:
        for table, column in text_columns(services):
            for (value,) in session.execute(text(f'SELECT "{column}" FROM "{table}"')):
                if any(trace in unescaped(str(value)).casefold() for trace in TRACES):
                    columns.add(f"{table}.{column}")
    return columns


def unescaped(value: str) -> str:
    return value.encode().decode("unicode_escape", "replace") if "\\u" in value else value


def files_with_traces(folder: Path) -> list[str]:
    """Return the files that contain the text, plainly or with JSON escapes."""
    bytes_ = [needle.encode() for needle in (*TRACES, "Qaranqu")]
    return [
        str(path.relative_to(folder))
        for path in sorted(folder.rglob("*"))
        if path.is_file() and any(needle in path.read_bytes() for needle in bytes_)
    ]


def record(biography: str) -> dict[str, Any]:
    names = [{"text": "Sınaq Sınaqov", "lang": "az", "kind": "preferred"}]
    return {"id": SINAQ, "names": names, "biography": {"en": biography}}


def publish(
    services: Services, base: int | None, biography: str, *, writer: Identity, publisher: Identity
) -> None:
    number = drafts.save_draft(services.database, writer, record(biography), base).number
    workflow.submit(services.database, writer, SINAQ, number)
    workflow.publish(services.database, publisher, SINAQ, number)
    services.indexer.sync()


@pytest.fixture
def users(small_services: Services) -> dict[str, Identity]:
    """Add the users; the text was public in revision 1, and is not in revision 2."""
    database = small_services.database
    accounts = {
        "aysel": add_user(database, "Aysel", "contributor"),
        "bahar": add_user(database, "Bahar", "editor"),
        "rasul": add_user(database, "Rəsul", "admin"),
    }
    long = " ".join([SECRET, *("He wrote verse on page after page of it." for _ in range(400))])
    publish(
        small_services, None, f"{BIOGRAPHY} {long}", writer=accounts["aysel"], publisher=accounts["bahar"]
    )
    publish(small_services, 1, BIOGRAPHY, writer=accounts["aysel"], publisher=accounts["bahar"])
    return accounts


def all_sources(services: Services) -> tuple[OccurrenceSource, ...]:
    return (
        *OCCURRENCE_SOURCES,
        find_import_lines,
        find_import_runs,
        pending_file_occurrences(services.uploads),
    )


def make_plan(services: Services, actor: Identity) -> RedactionPlan:
    return preview_redaction(services.database, actor, SINAQ, 1, sources=all_sources(services))


def redact_all(services: Services, actor: Identity, plan: RedactionPlan) -> None:
    arguments = (services.database, actor, SINAQ, 1, "A court of Baku", None, plan.fingerprint)
    redact(*arguments, all_sources(services))


def write_removable_text(services: Services, desk: dict[str, Identity]) -> None:
    """Write the text to everything that can be cleared."""
    database, aysel, bahar = services.database, desk["aysel"], desk["bahar"]
    workflow.add_comment(database, bahar, SINAQ, 2, f"Who says that he {QUOTE.upper()}?")
    values = {"source": "A book", "quote": QUOTE, "text": "No.", "email": "reader@example.az"}
    submission = Submission("correction", "M-1", "en", values, SINAQ, "biography.en")
    submit_message(database, anonymous("192.0.2.1"), submission)
    with database.read() as session:
        message = session.query(InboxMessage).filter_by(reference="M-1").one().id
    triage.reply(database, bahar, message, f"You mean that he {QUOTE}?", None)
    triage.decide(database, bahar, message, "decline", f"He {QUOTE}.")
    working_copies.save_copy(database, aysel, [("biography-en", f"He {QUOTE}.")])
    saved_searches.save_search(database, aysel, "Mine", f"q={quote_plus(QUOTE)}&sort=name")
    saved_searches.save_search(database, bahar, f"He {QUOTE}", "q=poet", shared=True)
    stored_name = services.uploads.save(f"name,life\nSomebody,He {QUOTE}\n".encode(), None)
    with database.write() as session:
        run = import_run("people.csv", state="waiting", kept_as=stored_name)
        failed = import_run("more.csv", state="failed", trouble=f"He {QUOTE} is no date")
        title = {"title": f"That he {QUOTE}"}
        edit = {"kind": "source", "what": "changed", "author": "Bahar", "at": now()}
        merge = {"kind": "source", "kept": "a", "gone": "b", "renamed": False, "followed": []}
        session.add_all(
            [
                run,
                failed,
                ReferenceEdit(key="some-source", before={"csl": title}, after={}, **edit),
                ReferenceMerge(
                    changed=[["source", "b", title, None]],
                    people=[],
                    rows=[],
                    author="Bahar",
                    at=now(),
                    **merge,
                ),
            ]
        )
        session.flush()
        entry = {"at": "line 3", "id": SINAQ, "message": f"“He {QUOTE}” is too long"}
        line = {"kind": "notice", "place": "line 3", "person_id": SINAQ}
        session.add(ImportLine(run_id=run.id, told=entry, **line))


def import_run(file: str, **fields: Any) -> ImportRun:
    run = {"format": "csv", "author": "x", "at_desk": True, "created_at": now()}
    return ImportRun(file=file, **run, **fields)


def write_referenced_text(services: Services) -> None:
    """Write the text to everything that other records refer to."""
    with services.database.write() as session:
        picture = {"sha": "a" * 64, "width": 1, "height": 1, "sizes": [1], "licence": "CC0-1.0"}
        today = now()
        session.add_all(
            [
                Source(id="that-he", csl={"type": "book", "title": f"That he {QUOTE}"}),
                Picture(author="x", source="x", alt={"en": QUOTE}, uploader="x", at=today, **picture),
                import_run(f"{QUOTE}.csv", state="done"),
            ]
        )


def test_every_text_column_is_scanned_or_exempt(small_services: Services) -> None:
    known = {(table, column) for table, columns in SCANNED_COLUMNS.items() for column in columns}
    known |= {(table, column) for table, columns in EXEMPT_COLUMNS.items() for column in columns}
    existing = {entry for entry in text_columns(small_services) if entry[0] not in PUBLIC_TABLES}
    assert existing - {("alembic_version", "version_num")} - known == set()


def test_no_trace_is_left_in_tables_or_files(small_services: Services, users: dict[str, Identity]) -> None:
    folder = small_services.settings.imports_dir.parent
    writer, by = users["aysel"], users["bahar"]
    publish(small_services, 2, f"{BIOGRAPHY} {SECRET}", writer=writer, publisher=by)
    # From here on the text is in a segment with all others, where it outlives its documents.
    small_services.indexer.rebuild(lambda *_: None)
    publish(small_services, 3, BIOGRAPHY, writer=writer, publisher=by)
    write_removable_text(small_services, users)
    assert len(traces(small_services)) >= 11
    folders = {path.split("/")[0].removesuffix("-wal") for path in files_with_traces(folder)}
    assert folders >= {"biobank.db", "imports", "index"}
    plan = make_plan(small_services, users["rasul"])
    assert plan.permanent == ()
    redact_all(small_services, users["rasul"], plan)
    assert traces(small_services) == set()
    # The generation before the current one is kept for its readers: two rebuilds are needed.
    for _ in range(2):
        small_services.indexer.rebuild(lambda *_: None)
    assert files_with_traces(folder) == []


def test_only_announced_occurrences_remain(small_services: Services, users: dict[str, Identity]) -> None:
    write_removable_text(small_services, users)
    write_referenced_text(small_services)
    plan = make_plan(small_services, users["rasul"])
    assert sorted(occurrence.kind for occurrence in plan.permanent) == ["import_name", "picture", "source"]
    assert all(occurrence.text for occurrence in plan.permanent)
    redact_all(small_services, users["rasul"], plan)
    assert traces(small_services) == {"import_runs.file", "pictures.alt", "sources.csl"}


@pytest.mark.parametrize("packed", [False, True])
def test_json_escapes_in_an_uploaded_file_are_found(
    small_services: Services, users: dict[str, Identity], *, packed: bool
) -> None:
    document = r'{"life": "A life.\nHe betrayed Z\u00fclmir\u0259\tQaranqu\u015fova to the police"}'
    content = gzip.compress(document.encode()) if packed else document.encode()
    stored_name = small_services.uploads.save(content, None)
    with small_services.database.write() as session:
        session.add(import_run("people.jsonl", state="waiting", kept_as=stored_name))
    plan = make_plan(small_services, users["rasul"])
    assert [occurrence.kind for occurrence in plan.erasable] == ["import_file"]


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_broken_uploaded_file_is_listed_as_not_scanned(
    small_services: Services, users: dict[str, Identity], method: int
) -> None:
    stored_name = small_services.uploads.save(corrupt_zip(method), None)
    with small_services.database.write() as session:
        session.add(import_run("people.xlsx", state="failed", kept_as=stored_name))
    plan = make_plan(small_services, users["rasul"])
    assert [occurrence.kind for occurrence in plan.permanent] == ["import_unread"]


def test_an_active_file_stays_and_a_waiting_run_is_stopped(
    small_services: Services, users: dict[str, Identity]
) -> None:
    content = f"name,life\nSomebody,He {QUOTE}\n".encode()
    states = ("checking", "queued")
    stored_names = [small_services.uploads.save(content, None) for _ in states]
    runs = [
        import_run("a.csv", state=entry, kept_as=at) for entry, at in zip(states, stored_names, strict=True)
    ]
    with small_services.database.write() as session:
        session.add_all(runs)
        session.flush()
        ids = [entry.id for entry in runs]
    redact_all(small_services, users["rasul"], make_plan(small_services, users["rasul"]))
    assert [small_services.uploads.path(entry) is not None for entry in stored_names] == [True, False]
    with small_services.database.read() as session:
        assert [session.get_one(ImportRun, entry).state for entry in ids] == ["checking", "stopped"]


class LockCheckingUploads(UploadStore):
    """An upload store that checks, on each access, that other connections can write."""

    def __init__(self, folder: Path, database: Path) -> None:
        super().__init__(folder)
        self.database = database
        self.path_calls = 0

    def path(self, name: str) -> Path | None:
        self.path_calls += 1
        with closing(sqlite3.connect(self.database, timeout=0)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.rollback()
        return super().path(name)


def test_scanning_files_does_not_block_writers(small_services: Services, users: dict[str, Identity]) -> None:
    stored_name = small_services.uploads.save(f"He {QUOTE}".encode(), None)
    with small_services.database.write() as session:
        session.add(import_run("people.csv", state="waiting", kept_as=stored_name))
    file = make_url(small_services.settings.database_url).database or ""
    watched = LockCheckingUploads(small_services.uploads.folder, Path(file))
    holders = (*OCCURRENCE_SOURCES, pending_file_occurrences(watched))
    redact(small_services.database, users["rasul"], SINAQ, 1, "A court of Baku", sources=holders)
    assert watched.path_calls == 1
    assert not (small_services.uploads.folder / stored_name).exists()
