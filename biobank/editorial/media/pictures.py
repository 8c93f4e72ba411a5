"""The picture library: add, describe and remove pictures."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from marshmallow import ValidationError
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from biobank.accounts import audit
from biobank.accounts.identity import Identity
from biobank.accounts.policy import Action, require
from biobank.common.clock import now
from biobank.common.i18n import LANGUAGES
from biobank.editorial.media.picture_uses import is_picture_used
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
from biobank.records.media.queries import pictures_by_sha
from biobank.records.media.storage import MediaFolder
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


def _record_audit(session: Session, actor: Identity, what: str, picture: Picture, **detail: object) -> None:
    audit.record_for(session, actor, what, "picture", picture.sha, number=picture.id, **detail)
