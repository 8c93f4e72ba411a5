"""Creation and changes of reference records, with permissions and reference checks."""

from typing import Any

import pytest
from sqlalchemy import select

from biobank.accounts.identity import Identity
from biobank.accounts.models import AuditEvent
from biobank.editorial.reference import keeping
from biobank.errors import (
    Forbidden,
    NotFound,
    RecordRefused,
    ReferenceChanged,
    StillUsed,
)
from biobank.records.reference.kinds import ORGANISATION, PLACE, SOURCE, TERM, Kind
from biobank.records.reference.models import ReferenceEdit
from biobank.records.reference.uses import people_counts, referring
from biobank.store.session import Database
from tests.editorial.reference import bank
from tests.editorial.reference.bank import EDITOR, WRITER, place, source, term


@pytest.mark.parametrize(("kind", "record"), bank.MADE[:2] + bank.MADE[3:5] + bank.MADE[8:])
def test_what_was_added_is_there_word_by_word(
    database: Database, kind: Kind, record: dict[str, Any]
) -> None:
    key = keeping.add(database, WRITER, kind, record)
    assert bank.record_of(database, kind, key) == record
    with database.read() as session:
        edit = session.scalars(select(ReferenceEdit)).one()
        event = session.scalars(select(AuditEvent).where(AuditEvent.what == "added")).one()
    assert (edit.kind, edit.key, edit.before, edit.after) == (kind.name, key, None, record)
    assert (event.kind, event.subject, event.actor) == (kind.name, key, WRITER.name)


def test_contributors_add_but_do_not_change(database: Database) -> None:
    key = keeping.add(database, WRITER, PLACE, place("test-town"))
    seen = keeping.version(place("test-town"))
    with pytest.raises(Forbidden):
        keeping.change(database, WRITER, PLACE, key, place("test-town", kind="city"), seen)
    with pytest.raises(Forbidden):
        keeping.remove(database, WRITER, PLACE, key, seen)
    with pytest.raises(Forbidden):
        keeping.add(database, Identity("contributor", "token"), PLACE, place("test-other"))


def test_a_conflicting_change_is_refused_and_shows_what_there_is(database: Database) -> None:
    key = keeping.add(database, EDITOR, SOURCE, source("test-book"))
    seen = keeping.version(source("test-book"))
    keeping.change(database, EDITOR, SOURCE, key, source("test-book", volume="1"), seen)
    with pytest.raises(ReferenceChanged) as caught:
        keeping.change(database, EDITOR, SOURCE, key, source("test-book", volume="2"), seen)
    assert caught.value.current == source("test-book", volume="1")
    assert bank.record_of(database, SOURCE, key) == source("test-book", volume="1")


@pytest.mark.parametrize(
    ("kind", "record", "path"),
    [
        (TERM, term("test-a", broader=["test-nothing"]), "broader[0]"),
        (TERM, {**term("test-a", inverse="test-nothing"), "vocabulary": "relation"}, "inverse"),
        (TERM, term("test-a", labels={}), "labels"),
        (TERM, term("poet"), "id"),
        (PLACE, place("test-a", broader="test-nothing"), "broader"),
        (PLACE, place("test-a", lat=91), "lat"),
        (PLACE, place("baku"), "id"),
        (ORGANISATION, bank.organisation("test-a", place="test-nothing"), "place"),
        (ORGANISATION, bank.organisation("test-a", website="javascript:alert(1)"), "website"),
        (SOURCE, source("test-a", URL="javascript:alert(1)"), "csl.URL"),
        (SOURCE, {"id": "Test A", "csl": {"type": "book", "title": "A"}}, "id"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(
    database: Database, kind: Kind, record: dict[str, Any], path: str
) -> None:
    with pytest.raises(RecordRefused) as caught:
        keeping.add(database, EDITOR, kind, record)
    assert [problem.path for problem in caught.value.problems] == [path]


def test_nothing_lies_within_itself(database: Database) -> None:
    first = place("test-a")
    keeping.add(database, EDITOR, PLACE, first)
    keeping.add(database, EDITOR, PLACE, place("test-b", broader="test-a"))
    keeping.add(database, EDITOR, PLACE, place("test-c", broader="test-b"))
    seen = keeping.version(first)
    for within in ("test-a", "test-c"):
        with pytest.raises(RecordRefused, match="within itself"):
            keeping.change(database, EDITOR, PLACE, "test-a", place("test-a", broader=within), seen)


def test_a_changed_label_tells_the_indexer_of_all_who_are_found_by_it(database: Database) -> None:
    bank.fill(database)
    bank.publish(database, bank.person("test-third", professions=["test-young-minstrel"]))
    bank.indexed(database)
    old = bank.MADE[1][1]
    new = {**old, "labels": {"en": "gleeman"}}
    keeping.change(database, EDITOR, TERM, "profession/test-minstrel", new, keeping.version(old))
    assert bank.indexed(database) == {"test-first", "test-third"}
    book = source("test-book", note="kept as it is")
    seen = keeping.version(book)
    keeping.change(database, EDITOR, SOURCE, "test-book", source("test-book", volume="2"), seen)
    assert bank.indexed(database) == {"test-first", "test-second", "test-third"}
    quarter = place("test-toun", names=[{"text": "Toun", "lang": "en"}])
    seen = keeping.version(place("test-toun"))
    keeping.change(database, EDITOR, PLACE, "test-toun", quarter, seen)
    assert bank.indexed(database) == {"test-first", "test-second", "test-third"}


def test_only_what_nothing_uses_is_removed(database: Database) -> None:
    bank.fill(database)
    for kind, record in (bank.MADE[1], bank.MADE[3], bank.MADE[4], bank.MADE[6], bank.MADE[8]):
        with pytest.raises(StillUsed):
            keeping.remove(database, EDITOR, kind, kind.key(record), keeping.version(record))
    free = place("test-free")
    keeping.add(database, EDITOR, PLACE, free)
    bank.draft(database, bank.person("test-first", birth={"place": "test-free"}))
    with pytest.raises(StillUsed):
        keeping.remove(database, EDITOR, PLACE, "test-free", keeping.version(free))
    bank.draft(database, bank.person("test-first", birth={"place": "test-town"}))
    keeping.remove(database, EDITOR, PLACE, "test-free", keeping.version(free))
    assert bank.record_of(database, PLACE, "test-free") is None
    with pytest.raises(NotFound):
        keeping.remove(database, EDITOR, PLACE, "test-free", keeping.version(free))


def test_what_uses_a_record_is_counted(database: Database) -> None:
    bank.fill(database)
    with database.read() as session:
        counts = people_counts(session, TERM, ["profession/test-minstrel", "profession/test-bard"])
        assert counts == {"profession/test-minstrel": 1, "profession/test-bard": 2}
        assert people_counts(session, SOURCE, ["test-buch", "test-book"]) == {
            "test-buch": 2,
            "test-book": 2,
        }
        assert people_counts(session, PLACE, ["test-toun"]) == {"test-toun": 2}
        found = [(it.kind.name, it.key) for it in referring(session, PLACE, "test-toun")]
    assert found == [("place", "test-quarter"), ("organisation", "test-playhouse")]
