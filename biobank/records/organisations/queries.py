"""Queries of organisations and their members. Published people only."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import nulls_last, select
from sqlalchemy.orm import Session

from biobank.records.people.models import SORT_KEY_COLUMNS, Membership, Person


@dataclass(frozen=True)
class OrganisationMember:
    """A membership, from the organisation's side."""

    person_id: str
    role: Mapping[str, str]
    date: str | None


def list_members(session: Session, organisation_id: str, lang: str) -> list[OrganisationMember]:
    """Return the memberships of an organisation, earliest first, undated ones last by name."""
    query = (
        select(Membership)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.organisation_id == organisation_id, Person.published.is_not(None))
        .order_by(nulls_last(Membership.earliest), SORT_KEY_COLUMNS[lang], Membership.position)
    )
    return [OrganisationMember(row.person_id, row.role or {}, row.date) for row in session.scalars(query)]
