"""Recently published and recently changed people, on both databases."""

from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from biobank.editorial.arrivals import last_changed, newest
from biobank.editorial.models import Revision
from biobank.records.people.models import Person
from biobank.store.session import Database

START = datetime(2026, 1, 1, 12, tzinfo=UTC)


def add(session: Session, id_: str, *days: int, public: bool = True, draft: bool = False) -> None:
    """Add a person with revisions published on `days` after START, and optionally a draft."""
    moments = [START + timedelta(days=day) for day in days]
    session.add(
        Person(
            id=id_,
            published=len(days) if public and days else None,
            updated_at=moments[-1] if moments else None,
        )
    )
    session.flush()
    published: list[datetime | None] = [*moments, *([None] if draft else [])]
    for number, at in enumerate(published, 1):
        session.add(
            Revision(
                person_id=id_,
                number=number,
                state="published" if at else "draft",
                record={},
                author="-",
                at=at or START,
                published_at=at,
            )
        )


def test_the_newest_come_first_by_when_they_became_public(database: Database) -> None:
    with database.write() as session:
        add(session, "first", 1, 9)
        add(session, "second", 2)
        add(session, "third", 3, 4, draft=True)
        add(session, "draft", draft=True)
        add(session, "withdrawn", 5, public=False)
    with database.read() as session:
        new = newest(session, 0, 10)
        assert [one.person_id for one in new] == ["third", "second", "first"]
        assert new[0].published == START + timedelta(days=3)
        assert new[0].updated == START + timedelta(days=4)
        assert [one.person_id for one in newest(session, 1, 1)] == ["second"]
        changed = last_changed(session, 0, 10)
        assert [one.person_id for one in changed] == ["first", "third", "second"]
        assert changed[0].published == START + timedelta(days=1)
        assert changed[0].updated == START + timedelta(days=9)
        assert [one.person_id for one in last_changed(session, 2, 5)] == ["second"]
        assert newest(session, 3, 5) == []
