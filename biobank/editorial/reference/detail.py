"""The details of a reference record: its contents, uses and edits."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from biobank.accounts.identity import Identity
from biobank.accounts.policy import Action, require
from biobank.editorial.reference.draft_references import unpublished_using
from biobank.editorial.reference.service import get_reference_record, is_referenced
from biobank.editorial.reference.undo import list_merges_into
from biobank.records.people.mapping import preferred_name
from biobank.records.reference.kinds import ReferenceKind
from biobank.records.reference.models import ReferenceEdit, ReferenceMerge, ReferenceUnreviewed
from biobank.records.reference.redirects import find_redirect
from biobank.records.reference.usage import (
    ReferringRecord,
    count_people,
    first_people_using,
    list_referring,
)
from biobank.store.session import Database

#: Maximum number of people listed; a search shows all.
MAX_DETAIL_PEOPLE = 50
#: Maximum number of edits listed, newest first.
MAX_DETAIL_EDITS = 20


@dataclass(frozen=True)
class ReferenceDetail:
    """The details of a record."""

    record: dict[str, Any]
    #: Ids of the first public people who refer to it, and their total.
    people: Sequence[str]
    people_total: int
    #: Id and name of people with a draft that refers to it.
    drafts: Sequence[tuple[str, str]]
    referring: Sequence[ReferringRecord]
    merges: Sequence[ReferenceMerge]
    edits: Sequence[ReferenceEdit]
    used: bool
    unreviewed: bool


def get_reference_detail(
    database: Database, actor: Identity, kind: ReferenceKind, key: str, lang: str
) -> ReferenceDetail:
    """Return the details of a record.

    Raises:
        NotFound: if the record does not exist.
    """
    require(actor, Action.SEE_DESK)
    with database.read() as session:
        record = get_reference_record(session, kind, key)
        edits_query = select(ReferenceEdit).where(
            ReferenceEdit.kind == kind.name, ReferenceEdit.key == key
        )
        return ReferenceDetail(
            record,
            first_people_using(session, kind, key, MAX_DETAIL_PEOPLE),
            count_people(session, kind, [key]).get(key, 0),
            [
                (row.person_id, preferred_name(row.record, lang))
                for row in unpublished_using(session, kind, key)
            ],
            list_referring(session, kind, key),
            list_merges_into(session, kind, key),
            session.scalars(
                edits_query.order_by(ReferenceEdit.id.desc()).limit(MAX_DETAIL_EDITS)
            ).all(),
            is_referenced(session, kind, key),
            session.get(ReferenceUnreviewed, (kind.name, key)) is not None,
        )


def find_redirect_target(
    database: Database, actor: Identity, kind: ReferenceKind, key: str
) -> str | None:
    """Return the key that a merged key redirects to, or None."""
    require(actor, Action.SEE_DESK)
    with database.read() as session:
        return find_redirect(session, kind.name, key)
