"""Creation and changes of reference records, with permissions and reference checks."""

from typing import Any

import pytest
from sqlalchemy import select

from biobank.accounts.identity import Identity
from biobank.accounts.models import AuditEvent
from biobank.editorial.reference import service
from biobank.errors import Forbidden, NotFound, RecordRefused, ReferenceChanged, StillUsed
from biobank.records.reference.kinds import (
    ORGANISATION_KIND,
    PLACE_KIND,
    SOURCE_KIND,
    TERM_KIND,
    ReferenceKind,
)
from biobank.records.reference.models import ReferenceEdit
from biobank.records.reference.usage import count_people, list_referring
from biobank.store.session import Database
from tests.editorial.reference import helpers
from tests.editorial.reference.helpers import EDITOR, WRITER, place, source, term


@pytest.mark.parametrize(("kind", "record"), helpers.RECORDS[:2] + helpers.RECORDS[3:5] + helpers.RECORDS[8:])
def test_added_record_is_stored_unchanged(
    database: Database, kind: ReferenceKind, record: dict[str, Any]
) -> None:
    key = service.add_record(database, WRITER, kind, record)
    assert helpers.get_record(database, kind, key) == record
    with database.read() as session:
        edit = session.scalars(select(ReferenceEdit)).one()
        event = session.scalars(select(AuditEvent).where(AuditEvent.what == "added")).one()
    assert (edit.kind, edit.key, edit.before, edit.after) == (kind.name, key, None, record)
    assert (event.kind, event.subject, event.actor) == (kind.name, key, WRITER.name)


def test_contributors_add_but_do_not_change(database: Database) -> None:
    key = service.add_record(database, WRITER, PLACE_KIND, place("test-town"))
    seen = service.record_version(place("test-town"))
    with pytest.raises(Forbidden):
        service.update_record(database, WRITER, PLACE_KIND, key, place("test-town", kind="city"), seen)
    with pytest.raises(Forbidden):
        service.remove_record(database, WRITER, PLACE_KIND, key, seen)
    with pytest.raises(Forbidden):
        service.add_record(database, Identity("contributor", "token"), PLACE_KIND, place("test-other"))


def test_conflicting_change_is_refused_with_current_record(database: Database) -> None:
    key = service.add_record(database, EDITOR, SOURCE_KIND, source("test-book"))
    seen = service.record_version(source("test-book"))
    service.update_record(database, EDITOR, SOURCE_KIND, key, source("test-book", volume="1"), seen)
    with pytest.raises(ReferenceChanged) as exc_info:
        service.update_record(database, EDITOR, SOURCE_KIND, key, source("test-book", volume="2"), seen)
    assert exc_info.value.current == source("test-book", volume="1")
    assert helpers.get_record(database, SOURCE_KIND, key) == source("test-book", volume="1")


@pytest.mark.parametrize(
    ("kind", "record", "path"),
    [
        (TERM_KIND, term("test-a", broader=["test-nothing"]), "broader[0]"),
        (TERM_KIND, {**term("test-a", inverse="test-nothing"), "vocabulary": "relation"}, "inverse"),
        (TERM_KIND, term("test-a", labels={}), "labels"),
        (TERM_KIND, term("poet"), "id"),
        (PLACE_KIND, place("test-a", broader="test-nothing"), "broader"),
        (PLACE_KIND, place("test-a", lat=91), "lat"),
        (PLACE_KIND, place("baku"), "id"),
        (ORGANISATION_KIND, helpers.organisation("test-a", place="test-nothing"), "place"),
        (ORGANISATION_KIND, helpers.organisation("test-a", website="javascript:alert(1)"), "website"),
        (SOURCE_KIND, source("test-a", URL="javascript:alert(1)"), "csl.URL"),
        (SOURCE_KIND, {"id": "Test A", "csl": {"type": "book", "title": "A"}}, "id"),
    ],
)
def test_problems_name_their_field(
    database: Database, kind: ReferenceKind, record: dict[str, Any], path: str
) -> None:
    with pytest.raises(RecordRefused) as exc_info:
        service.add_record(database, EDITOR, kind, record)
    assert [problem.path for problem in exc_info.value.problems] == [path]


def test_cycles_are_refused(database: Database) -> None:
    first = place("test-a")
    service.add_record(database, EDITOR, PLACE_KIND, first)
    service.add_record(database, EDITOR, PLACE_KIND, place("test-b", broader="test-a"))
    service.add_record(database, EDITOR, PLACE_KIND, place("test-c", broader="test-b"))
    seen = service.record_version(first)
    for within in ("test-a", "test-c"):
        with pytest.raises(RecordRefused, match="within itself"):
            service.update_record(
                database, EDITOR, PLACE_KIND, "test-a", place("test-a", broader=within), seen
            )


def test_changed_label_reindexes_people(database: Database) -> None:
    helpers.add_test_records(database)
    helpers.publish(database, helpers.person("test-third", professions=["test-young-minstrel"]))
    helpers.pop_reindexed(database)
    old = helpers.RECORDS[1][1]
    new = {**old, "labels": {"en": "gleeman"}}
    service.update_record(
        database, EDITOR, TERM_KIND, "profession/test-minstrel", new, service.record_version(old)
    )
    assert helpers.pop_reindexed(database) == {"test-first", "test-third"}
    book = source("test-book", note="kept as it is")
    seen = service.record_version(book)
    service.update_record(database, EDITOR, SOURCE_KIND, "test-book", source("test-book", volume="2"), seen)
    assert helpers.pop_reindexed(database) == {"test-first", "test-second", "test-third"}
    quarter = place("test-toun", names=[{"text": "Toun", "lang": "en"}])
    seen = service.record_version(place("test-toun"))
    service.update_record(database, EDITOR, PLACE_KIND, "test-toun", quarter, seen)
    assert helpers.pop_reindexed(database) == {"test-first", "test-second", "test-third"}


def test_only_unused_records_are_removed(database: Database) -> None:
    helpers.add_test_records(database)
    for kind, record in (
        helpers.RECORDS[1],
        helpers.RECORDS[3],
        helpers.RECORDS[4],
        helpers.RECORDS[6],
        helpers.RECORDS[8],
    ):
        with pytest.raises(StillUsed):
            service.remove_record(
                database, EDITOR, kind, kind.get_key(record), service.record_version(record)
            )
    free = place("test-free")
    service.add_record(database, EDITOR, PLACE_KIND, free)
    helpers.save_draft(database, helpers.person("test-first", birth={"place": "test-free"}))
    with pytest.raises(StillUsed):
        service.remove_record(database, EDITOR, PLACE_KIND, "test-free", service.record_version(free))
    helpers.save_draft(database, helpers.person("test-first", birth={"place": "test-town"}))
    service.remove_record(database, EDITOR, PLACE_KIND, "test-free", service.record_version(free))
    assert helpers.get_record(database, PLACE_KIND, "test-free") is None
    with pytest.raises(NotFound):
        service.remove_record(database, EDITOR, PLACE_KIND, "test-free", service.record_version(free))


def test_uses_of_a_record_are_counted(database: Database) -> None:
    helpers.add_test_records(database)
    with database.read() as session:
        counts = count_people(session, TERM_KIND, ["profession/test-minstrel", "profession/test-bard"])
        assert counts == {"profession/test-minstrel": 1, "profession/test-bard": 2}
        assert count_people(session, SOURCE_KIND, ["test-buch", "test-book"]) == {
            "test-buch": 2,
            "test-book": 2,
        }
        assert count_people(session, PLACE_KIND, ["test-toun"]) == {"test-toun": 2}
        references = [(row.kind.name, row.key) for row in list_referring(session, PLACE_KIND, "test-toun")]
    assert references == [("place", "test-quarter"), ("organisation", "test-playhouse")]
