"""Pictures: uploaded once, fully described, attached as drafts, removed if unused."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import select

from biobank.accounts.identity import OPERATOR, Identity
from biobank.accounts.models import AuditEvent
from biobank.editorial import pictures, workflow
from biobank.editorial.picture_uses import put_on, uses
from biobank.editorial.pictures import Details
from biobank.editorial.publishing import save_many
from biobank.errors import EditConflict, Forbidden, NotFound, NotSignedIn, PictureRefused
from biobank.records.media.addresses import picture_address, portrait_of
from biobank.records.media.queries import is_public
from biobank.records.media.storage import MediaFolder
from biobank.records.people import browsing, queries
from biobank.records.people.schemas import person_schema
from biobank.records.problems import load
from biobank.store.session import Database
from tests.support import seed
from tests.support.pictures import DETAILS, encoded, quarters
from tests.support.users import add_user

SAID = Details(**DETAILS)  # type: ignore[arg-type]
NIZAMI = "nizami-gencevi"


@pytest.fixture
def media(tmp_path: Path) -> MediaFolder:
    return MediaFolder(tmp_path / "media")


@pytest.fixture
def author(database: Database) -> Identity:
    return add_user(database, "Aygün", "contributor")


@pytest.fixture
def editor(database: Database) -> Identity:
    return add_user(database, "Nigar", "editor")


def publish(database: Database, **changes: object) -> None:
    record = load(person_schema, {**seed.alone(NIZAMI), **changes})
    with database.write() as session:
        save_many(session, [record], OPERATOR, "", publish=True)


def audited(database: Database) -> list[tuple[str, str, str]]:
    query = select(AuditEvent).where(AuditEvent.kind == "picture").order_by(AuditEvent.id)
    with database.read() as session:
        return [(event.what, event.actor, event.subject) for event in session.scalars(query)]


def test_the_same_file_again_is_the_same_picture(
    database: Database, media: MediaFolder, author: Identity, editor: Identity
) -> None:
    first = pictures.add(database, media, author, encoded(), SAID)
    again = pictures.add(database, media, editor, encoded(), replace(SAID, author="Another"))
    assert (first.is_new, again.is_new) == (True, False)
    assert (again.id, again.sha) == (first.id, first.sha)
    assert media.has(first.sha)
    with database.read() as session:
        assert pictures.find(session, first.id).author == SAID.author
    assert audited(database) == [("picture_added", author.email, first.sha)]


def test_who_send_the_same_file_at_one_moment_get_one_picture(
    database: Database, media: MediaFolder, author: Identity
) -> None:
    start = Barrier(4)

    def send(_: int) -> pictures.Added:
        start.wait()
        return pictures.add(database, media, author, encoded(), SAID)

    with ThreadPoolExecutor(4) as pool:
        added = list(pool.map(send, range(4)))
    assert len({one.id for one in added}) == 1
    assert [one.is_new for one in added].count(True) == 1
    assert len(audited(database)) == 1


def test_files_that_were_lost_come_back_with_the_same_picture(
    database: Database, media: MediaFolder, author: Identity
) -> None:
    first = pictures.add(database, media, author, encoded(), SAID)
    media.remove(first.sha)
    assert pictures.add(database, media, author, encoded(), SAID).id == first.id
    assert media.has(first.sha)


def test_all_that_is_said_of_a_picture_is_needed(
    database: Database, media: MediaFolder, author: Identity
) -> None:
    nothing = Details("Any licence", " ", "javascript:alert(1)", {"az": "x" * 301, "en": "a\x07b"})
    with pytest.raises(PictureRefused) as caught:
        pictures.add(database, media, author, encoded(), nothing)
    assert {problem.path: problem.code for problem in caught.value.problems} == {
        "licence": "missing",
        "author": "missing",
        "source": "bad",
        "alt.az": "long",
        "alt.en": "bad",
        "alt.ru": "missing",
    }
    assert not media.folder.exists()


def test_who_may_not_adds_and_removes_nothing(
    database: Database, media: MediaFolder, author: Identity, editor: Identity
) -> None:
    other = add_user(database, "Kamran", "contributor")
    added = pictures.add(database, media, author, encoded(), SAID)
    with pytest.raises(NotSignedIn):
        pictures.add(database, media, Identity("anonymous", "nothing"), encoded(), SAID)
    reader = replace(author, via="token", scopes=frozenset(("read",)))
    with pytest.raises(Forbidden):
        pictures.add(database, media, reader, encoded(), SAID)
    with pytest.raises(Forbidden):
        pictures.remove(database, media, other, added.id)
    pictures.remove(database, media, editor, added.id)
    with pytest.raises(NotFound):
        pictures.remove(database, media, editor, added.id)
    assert not media.has(added.sha)


def test_a_picture_is_put_on_a_person_as_a_draft_and_public_once_that_is(
    database: Database, media: MediaFolder, author: Identity, editor: Identity
) -> None:
    foreign = {"type": "image", "url": "https://pictures.example/old.jpg"}
    publish(database, media=[foreign])
    added = pictures.add(database, media, author, encoded(), SAID)
    saved = put_on(database, author, added.id, NIZAMI, 1, as_portrait=True)
    assert saved.number == 2
    with database.read() as session:
        assert not is_public(session, added.sha)
        assert browsing.cards(session, [NIZAMI])[NIZAMI].portrait == ""
        (use,) = uses(session, pictures.find(session, added.id))
    assert (use.shown, use.public, use.as_portrait, use.agrees) == (True, False, True, True)
    workflow.submit(database, author, NIZAMI, 2)
    workflow.publish(database, editor, NIZAMI, 2)
    with database.read() as session:
        assert is_public(session, added.sha)
        assert browsing.cards(session, [NIZAMI])[NIZAMI].portrait == added.sha
        record = queries.record(session, NIZAMI)
    assert record is not None
    entry = {"type": "image", "url": picture_address(added.sha), **DETAILS}
    assert record["media"] == [entry, foreign]
    # Exported records can be imported again.
    assert load(person_schema, record) == record


def test_a_withdrawn_person_takes_the_picture_along(
    database: Database, media: MediaFolder, editor: Identity
) -> None:
    added = pictures.add(database, media, editor, encoded(), SAID)
    publish(database, media=[{"type": "image", "url": picture_address(added.sha)}])
    workflow.withdraw(database, editor, NIZAMI, "wish", "asked for")
    with database.read() as session:
        assert not is_public(session, added.sha)


def test_what_somebody_saved_meanwhile_is_not_written_over(
    database: Database, media: MediaFolder, author: Identity
) -> None:
    publish(database)
    added = pictures.add(database, media, author, encoded(), SAID)
    put_on(database, author, added.id, NIZAMI, 1, as_portrait=True)
    other = pictures.add(database, media, author, encoded(quarters(500, 500)), SAID)
    with pytest.raises(EditConflict):
        put_on(database, author, other.id, NIZAMI, 1, as_portrait=True)


def test_a_record_is_brought_in_line_with_what_is_said_now(
    database: Database, media: MediaFolder, author: Identity
) -> None:
    publish(database)
    added = pictures.add(database, media, author, encoded(), SAID)
    other = pictures.add(database, media, author, encoded(quarters(500, 500)), SAID)
    put_on(database, author, added.id, NIZAMI, 1, as_portrait=True)
    put_on(database, author, other.id, NIZAMI, 2, as_portrait=False)
    pictures.change(database, author, other.id, replace(SAID, author="Əsl Müəllif"))
    with database.read() as session:
        (use,) = uses(session, pictures.find(session, other.id))
    assert (use.agrees, use.as_portrait, use.number) == (False, False, 3)
    put_on(database, author, other.id, NIZAMI, 3, as_portrait=False)
    with database.read() as session:
        (use,) = uses(session, pictures.find(session, other.id))
    assert use.agrees
    assert portrait_of(use.record) == added.sha
    assert [part["author"] for part in use.record["media"]] == [SAID.author, "Əsl Müəllif"]


def test_a_picture_that_any_revision_shows_is_not_removed(
    database: Database, media: MediaFolder, author: Identity
) -> None:
    publish(database)
    added = pictures.add(database, media, author, encoded(), SAID)
    put_on(database, author, added.id, NIZAMI, 1, as_portrait=True)
    publish(database, headline={"en": "Without a portrait"})
    with database.read() as session:
        (use,) = uses(session, pictures.find(session, added.id))
    assert not use.shown
    with pytest.raises(PictureRefused) as caught:
        pictures.remove(database, media, author, added.id)
    assert caught.value.code == "picture_used"
    assert media.has(added.sha)
