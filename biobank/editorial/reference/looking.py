"""The details of a reference record: its contents, uses and edits."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from biobank.accounts.identity import Identity
from biobank.accounts.policy import Action, require
from biobank.editorial.reference.drafts import unpublished_using
from biobank.editorial.reference.keeping import existing, is_used
from biobank.editorial.reference.undoing import merges_of
from biobank.records.people.mapping import preferred_name
from biobank.records.reference.kinds import Kind
from biobank.records.reference.models import ReferenceEdit, ReferenceMerge, ReferenceUnreviewed
from biobank.records.reference.redirects import where_now
from biobank.records.reference.uses import (
    Referring,
    first_people_using,
    people_counts,
    referring,
)
from biobank.store.session import Database

#: Maximum number of people listed; a search shows all.
PEOPLE_MOST = 50
#: Maximum number of edits listed, newest first.
EDITS_MOST = 20


@dataclass(frozen=True)
class Look:
    """The details of a record."""

    record: dict[str, Any]
    #: Ids of the first public people who refer to it, and their total.
    people: Sequence[str]
    people_total: int
    #: Id and name of people with a draft that refers to it.
    drafts: Sequence[tuple[str, str]]
    referring: Sequence[Referring]
    merges: Sequence[ReferenceMerge]
    edits: Sequence[ReferenceEdit]
    used: bool
    unreviewed: bool


def look(database: Database, who: Identity, kind: Kind, key: str, lang: str) -> Look:
    """Return the details of a record.

    Raises:
        NotFound: if the record does not exist.
    """
    require(who, Action.SEE_DESK)
    with database.read() as session:
        record = existing(session, kind, key)
        edits = select(ReferenceEdit).where(
            ReferenceEdit.kind == kind.name, ReferenceEdit.key == key
        )
        return Look(
            record,
            first_people_using(session, kind, key, PEOPLE_MOST),
            people_counts(session, kind, [key]).get(key, 0),
            [
                (row.person_id, preferred_name(row.record, lang))
                for row in unpublished_using(session, kind, key)
            ],
            referring(session, kind, key),
            merges_of(session, kind, key),
            session.scalars(edits.order_by(ReferenceEdit.id.desc()).limit(EDITS_MOST)).all(),
            is_used(session, kind, key),
            session.get(ReferenceUnreviewed, (kind.name, key)) is not None,
        )


def led_on_to(database: Database, who: Identity, kind: Kind, key: str) -> str | None:
    """Return the key that a merged key redirects to, or None."""
    require(who, Action.SEE_DESK)
    with database.read() as session:
        return where_now(session, kind.name, key)
