"""The picture library: add, describe and remove pictures, and their use in records."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from marshmallow import ValidationError
from sqlalchemy import ColumnElement, String, cast, exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from biobank.accounts import audit
from biobank.accounts.identity import Identity
from biobank.accounts.policy import Action, require
from biobank.common.clock import now
from biobank.common.i18n import LANGUAGES
from biobank.editorial.models import Revision, WorkingCopy
from biobank.editorial.revisions.drafts import DraftDetails, SavedRevision, save_draft
from biobank.editorial.revisions.latest_revisions import load_latest_revisions, require_latest
from biobank.errors import FieldError, NotFound, PictureRefused
from biobank.records.fields import Text, WebUrl
from biobank.records.media.image_processing import MAX_PICTURE_BYTES, process_image
from biobank.records.media.licences import LICENCES
from biobank.records.media.models import (
    MAX_ALT_CHARS,
    MAX_MEDIA_AUTHOR_CHARS,
    MAX_MEDIA_SOURCE_CHARS,
    Picture,
)
from biobank.records.media.queries import people_showing, pictures_by_sha
from biobank.records.media.storage import MediaFolder
from biobank.records.media.urls import picture_path, portrait_sha
from biobank.store.session import Database


@dataclass(frozen=True)
class PictureDetails:
    """The submitted description of a picture; `alt` is by language, and every part is required."""

    licence: str
    author: str
    source: str
    alt: Mapping[str, str]


@dataclass(frozen=True)
class AddedPicture:
    """The stored picture of an uploaded file; `is_new` is false if it was stored before."""

    id: int
    sha: str
    is_new: bool


def add_picture(
    database: Database, folder: MediaFolder, actor: Identity, data: bytes, details: PictureDetails
) -> AddedPicture:
    """Store a picture, or return the existing one with the same contents.

    The description of an existing picture is not changed.

    Raises:
        PictureRefused: if the file or the description is invalid.
    """
    require(actor, Action.ADD_MEDIA)
    if not data:
        raise PictureRefused("picture_missing", validate_details(details))
    checked = _validated_columns(details)
    if len(data) > MAX_PICTURE_BYTES:
        raise PictureRefused("picture_heavy")
    sha = sha256(data).hexdigest()
    with database.read() as session:
        existing = pictures_by_sha(session, [sha]).get(sha)
    if existing and folder.has(sha):
        return AddedPicture(existing.id, sha, is_new=False)
    cleaned = process_image(data)
    # Write the files first: a row without files would be a broken picture.
    folder.write(sha, cleaned.files)
    if existing:
        return AddedPicture(existing.id, sha, is_new=False)
    row = Picture(
        sha=sha,
        width=cleaned.width,
        height=cleaned.height,
        sizes=list(cleaned.sizes),
        uploader=actor.name,
        uploader_id=actor.user_id,
        at=now(),
        **checked,
    )
    return _store_picture(database, actor, row)


def update_picture(database: Database, actor: Identity, picture_id: int, details: PictureDetails) -> None:
    """Update the description of a picture; records that contain it are not updated.

    Raises:
        NotFound: if the picture does not exist.
        PictureRefused: if the description is invalid.
    """
    require(actor, Action.ADD_MEDIA)
    checked = _validated_columns(details)
    with database.write() as session:
        picture = get_picture(session, picture_id)
        changed = [name for name, value in checked.items() if getattr(picture, name) != value]
        for name in changed:
            setattr(picture, name, checked[name])
        if changed:
            _record_audit(session, actor, "picture_changed", picture, changed=changed)


def delete_picture(database: Database, folder: MediaFolder, actor: Identity, picture_id: int) -> None:
    """Delete a picture that no revision of any record contains.

    Raises:
        NotFound: if the picture does not exist.
        PictureRefused: if a record contains it.
    """
    with database.write() as session:
        picture = get_picture(session, picture_id)
        is_own = picture.uploader_id is not None and picture.uploader_id == actor.user_id
        require(actor, Action.REMOVE_MEDIA, "own" if is_own else "another's")
        if is_picture_used(session, picture.sha):
            raise PictureRefused("picture_used")
        _record_audit(session, actor, "picture_removed", picture)
        session.delete(picture)
    folder.remove(picture.sha)


def get_picture(session: Session, picture_id: int) -> Picture:
    """Return the picture.

    Raises:
        NotFound: if the picture does not exist.
    """
    picture = session.get(Picture, picture_id)
    if picture is None:
        raise NotFound("Picture not found.")
    return picture


def validate_details(details: PictureDetails) -> list[FieldError]:
    """Return the problems of a description, with the codes `missing`, `long` and `bad`."""
    problems: list[FieldError] = []
    if details.licence not in LICENCES:
        problems.append(FieldError("licence", "missing", "Choose a licence from the list."))
    for path, value, field in _text_fields(details):
        try:
            field.deserialize(value)
        except ValidationError as error:
            code = "missing" if not value.strip() else "long" if len(value) > field.max_length else "bad"
            problems.append(FieldError(path, code, str(error.messages[0])))
    return problems


def _text_fields(details: PictureDetails) -> list[tuple[str, str, Text]]:
    return [
        ("author", details.author, Text(MAX_MEDIA_AUTHOR_CHARS)),
        ("source", details.source, WebUrl(MAX_MEDIA_SOURCE_CHARS)),
        *((f"alt.{lang}", details.alt.get(lang, ""), Text(MAX_ALT_CHARS)) for lang in LANGUAGES),
    ]


def _validated_columns(details: PictureDetails) -> dict[str, object]:
    """Return the validated column values.

    Raises:
        PictureRefused: if the description is invalid.
    """
    if problems := validate_details(details):
        raise PictureRefused("bad_details", problems)
    values = {path: field.deserialize(value) for path, value, field in _text_fields(details)}
    return {
        "licence": details.licence,
        "author": values["author"],
        "source": values["source"],
        "alt": {lang: values[f"alt.{lang}"] for lang in LANGUAGES},
    }


def _store_picture(database: Database, actor: Identity, row: Picture) -> AddedPicture:
    """Store the row; if the same file was stored concurrently, return that picture."""
    try:
        with database.write() as session:
            session.add(row)
            session.flush()
            _record_audit(session, actor, "picture_added", row, licence=row.licence)
            return AddedPicture(row.id, row.sha, is_new=True)
    except IntegrityError:
        with database.read() as session:
            return AddedPicture(pictures_by_sha(session, [row.sha])[row.sha].id, row.sha, is_new=False)


def _record_audit(session: Session, actor: Identity, action: str, picture: Picture, **detail: object) -> None:
    audit.record_for(session, actor, action, "picture", picture.sha, number=picture.id, **detail)


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
    return cast(column, String).like(f"%{picture_path(sha)}%")


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
        picture = get_picture(session, picture_id)
        latest = require_latest(session, person_id, base)
        record = record_with_picture(latest.record, picture, as_portrait=as_portrait)
    return save_draft(database, actor, record, base, DraftDetails(message))
