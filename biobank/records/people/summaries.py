"""Person summaries: the data that distinguishes namesakes, loaded in a few statements.

Whole records contain biographies in three languages, which comparing hundreds of candidates does
not need.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from biobank.common.i18n import best_text
from biobank.records.date_formatting import format_life_years
from biobank.records.people import models as m
from biobank.records.people.mapping import preferred_name
from biobank.records.vocabulary.models import term_id

#: Ids per statement; SQLite and PostgreSQL accept far more.
IDS_PER_QUERY = 500
VITAL_ROLES = ("birth", "death")


@dataclass
class PersonSummary:
    """A summary of a person. Dates are EDTF; professions, places and organisations are ids."""

    id: str
    gender: str | None = None
    headline: Mapping[str, str] = field(default_factory=dict)
    names: list[Mapping[str, str]] = field(default_factory=list)
    #: By role, `birth` and `death`.
    dates: dict[str, str] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    professions: list[str] = field(default_factory=list)
    countries: list[str] = field(default_factory=list)
    organisations: list[str] = field(default_factory=list)
    identifiers: dict[str, str] = field(default_factory=dict)

    def name(self, lang: str) -> str:
        """Return the preferred name in `lang`."""
        return preferred_name({"names": self.names}, lang)

    def years(self, lang: str) -> str:
        """Return the life years shown next to a name; empty if none are known."""
        birth, death = (self.dates.get(role) for role in VITAL_ROLES)
        return format_life_years(birth, death, lang, living="death" not in self.dates)

    def line(self, lang: str) -> str:
        """Return the life years and the headline, which distinguish namesakes."""
        return " · ".join(
            part for part in (self.years(lang), best_text(self.headline, lang)) if part
        )


def load_summaries(session: Session, ids: Iterable[str]) -> dict[str, PersonSummary]:
    """Return summaries of the published people among `ids`."""
    unique_ids = list(dict.fromkeys(ids))
    summaries: dict[str, PersonSummary] = {}
    for start in range(0, len(unique_ids), IDS_PER_QUERY):
        summaries |= _load_summaries_chunk(session, unique_ids[start : start + IDS_PER_QUERY])
    return summaries


def find_by_identifier(
    session: Session, scheme: str, values: Sequence[str], limit: int
) -> list[str]:
    """Return the published people with one of the ids `values` in the catalogue `scheme`."""
    query = (
        select(m.Identifier.person_id)
        .join(m.Person, m.Person.id == m.Identifier.person_id)
        .where(
            m.Identifier.scheme == scheme,
            m.Identifier.value.in_(values),
            m.Person.published.is_not(None),
        )
        .order_by(m.Identifier.person_id)
        .limit(limit)
    )
    return list(dict.fromkeys(session.scalars(query)))


def _load_summaries_chunk(session: Session, ids: Sequence[str]) -> dict[str, PersonSummary]:
    people = select(m.Person.id, m.Person.gender, m.Person.headline).where(
        m.Person.id.in_(ids), m.Person.published.is_not(None)
    )
    summaries = {
        row.id: PersonSummary(row.id, row.gender, row.headline or {})
        for row in session.execute(people)
    }
    names = select(m.PersonName.person_id, m.PersonName.text, m.PersonName.lang, m.PersonName.kind)
    for row in session.execute(_rows_of(names, m.PersonName, summaries)):
        summaries[row.person_id].names.append(
            {"text": row.text, "lang": row.lang, "kind": row.kind}
        )
    _add_vital_events(session, summaries)
    _add_ids(session, summaries)
    return summaries


def _add_vital_events(session: Session, summaries: Mapping[str, PersonSummary]) -> None:
    events = select(m.Event.person_id, m.Event.role, m.Event.date, m.Event.place_id)
    query = _rows_of(events, m.Event, summaries).where(m.Event.role.in_(VITAL_ROLES))
    for row in session.execute(query):
        summary = summaries[row.person_id]
        # An undated death must be kept: the person is not living.
        summary.dates[row.role] = row.date or ""
        if row.place_id:
            summary.places[row.role] = row.place_id


def _add_ids(session: Session, summaries: Mapping[str, PersonSummary]) -> None:
    professions = select(m.PersonProfession.person_id, m.PersonProfession.term_key)
    for row in session.execute(_rows_of(professions, m.PersonProfession, summaries)):
        summaries[row.person_id].professions.append(term_id(row.term_key))
    countries = select(m.PersonCountry.person_id, m.PersonCountry.country)
    for row in session.execute(_rows_of(countries, m.PersonCountry, summaries)):
        summaries[row.person_id].countries.append(row.country)
    memberships = select(m.Membership.person_id, m.Membership.organisation_id)
    for row in session.execute(_rows_of(memberships, m.Membership, summaries)):
        summaries[row.person_id].organisations.append(row.organisation_id)
    identifiers = select(m.Identifier.person_id, m.Identifier.scheme, m.Identifier.value)
    for row in session.execute(_rows_of(identifiers, m.Identifier, summaries)):
        summaries[row.person_id].identifiers[row.scheme] = row.value


def _rows_of(
    query: Select[*tuple[Any, ...]],
    model: type[m.PersonRow],
    summaries: Mapping[str, PersonSummary],
) -> Select[*tuple[Any, ...]]:
    """Restrict `query` to the rows of these people, in record order."""
    return query.where(model.person_id.in_(list(summaries))).order_by(
        model.person_id, model.position
    )
