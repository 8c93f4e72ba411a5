"""Recently published and recently changed people, on both databases."""

from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from biobank.editorial.models import Revision
from biobank.editorial.revisions.history import recently_changed, recently_published
from biobank.records.people.models import Person
from biobank.store.session import Database

START = datetime(2026, 1, 1, 12, tzinfo=UTC)


def add(session: Session, id_: str, *days: int, public: bool = True, draft: bool = False) -> None:
    """Add a person with revisions published on `days` after START, and optionally a draft."""
    timestamps = [START + timedelta(days=day) for day in days]
    session.add(
        Person(
            id=id_,
            published=len(days) if public and days else None,
            updated_at=timestamps[-1] if timestamps else None,
        )
    )
    session.flush()
    published: list[datetime | None] = [*timestamps, *([None] if draft else [])]
    for number, published_at in enumerate(published, 1):
        session.add(
            Revision(
                person_id=id_,
                number=number,
                state="published" if published_at else "draft",
                record={},
                author="-",
                at=published_at or START,
                published_at=published_at,
            )
        )


def test_people_are_sorted_by_publication_time(database: Database) -> None:
    with database.write() as session:
        add(session, "first", 1, 9)
        add(session, "second", 2)
        add(session, "third", 3, 4, draft=True)
        add(session, "draft", draft=True)
        add(session, "withdrawn", 5, public=False)
    with database.read() as session:
        new = recently_published(session, 0, 10)
        assert [person.person_id for person in new] == ["third", "second", "first"]
        assert new[0].published == START + timedelta(days=3)
        assert new[0].updated == START + timedelta(days=4)
        assert [person.person_id for person in recently_published(session, 1, 1)] == ["second"]
        changed = recently_changed(session, 0, 10)
        assert [person.person_id for person in changed] == ["first", "third", "second"]
        assert changed[0].published == START + timedelta(days=1)
        assert changed[0].updated == START + timedelta(days=9)
        assert [person.person_id for person in recently_changed(session, 2, 5)] == ["second"]
        assert recently_published(session, 3, 5) == []
