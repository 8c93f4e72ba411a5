"""The use of pictures in records: listing uses, and adding a picture to a record."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Text, cast, exists, select
from sqlalchemy.orm import Session

from biobank.accounts.identity import Identity
from biobank.accounts.policy import Action, require
from biobank.editorial.models import Revision, WorkingCopy
from biobank.editorial.revisions.drafts import SavedRevision, save_draft
from biobank.editorial.revisions.latest_revisions import latest_revision, load_latest_revisions
from biobank.errors import EditConflict, NotFound
from biobank.records.media.models import Picture
from biobank.records.media.queries import people_showing
from biobank.records.media.urls import picture_path, portrait_sha
from biobank.store.session import Database

#: Maximum number of people listed.
MAX_LISTED_USES = 100


@dataclass(frozen=True)
class PictureUse:
    """A person whose record contains a picture.

    `record` and `number` are those of the latest revision. `shown`: the latest revision has the
    picture (otherwise only an older one). `public`: the public record has it. `as_portrait`: it is
    the first picture. `is_current`: the record describes it as the bank does.
    """

    person_id: str
    record: Mapping[str, Any]
    number: int
    shown: bool
    public: bool
    as_portrait: bool
    is_current: bool


def is_picture_used(session: Session, sha: str) -> bool:
    """Return whether any revision or working copy contains the picture."""
    revision = select(exists().where(_contains_picture(Revision.record, sha)))
    copy = select(exists().where(_contains_picture(WorkingCopy.fields, sha)))
    return bool(session.scalar(revision) or session.scalar(copy))


def find_picture_uses(session: Session, picture: Picture) -> list[PictureUse]:
    """Return people whose record contains the picture in any revision. Scans all revisions."""
    person_ids = (
        select(Revision.person_id)
        .where(_contains_picture(Revision.record, picture.sha))
        .distinct()
        .order_by(Revision.person_id)
        .limit(MAX_LISTED_USES)
    )
    public = set(people_showing(session, picture.sha))
    revisions = load_latest_revisions(session, list(session.scalars(person_ids)))
    return [_build_use(revision, picture, public) for revision in revisions]


def build_media_entry(picture: Picture) -> dict[str, Any]:
    """Return the picture as an item of the `media` field."""
    return {
        "type": "image",
        "url": picture_path(picture.sha),
        "licence": picture.licence,
        "author": picture.author,
        "source": picture.source,
        "alt": dict(picture.alt),
    }


def record_with_picture(record: Mapping[str, Any], picture: Picture, *, as_portrait: bool) -> dict[str, Any]:
    """Return the record with the picture added, in first place if it becomes the portrait.

    A picture already in the record keeps its place otherwise, and gets the current description.
    """
    entry = build_media_entry(picture)
    entries = list(record.get("media", ()))
    index = next((i for i, part in enumerate(entries) if part["url"] == entry["url"]), len(entries))
    other_entries = entries[:index] + entries[index + 1 :]
    position = 0 if as_portrait else index
    return {**record, "media": [*other_entries[:position], entry, *other_entries[position:]]}


def _build_use(revision: Revision, picture: Picture, public: set[str]) -> PictureUse:
    entry = build_media_entry(picture)
    matches = [part for part in revision.record.get("media", ()) if part["url"] == entry["url"]]
    return PictureUse(
        person_id=revision.person_id,
        record=revision.record,
        number=revision.number,
        shown=bool(matches),
        public=revision.person_id in public,
        as_portrait=portrait_sha(revision.record) == picture.sha,
        is_current=matches == [entry],
    )


def _contains_picture(column: Any, sha: str) -> ColumnElement[bool]:
    """Return a condition that a JSON column contains the picture's address, by a text search."""
    return cast(column, Text).like(f"%{picture_path(sha)}%")


def attach_picture(
    database: Database,
    actor: Identity,
    picture_id: int,
    person_id: str,
    base: int,
    *,
    as_portrait: bool,
    message: str = "",
) -> SavedRevision:
    """Save a draft of the person with the picture, described as in the bank.

    `base` is the number of the latest revision that the actor saw.

    Raises:
        NotFound: if the picture or the person does not exist.
        EditConflict: if the record was saved since `base`.
        RecordRefused: if the resulting record is invalid.
    """
    require(actor, Action.ADD_MEDIA)
    with database.read() as session:
        picture = session.get(Picture, picture_id)
        latest = latest_revision(session, person_id)
        if picture is None or latest is None:
            raise NotFound("Picture or person not found.")
        if latest.number != base:
            raise EditConflict(person_id, base, latest.number)
        record = record_with_picture(latest.record, picture, as_portrait=as_portrait)
    return save_draft(database, actor, record, base, message=message)
