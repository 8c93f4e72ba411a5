"""The use of pictures in records: listing uses, and adding a picture to a record."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Text, cast, exists, select
from sqlalchemy.orm import Session

from biobank.accounts.identity import Identity
from biobank.accounts.policy import Action, require
from biobank.editorial.models import Revision, WorkingCopy
from biobank.editorial.newest import newest_of
from biobank.editorial.saving import Saved, head, save_draft
from biobank.errors import EditConflict, NotFound
from biobank.records.media.addresses import picture_address, portrait_of
from biobank.records.media.models import Picture
from biobank.records.media.queries import public_users
from biobank.records.people.schemas import person_schema
from biobank.records.problems import load
from biobank.store.session import Database

#: Maximum number of people listed.
LISTED = 100


@dataclass(frozen=True)
class Use:
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
    agrees: bool


def is_used(session: Session, sha: str) -> bool:
    """Return whether any revision or working copy contains the picture."""
    revision = select(exists().where(_holds(Revision.record, sha)))
    copy = select(exists().where(_holds(WorkingCopy.fields, sha)))
    return bool(session.scalar(revision) or session.scalar(copy))


def uses(session: Session, picture: Picture) -> list[Use]:
    """Return people whose record contains the picture in any revision. Scans all revisions."""
    holders = (
        select(Revision.person_id)
        .where(_holds(Revision.record, picture.sha))
        .distinct()
        .order_by(Revision.person_id)
        .limit(LISTED)
    )
    public = set(public_users(session, picture.sha))
    heads = newest_of(session, list(session.scalars(holders)))
    return [_use(newest, picture, public) for newest in heads]


def entry_of(picture: Picture) -> dict[str, Any]:
    """Return the picture as an item of the `media` field."""
    return {
        "type": "image",
        "url": picture_address(picture.sha),
        "licence": picture.licence,
        "author": picture.author,
        "source": picture.source,
        "alt": dict(picture.alt),
    }


def with_picture(
    record: Mapping[str, Any], picture: Picture, *, as_portrait: bool
) -> dict[str, Any]:
    """Return the record with the picture added, in first place if it becomes the portrait.

    A picture already in the record keeps its place otherwise, and gets the current description.
    """
    entry = entry_of(picture)
    before = list(record.get("media", ()))
    at = next((i for i, part in enumerate(before) if part["url"] == entry["url"]), len(before))
    others = before[:at] + before[at + 1 :]
    place = 0 if as_portrait else at
    return {**record, "media": [*others[:place], entry, *others[place:]]}


def _use(newest: Revision, picture: Picture, public: set[str]) -> Use:
    entry = entry_of(picture)
    its = [part for part in newest.record.get("media", ()) if part["url"] == entry["url"]]
    return Use(
        person_id=newest.person_id,
        record=newest.record,
        number=newest.number,
        shown=bool(its),
        public=newest.person_id in public,
        as_portrait=portrait_of(newest.record) == picture.sha,
        agrees=its == [entry],
    )


def _holds(column: Any, sha: str) -> ColumnElement[bool]:
    """Return a condition that a JSON column contains the picture's address, by a text search."""
    return cast(column, Text).like(f"%{picture_address(sha)}%")


def put_on(
    database: Database,
    who: Identity,
    picture_id: int,
    person_id: str,
    base: int,
    *,
    as_portrait: bool,
    message: str = "",
) -> Saved:
    """Save a draft of the person with the picture, described as in the bank.

    `base` is the number of the latest revision that the actor saw.

    Raises:
        NotFound: if the picture or the person does not exist.
        EditConflict: if the record was saved since `base`.
        RecordRefused: if the resulting record is invalid.
    """
    require(who, Action.ADD_MEDIA)
    with database.read() as session:
        picture = session.get(Picture, picture_id)
        newest = head(session, person_id)
        if picture is None or newest is None:
            raise NotFound("There is no such picture, or no such person.")
        if newest.number != base:
            raise EditConflict(person_id, base, newest.number)
        record = with_picture(newest.record, picture, as_portrait=as_portrait)
    return save_draft(database, who, load(person_schema, record), base, message=message)
