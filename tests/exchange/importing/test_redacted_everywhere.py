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

import pytest
from sqlalchemy import JSON, String, inspect, make_url, text

from biobank.accounts.identity import Identity, anonymous
from biobank.accounts.models import User
from biobank.bootstrap import Services
from biobank.editorial import saving, workflow, working_copies
from biobank.editorial.far_word_places import HOLDERS
from biobank.editorial.inbox import replies, triage
from biobank.editorial.inbox.models import Message
from biobank.editorial.inbox.sending import Sent, send
from biobank.editorial.merging.models import Merge
from biobank.editorial.models import Revision
from biobank.editorial.redaction import Plan, preview, redact
from biobank.editorial.word_places import Holder
from biobank.editorial.worklists import saved
from biobank.exchange.importing.models import ImportLine, ImportRun
from biobank.exchange.importing.redacting import IMPORT_LINES, IMPORT_RUNS
from biobank.exchange.importing.redacting_files import waiting_files
from biobank.exchange.importing.uploads import Uploads
from biobank.records.media.models import Picture
from biobank.records.organisations.registrations import Registration
from biobank.records.reference.models import ReferenceEdit, ReferenceMerge
from biobank.records.sources.models import Source
from biobank.store import outbox
from tests.support.broken import broken_zip
from tests.support.users import add_user

SINAQ = "sinaq-sinaqov"
SECRET = "In 1931 he betrayed Zülmirə Qaranquşova to the police, telephone +994 50 123 45 67."
QUOTE = "betrayed Zülmirə Qaranquşova to the police"
NAME = "Zülmirə Qaranquşova"
LIFE = "He was a poet. He lived in Shusha."
#: What is searched for in all data, in small letters: no other word of the bank is like them.
TRACES = ("qaranqu", "каранкуш", "123 45 67", "1234567")

#: Columns in which people write, each looked through by a holder.
LOOKED_THROUGH = {
    "api_tokens": {"name"},
    "audit_events": {"subject", "detail"},
    "import_keys": {"file"},
    "import_lines": {"told"},
    "import_runs": {"file", "mapping", "trouble"},
    "merges": {"text"},
    "message_notes": {"text"},
    "messages": {"content", "name", "address"},
    "organisation_names": {"text"},
    "organisations": {"id", "summary", "website", "identifiers"},
    "pictures": {"alt", "author", "source", "uploader"},
    "place_names": {"text"},
    "places": {"id", "identifiers"},
    "redirects": {"old_id"},
    "reference_edits": {"before", "after"},
    "reference_merges": {"changed"},
    "registrations": {"city"},
    "review_notes": {"text"},
    "revisions": {"record", "message", "credit"},
    "saved_searches": {"name", "address"},
    "sources": {"id", "csl"},
    "terms": {"labels", "alt"},
    "users": {"email", "name"},
    "working_copies": {"fields"},
}
#: Tables made of the public revisions alone: they say what those say.
OF_WHAT_IS_PUBLIC = frozenset(
    (
        *("biographies", "citations", "events", "identifiers", "likenesses", "media"),
        *("memberships", "people", "person_awards", "person_countries", "person_names"),
        *("person_professions", "person_sources", "relations", "text_ages", "works"),
    )
)
#: Kinds, states, ids, numbers, days, hashes; what accounts are called, beside an account's own
#: row; where mirrors are told of changes.
SAYS_NOTHING = {
    "api_tokens": {"key_hash", "scopes"},
    "attempts": {"key"},
    "audit_events": {"what", "actor", "kind", "address", "hash"},
    "distinct_people": {"person_id", "other_id", "first_id", "second_id", "said_by"},
    "import_keys": {"key"},
    "import_lines": {"kind", "place", "person_id"},
    "import_runs": {"format", "sha256", "kept_as", "author", "state", "step", "brought_kinds"},
    "merges": {"gone_state", "rewritten", "redirects", "lines", "messages", "ages", "by"}
    | {"undone_by"},
    "message_notes": {"kind", "author"},
    "messages": {"reference", "kind", "state", "outcome", "field", "lang", "marks"}
    | {"content_hash"},
    "one_time_links": {"kind", "key_hash"},
    "organisation_names": {"lang", "kind", "period"},
    "organisations": {"kind", "country", "founded", "dissolved"},
    "outbox": {"person_id"},
    "pictures": {"sha", "sizes", "licence"},
    "place_names": {"lang", "period"},
    "places": {"kind", "country"},
    "recovery_codes": {"key_hash"},
    "reference_edits": {"kind", "key", "what", "author"},
    "reference_merges": {"kind", "kept", "gone", "people", "rows", "followed", "author"},
    "reference_redirects": {"kind", "old_key", "new_key"},
    "reference_unreviewed": {"kind", "key"},
    "registrations": {"number", "country", "state"},
    "review_notes": {"kind", "path", "author"},
    "revisions": {"state", "author", "writers", "agrees", "reviewer"},
    "sign_ins": {"key_hash", "address", "browser"},
    "terms": {"key", "vocabulary", "inverse", "country"},
    "users": {"lang", "role", "password", "totp", "totp_pending"},
    "webhooks": {"address", "salt", "made_by", "paused", "outcome"},
    "working_copies": {"key"},
    "worklist_counts": {"list"},
}


def written(services: Services) -> Iterator[tuple[str, str]]:
    """Yield every text or JSON column of every table, except foreign keys."""
    its = inspect(services.database.engine)
    for table in its.get_table_names():
        referring = {
            one for key in its.get_foreign_keys(table) for one in key["constrained_columns"]
        }
        for column in its.get_columns(table):
            if isinstance(column["type"], String | JSON) and column["name"] not in referring:
                yield table, column["name"]


def traces(services: Services) -> set[str]:
    """Return the columns that contain a trace of the text."""
    found = set()
    with services.database.read() as session:
        for table, column in written(services):
            for (value,) in session.execute(text(f'SELECT "{column}" FROM "{table}"')):
                if any(trace in unescaped(str(value)).casefold() for trace in TRACES):
                    found.add(f"{table}.{column}")
    return found


def unescaped(said: str) -> str:
    return said.encode().decode("unicode_escape", "replace") if "\\u" in said else said


def files_with_traces(folder: Path) -> list[str]:
    """Return the files that contain the text, plainly or with JSON escapes."""
    bytes_ = [
        it.encode() for it in (*TRACES, "Qaranqu", "Каранкуш", r"\u041a\u0430\u0440\u0430\u043d")
    ]
    return [
        str(path.relative_to(folder))
        for path in sorted(folder.rglob("*"))
        if path.is_file() and any(it in path.read_bytes() for it in bytes_)
    ]


def record(life: str) -> dict[str, Any]:
    names = [{"text": "Sınaq Sınaqov", "lang": "az", "kind": "preferred"}]
    return {"id": SINAQ, "names": names, "biography": {"en": life}}


def publish(
    services: Services, base: int | None, life: str, *, writer: Identity, by: Identity
) -> None:
    number = saving.save_draft(services.database, writer, record(life), base).number
    workflow.submit(services.database, writer, SINAQ, number)
    workflow.publish(services.database, by, SINAQ, number)
    services.indexer.sync()


@pytest.fixture
def desk(own_services: Services) -> dict[str, Identity]:
    """Add the users; the text was public in revision 1, and is not in revision 2."""
    database = own_services.database
    who = {
        "aysel": add_user(database, "Aysel", "contributor"),
        "bahar": add_user(database, "Bahar", "editor"),
        "rasul": add_user(database, "Rəsul", "admin"),
    }
    long = " ".join([SECRET, *("He wrote verse on page after page of it." for _ in range(400))])
    publish(own_services, None, f"{LIFE} {long}", writer=who["aysel"], by=who["bahar"])
    publish(own_services, 1, LIFE, writer=who["aysel"], by=who["bahar"])
    return who


def everywhere(services: Services) -> tuple[Holder, ...]:
    return (*HOLDERS, IMPORT_LINES, IMPORT_RUNS, waiting_files(services.uploads))


def plan_of(services: Services, who: Identity) -> Plan:
    return preview(services.database, who, SINAQ, 1, holders=everywhere(services))


def redact_all(services: Services, who: Identity, plan: Plan) -> None:
    its = (services.database, who, SINAQ, 1, "A court of Baku", None, plan.mark)
    redact(*its, everywhere(services), [it.key for it in plan.naming])


def write_of_it(services: Services, desk: dict[str, Identity]) -> None:
    """Write the text to everything that can be cleared."""
    database, aysel, bahar = services.database, desk["aysel"], desk["bahar"]
    workflow.comment(database, bahar, SINAQ, 2, f"Who says that he {QUOTE.upper()}?")
    workflow.comment(database, bahar, SINAQ, 2, "Ask Qaranquşovadan herself.")
    workflow.comment(database, bahar, SINAQ, 2, "Кто такая Каранкушова?")
    workflow.comment(database, bahar, SINAQ, 2, "Call (050) 123-45-67")
    given = {"source": "A book", "quote": QUOTE, "text": "No.", "email": "reader@example.az"}
    sent = Sent("correction", "M-1", "en", given, SINAQ, "biography.en")
    send(database, anonymous("192.0.2.1"), sent)
    with database.read() as session:
        message = session.query(Message).filter_by(reference="M-1").one().id
    replies.reply(database, bahar, message, f"You mean {NAME}?", None)
    triage.decide(database, bahar, message, "decline", f"He {QUOTE}.")
    working_copies.keep(database, aysel, [("biography-en", f"He {QUOTE}.")])
    saved.save(database, aysel, "Mine", "q=Z%C3%BClmir%C9%99+Qaranqu%C5%9Fova&sort=name")
    saved.save(database, bahar, f"All of {NAME}", "q=poet", shared=True)
    kept_as = services.uploads.keep(f"name,life\nSomebody,He {QUOTE}\n".encode(), None)
    with database.write() as session:
        run = import_run("people.csv", state="waiting", kept_as=kept_as)
        failed = import_run("more.csv", state="failed", trouble=f"He {QUOTE} is no date")
        title = {"title": f"That he {QUOTE}"}
        edit = {"kind": "source", "what": "changed", "author": "Bahar", "at": outbox.now()}
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
                    at=outbox.now(),
                    **merge,
                ),
            ]
        )
        session.flush()
        told = {"at": "line 3", "id": SINAQ, "message": f"“He {QUOTE}” is too long"}
        line = {"kind": "notice", "place": "line 3", "person_id": SINAQ}
        session.add(ImportLine(run_id=run.id, told=told, **line))


def import_run(file: str, **fields: Any) -> ImportRun:
    run = {"format": "csv", "author": "x", "at_desk": True, "created_at": outbox.now()}
    return ImportRun(file=file, **run, **fields)


def rely_on_it(services: Services) -> None:
    """Write the text to everything that other records refer to."""
    with services.database.write() as session:
        organisation = session.execute(text("SELECT min(id) FROM organisations")).scalar_one()
        picture = {"sha": "a" * 64, "width": 1, "height": 1, "sizes": [1], "licence": "CC0-1.0"}
        entry = {"number": "AZD-2026-0001", "year": 2026, "serial": 1, "country": "AZ"}
        today = outbox.now()
        session.add_all(
            [
                Source(id="that-he", csl={"type": "book", "title": f"That he {QUOTE}"}),
                Picture(
                    author=NAME, source="x", alt={"en": NAME}, uploader="x", at=today, **picture
                ),
                Registration(organisation_id=organisation, registered_on=today, city=NAME, **entry),
                import_run(f"{QUOTE}.csv", state="done"),
            ]
        )
        session.get_one(
            User, session.execute(text("SELECT min(id) FROM users")).scalar_one()
        ).name = NAME


def test_every_column_of_text_is_looked_through_or_known_to_say_nothing(services: Services) -> None:
    known = {(table, it) for table, its in LOOKED_THROUGH.items() for it in its}
    known |= {(table, it) for table, its in SAYS_NOTHING.items() for it in its}
    there = {one for one in written(services) if one[0] not in OF_WHAT_IS_PUBLIC}
    assert there - {("alembic_version", "version_num")} - known == set()


def test_nothing_is_left_in_tables_or_files(
    own_services: Services, desk: dict[str, Identity]
) -> None:
    folder = own_services.settings.imports_dir.parent
    writer, by = desk["aysel"], desk["bahar"]
    publish(own_services, 2, f"{LIFE} {SECRET}", writer=writer, by=by)
    # From here on the text is in a segment with all others, where it outlives its documents.
    own_services.indexer.rebuild(lambda *_: None)
    publish(own_services, 3, LIFE, writer=writer, by=by)
    write_of_it(own_services, desk)
    assert len(traces(own_services)) >= 11
    there = {it.split("/")[0].removesuffix("-wal") for it in files_with_traces(folder)}
    assert there >= {"biobank.db", "imports", "index"}
    plan = plan_of(own_services, desk["rasul"])
    assert plan.staying == ()
    redact_all(own_services, desk["rasul"], plan)
    assert traces(own_services) == set()
    # The generation before the current one is kept for its readers: two rebuilds are needed.
    for _ in range(2):
        own_services.indexer.rebuild(lambda *_: None)
    assert files_with_traces(folder) == []


def test_what_stays_is_what_was_shown_as_staying(
    own_services: Services, desk: dict[str, Identity]
) -> None:
    write_of_it(own_services, desk)
    rely_on_it(own_services)
    plan = plan_of(own_services, desk["rasul"])
    assert sorted(it.kind for it in plan.staying) == [
        "account",
        "import_name",
        "picture",
        "registration",
        "source",
    ]
    assert all(it.text for it in plan.staying)
    redact_all(own_services, desk["rasul"], plan)
    assert traces(own_services) == {
        "import_runs.file",
        "pictures.alt",
        "pictures.author",
        "registrations.city",
        "sources.csl",
        "users.name",
    }


def test_what_only_names_somebody_is_emptied_where_it_is_asked_for(
    own_services: Services, desk: dict[str, Identity]
) -> None:
    write_of_it(own_services, desk)
    plan = plan_of(own_services, desk["rasul"])
    named = {it.text for it in plan.naming if it.kind == "note"}
    assert named == {"Ask Qaranquşovadan herself.", "Кто такая Каранкушова?"}
    redact(
        own_services.database, desk["rasul"], SINAQ, 1, "A court", holders=everywhere(own_services)
    )
    with own_services.database.read() as session:
        notes = (
            session.execute(text("SELECT text FROM review_notes WHERE text <> ''")).scalars().all()
        )
    assert set(notes) >= named
    assert not any("123" in it for it in notes)


def test_a_version_in_use_that_names_somebody_is_not_emptied_whatever_is_ticked(
    own_services: Services, desk: dict[str, Identity]
) -> None:
    other = {**record(f"{LIFE} Qaranquşova wrote of it."), "id": "basqa-sinaqov"}
    saving.save_draft(own_services.database, desk["aysel"], other, None)
    with own_services.database.write() as session:
        merge = {"gone_number": 2, "gone_published": 2, "gone_state": "published", "by": "Bahar"}
        merge |= {key: [] for key in ("rewritten", "redirects", "lines", "messages", "ages")}
        session.add(Merge(kept_id="basqa-sinaqov", gone_id=SINAQ, at=outbox.now(), **merge))
    plan = plan_of(own_services, desk["rasul"])
    (place,) = (it for it in plan.staying if it.kind == "revision")
    also = [it.key for it in plan.places]
    its = (own_services.database, desk["rasul"], SINAQ, 1, "A court", None, plan.mark)
    redact(*its, everywhere(own_services), also)
    with own_services.database.read() as session:
        assert session.get_one(Revision, place.id).record == other


@pytest.mark.parametrize("packed", [False, True])
def test_a_waiting_file_holds_them_as_json_writes_them(
    own_services: Services, desk: dict[str, Identity], *, packed: bool
) -> None:
    life = r'{"life": "A life.\nZ\u00fclmir\u0259\tQaranqu\u015fova"}'
    content = gzip.compress(life.encode()) if packed else life.encode()
    kept_as = own_services.uploads.keep(content, None)
    with own_services.database.write() as session:
        session.add(import_run("people.jsonl", state="waiting", kept_as=kept_as))
    plan = plan_of(own_services, desk["rasul"])
    assert [it.kind for it in plan.naming] == ["import_file"]


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_waiting_file_that_is_broken_is_shown_as_not_looked_through(
    own_services: Services, desk: dict[str, Identity], method: int
) -> None:
    kept_as = own_services.uploads.keep(broken_zip(method), None)
    with own_services.database.write() as session:
        session.add(import_run("people.xlsx", state="failed", kept_as=kept_as))
    plan = plan_of(own_services, desk["rasul"])
    assert [it.kind for it in plan.staying] == ["import_unread"]


def test_a_file_that_is_being_read_stays_and_a_waiting_one_is_stopped(
    own_services: Services, desk: dict[str, Identity]
) -> None:
    said = f"name,life\nSomebody,He {QUOTE}\n".encode()
    states = ("checking", "queued")
    kept = [own_services.uploads.keep(said, None) for _ in states]
    runs = [import_run("a.csv", state=it, kept_as=at) for it, at in zip(states, kept, strict=True)]
    with own_services.database.write() as session:
        session.add_all(runs)
        session.flush()
        ids = [it.id for it in runs]
    redact_all(own_services, desk["rasul"], plan_of(own_services, desk["rasul"]))
    assert [own_services.uploads.path(it) is not None for it in kept] == [True, False]
    with own_services.database.read() as session:
        assert [session.get_one(ImportRun, it).state for it in ids] == ["checking", "stopped"]


class Watched(Uploads):
    """An upload store that checks, on each access, that other connections can write."""

    def __init__(self, folder: Path, database: Path) -> None:
        super().__init__(folder)
        self.database = database
        self.asked = 0

    def path(self, name: str) -> Path | None:
        self.asked += 1
        with closing(sqlite3.connect(self.database, timeout=0)) as other:
            other.execute("BEGIN IMMEDIATE")
            other.rollback()
        return super().path(name)


def test_nobody_who_writes_waits_for_files_to_be_looked_through(
    own_services: Services, desk: dict[str, Identity]
) -> None:
    kept_as = own_services.uploads.keep(f"He {QUOTE}".encode(), None)
    with own_services.database.write() as session:
        session.add(import_run("people.csv", state="waiting", kept_as=kept_as))
    file = make_url(own_services.settings.database_url).database or ""
    watched = Watched(own_services.uploads.folder, Path(file))
    holders = (*HOLDERS, waiting_files(watched))
    redact(own_services.database, desk["rasul"], SINAQ, 1, "A court of Baku", holders=holders)
    assert watched.asked == 1
    assert not (own_services.uploads.folder / kept_as).exists()
