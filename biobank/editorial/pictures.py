"""The picture library: add, describe and remove pictures."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from marshmallow import ValidationError
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from biobank.accounts import audit
from biobank.accounts.clock import now
from biobank.accounts.identity import Identity
from biobank.accounts.policy import Action, require
from biobank.editorial.picture_uses import is_used
from biobank.errors import NotFound, PictureRefused, Problem
from biobank.i18n import LANGUAGES
from biobank.records.fields import Address, Text
from biobank.records.media.licences import LICENCES
from biobank.records.media.models import ALT_MOST, AUTHOR_MOST, SOURCE_MOST, Picture
from biobank.records.media.queries import by_sha
from biobank.records.media.reading import BYTES_MOST, clean
from biobank.records.media.storage import MediaFolder
from biobank.store.session import Database


@dataclass(frozen=True)
class Details:
    """The submitted description of a picture; `alt` is by language, and every part is required."""

    licence: str
    author: str
    source: str
    alt: Mapping[str, str]


@dataclass(frozen=True)
class Added:
    """The stored picture of an uploaded file; `is_new` is false if it was stored before."""

    id: int
    sha: str
    is_new: bool


def add(
    database: Database, folder: MediaFolder, who: Identity, data: bytes, details: Details
) -> Added:
    """Store a picture, or return the existing one with the same contents.

    The description of an existing picture is not changed.

    Raises:
        PictureRefused: if the file or the description is invalid.
    """
    require(who, Action.ADD_MEDIA)
    if not data:
        raise PictureRefused("picture_missing", problems_of(details))
    checked = _checked(details)
    if len(data) > BYTES_MOST:
        raise PictureRefused("picture_heavy")
    sha = sha256(data).hexdigest()
    with database.read() as session:
        known = by_sha(session, [sha]).get(sha)
    if known and folder.has(sha):
        return Added(known.id, sha, is_new=False)
    cleaned = clean(data)
    # Write the files first: a row without files would be a broken picture.
    folder.write(sha, cleaned.files)
    if known:
        return Added(known.id, sha, is_new=False)
    row = Picture(
        sha=sha,
        width=cleaned.width,
        height=cleaned.height,
        sizes=list(cleaned.sizes),
        uploader=who.name,
        uploader_id=who.user_id,
        at=now(),
        **checked,
    )
    return _keep(database, who, row)


def change(database: Database, who: Identity, picture_id: int, details: Details) -> None:
    """Update the description of a picture; records that contain it are not updated.

    Raises:
        NotFound: if the picture does not exist.
        PictureRefused: if the description is invalid.
    """
    require(who, Action.ADD_MEDIA)
    checked = _checked(details)
    with database.write() as session:
        picture = find(session, picture_id)
        changed = [name for name, value in checked.items() if getattr(picture, name) != value]
        for name in changed:
            setattr(picture, name, checked[name])
        if changed:
            _note(session, who, "picture_changed", picture, changed=changed)


def remove(database: Database, folder: MediaFolder, who: Identity, picture_id: int) -> None:
    """Delete a picture that no revision of any record contains.

    Raises:
        NotFound: if the picture does not exist.
        PictureRefused: if a record contains it.
    """
    with database.write() as session:
        picture = find(session, picture_id)
        own = picture.uploader_id is not None and picture.uploader_id == who.user_id
        require(who, Action.REMOVE_MEDIA, "own" if own else "another's")
        if is_used(session, picture.sha):
            raise PictureRefused("picture_used")
        _note(session, who, "picture_removed", picture)
        session.delete(picture)
    folder.remove(picture.sha)


def find(session: Session, picture_id: int) -> Picture:
    """Return the picture.

    Raises:
        NotFound: if the picture does not exist.
    """
    picture = session.get(Picture, picture_id)
    if picture is None:
        raise NotFound("There is no such picture in the bank.")
    return picture


def problems_of(details: Details) -> list[Problem]:
    """Return the problems of a description, with the codes `missing`, `long` and `bad`."""
    found: list[Problem] = []
    if details.licence not in LICENCES:
        found.append(Problem("licence", "missing", "Choose a licence of the list."))
    for path, value, field in _fields(details):
        try:
            field.deserialize(value)
        except ValidationError as error:
            code = "missing" if not value.strip() else "long" if len(value) > field.most else "bad"
            found.append(Problem(path, code, str(error.messages[0])))
    return found


def _fields(details: Details) -> list[tuple[str, str, Text]]:
    return [
        ("author", details.author, Text(AUTHOR_MOST)),
        ("source", details.source, Address(SOURCE_MOST)),
        *((f"alt.{lang}", details.alt.get(lang, ""), Text(ALT_MOST)) for lang in LANGUAGES),
    ]


def _checked(details: Details) -> dict[str, object]:
    """Return the validated column values.

    Raises:
        PictureRefused: if the description is invalid.
    """
    if problems := problems_of(details):
        raise PictureRefused("bad_details", problems)
    kept = {path: field.deserialize(value) for path, value, field in _fields(details)}
    return {
        "licence": details.licence,
        "author": kept["author"],
        "source": kept["source"],
        "alt": {lang: kept[f"alt.{lang}"] for lang in LANGUAGES},
    }


def _keep(database: Database, who: Identity, row: Picture) -> Added:
    """Store the row; if the same file was stored concurrently, return that picture."""
    try:
        with database.write() as session:
            session.add(row)
            session.flush()
            _note(session, who, "picture_added", row, licence=row.licence)
            return Added(row.id, row.sha, is_new=True)
    except IntegrityError:
        with database.read() as session:
            return Added(by_sha(session, [row.sha])[row.sha].id, row.sha, is_new=False)


def _note(session: Session, who: Identity, what: str, picture: Picture, **detail: object) -> None:
    audit.note_about(session, who, what, "picture", picture.sha, number=picture.id, **detail)
