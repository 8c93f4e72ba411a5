"""Pictures: uploaded once, fully described, attached as drafts, removed if unused."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import select

from biobank.accounts.identity import OPERATOR, Identity
from biobank.accounts.models import AuditEvent
from biobank.editorial import pictures
from biobank.editorial.pictures import PictureDetails, attach_picture, find_picture_uses
from biobank.editorial.review import workflow
from biobank.editorial.revisions.bulk_save import save_records
from biobank.errors import EditConflict, Forbidden, NotFound, NotSignedIn, PictureRefused
from biobank.records.media.queries import is_public
from biobank.records.media.storage import MediaFolder
from biobank.records.media.urls import picture_path, portrait_sha
from biobank.records.people import browse_queries, queries
from biobank.records.people.schemas import person_schema
from biobank.records.validation import load_validated
from biobank.store.session import Database
from tests.support import seed
from tests.support.pictures import DETAILS, encode, quarters
from tests.support.users import add_user

DESCRIPTION = PictureDetails(**DETAILS)  # type: ignore[arg-type]
NIZAMI = "nizami-gencevi"


@pytest.fixture
def media(tmp_path: Path) -> MediaFolder:
    return MediaFolder(tmp_path / "media")


@pytest.fixture
def contributor(database: Database) -> Identity:
    return add_user(database, "Aygün", "contributor")


@pytest.fixture
def editor(database: Database) -> Identity:
    return add_user(database, "Nigar", "editor")


def publish(database: Database, **changes: object) -> None:
    record = load_validated(person_schema, {**seed.person_without_relations(NIZAMI), **changes})
    with database.write() as session:
        save_records(session, [record], OPERATOR, "", publish=True)


def audited(database: Database) -> list[tuple[str, str, str]]:
    query = select(AuditEvent).where(AuditEvent.kind == "picture").order_by(AuditEvent.id)
    with database.read() as session:
        return [(event.what, event.actor, event.subject) for event in session.scalars(query)]


def test_same_file_is_one_picture(
    database: Database, media: MediaFolder, contributor: Identity, editor: Identity
) -> None:
    first = pictures.add_picture(database, media, contributor, encode(), DESCRIPTION)
    repeated = pictures.add_picture(database, media, editor, encode(), replace(DESCRIPTION, author="Another"))
    assert (first.is_new, repeated.is_new) == (True, False)
    assert (repeated.id, repeated.sha) == (first.id, first.sha)
    assert media.has(first.sha)
    with database.read() as session:
        assert pictures.get_picture(session, first.id).author == DESCRIPTION.author
    assert audited(database) == [("picture_added", contributor.email, first.sha)]


def test_concurrent_uploads_of_one_file_make_one_picture(
    database: Database, media: MediaFolder, contributor: Identity
) -> None:
    start = Barrier(4)

    def upload(_: int) -> pictures.AddedPicture:
        start.wait()
        return pictures.add_picture(database, media, contributor, encode(), DESCRIPTION)

    with ThreadPoolExecutor(4) as pool:
        added = list(pool.map(upload, range(4)))
    assert len({picture.id for picture in added}) == 1
    assert [picture.is_new for picture in added].count(True) == 1
    assert len(audited(database)) == 1


def test_lost_files_are_restored_by_upload(
    database: Database, media: MediaFolder, contributor: Identity
) -> None:
    first = pictures.add_picture(database, media, contributor, encode(), DESCRIPTION)
    media.remove(first.sha)
    assert pictures.add_picture(database, media, contributor, encode(), DESCRIPTION).id == first.id
    assert media.has(first.sha)


def test_complete_description_is_required(
    database: Database, media: MediaFolder, contributor: Identity
) -> None:
    invalid = PictureDetails("Any licence", " ", "javascript:alert(1)", {"az": "x" * 301, "en": "a\x07b"})
    with pytest.raises(PictureRefused) as exc_info:
        pictures.add_picture(database, media, contributor, encode(), invalid)
    assert {problem.path: problem.code for problem in exc_info.value.problems} == {
        "licence": "missing",
        "author": "missing",
        "source": "bad",
        "alt.az": "long",
        "alt.en": "bad",
        "alt.ru": "missing",
    }
    assert not media.folder.exists()


def test_pictures_require_permission(
    database: Database, media: MediaFolder, contributor: Identity, editor: Identity
) -> None:
    other = add_user(database, "Kamran", "contributor")
    added = pictures.add_picture(database, media, contributor, encode(), DESCRIPTION)
    with pytest.raises(NotSignedIn):
        pictures.add_picture(database, media, Identity("anonymous", "nothing"), encode(), DESCRIPTION)
    reader = replace(contributor, via="token", scopes=frozenset(("read",)))
    with pytest.raises(Forbidden):
        pictures.add_picture(database, media, reader, encode(), DESCRIPTION)
    with pytest.raises(Forbidden):
        pictures.delete_picture(database, media, other, added.id)
    pictures.delete_picture(database, media, editor, added.id)
    with pytest.raises(NotFound):
        pictures.delete_picture(database, media, editor, added.id)
    assert not media.has(added.sha)


def test_attached_picture_is_a_draft_until_published(
    database: Database, media: MediaFolder, contributor: Identity, editor: Identity
) -> None:
    foreign = {"type": "image", "url": "https://pictures.example/old.jpg"}
    publish(database, media=[foreign])
    added = pictures.add_picture(database, media, contributor, encode(), DESCRIPTION)
    saved = attach_picture(database, contributor, added.id, NIZAMI, 1, as_portrait=True)
    assert saved.number == 2
    with database.read() as session:
        assert not is_public(session, added.sha)
        assert browse_queries.load_cards(session, [NIZAMI])[NIZAMI].portrait == ""
        (use,) = find_picture_uses(session, pictures.get_picture(session, added.id))
    assert (use.shown, use.public, use.as_portrait, use.is_current) == (True, False, True, True)
    workflow.submit(database, contributor, NIZAMI, 2)
    workflow.publish(database, editor, NIZAMI, 2)
    with database.read() as session:
        assert is_public(session, added.sha)
        assert browse_queries.load_cards(session, [NIZAMI])[NIZAMI].portrait == added.sha
        record = queries.load_record(session, NIZAMI)
    assert record is not None
    entry = {"type": "image", "url": picture_path(added.sha), **DETAILS}
    assert record["media"] == [entry, foreign]
    # Exported records can be imported again.
    assert load_validated(person_schema, record) == record


def test_withdrawal_hides_picture(database: Database, media: MediaFolder, editor: Identity) -> None:
    added = pictures.add_picture(database, media, editor, encode(), DESCRIPTION)
    publish(database, media=[{"type": "image", "url": picture_path(added.sha)}])
    workflow.withdraw(database, editor, NIZAMI, "wish", "asked for")
    with database.read() as session:
        assert not is_public(session, added.sha)


def test_attaching_to_stale_base_is_refused(
    database: Database, media: MediaFolder, contributor: Identity
) -> None:
    publish(database)
    added = pictures.add_picture(database, media, contributor, encode(), DESCRIPTION)
    attach_picture(database, contributor, added.id, NIZAMI, 1, as_portrait=True)
    other = pictures.add_picture(database, media, contributor, encode(quarters(500, 500)), DESCRIPTION)
    with pytest.raises(EditConflict):
        attach_picture(database, contributor, other.id, NIZAMI, 1, as_portrait=True)


def test_attaching_again_updates_description(
    database: Database, media: MediaFolder, contributor: Identity
) -> None:
    publish(database)
    added = pictures.add_picture(database, media, contributor, encode(), DESCRIPTION)
    other = pictures.add_picture(database, media, contributor, encode(quarters(500, 500)), DESCRIPTION)
    attach_picture(database, contributor, added.id, NIZAMI, 1, as_portrait=True)
    attach_picture(database, contributor, other.id, NIZAMI, 2, as_portrait=False)
    pictures.update_picture(database, contributor, other.id, replace(DESCRIPTION, author="Əsl Müəllif"))
    with database.read() as session:
        (use,) = find_picture_uses(session, pictures.get_picture(session, other.id))
    assert (use.is_current, use.as_portrait, use.number) == (False, False, 3)
    attach_picture(database, contributor, other.id, NIZAMI, 3, as_portrait=False)
    with database.read() as session:
        (use,) = find_picture_uses(session, pictures.get_picture(session, other.id))
    assert use.is_current
    assert portrait_sha(use.record) == added.sha
    assert [part["author"] for part in use.record["media"]] == [DESCRIPTION.author, "Əsl Müəllif"]


def test_picture_used_by_any_revision_is_not_removed(
    database: Database, media: MediaFolder, contributor: Identity
) -> None:
    publish(database)
    added = pictures.add_picture(database, media, contributor, encode(), DESCRIPTION)
    attach_picture(database, contributor, added.id, NIZAMI, 1, as_portrait=True)
    publish(database, headline={"en": "Without a portrait"})
    with database.read() as session:
        (use,) = find_picture_uses(session, pictures.get_picture(session, added.id))
    assert not use.shown
    with pytest.raises(PictureRefused) as exc_info:
        pictures.delete_picture(database, media, contributor, added.id)
    assert exc_info.value.code == "picture_used"
    assert media.has(added.sha)
