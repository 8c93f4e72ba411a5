"""Person summaries: the data that distinguishes namesakes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from biobank.common.i18n import best_text
from biobank.records.date_formatting import format_life_years
from biobank.records.people import models as m
from biobank.records.people.mapping import preferred_name
from biobank.records.people.queries import load_stored_records
from biobank.records.people.record import NameRecord, PersonRecord, vital_event
from biobank.store.outbox import batched

#: Ids per statement; SQLite and PostgreSQL accept far more.
SUMMARY_IDS_PER_QUERY = 500
VITAL_ROLES = ("birth", "death")


@dataclass
class PersonSummary:
    """A summary of a person. Dates are EDTF; professions, places and organisations are ids."""

    id: str
    gender: str | None = None
    headline: Mapping[str, str] = field(default_factory=dict)
    names: list[NameRecord] = field(default_factory=list)
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
        return " · ".join(part for part in (self.years(lang), best_text(self.headline, lang)) if part)


def load_summaries(session: Session, ids: Iterable[str]) -> dict[str, PersonSummary]:
    """Return summaries of the published people among `ids`."""
    summaries: dict[str, PersonSummary] = {}
    for chunk in batched(list(dict.fromkeys(ids)), SUMMARY_IDS_PER_QUERY):
        for id_, record in load_stored_records(session, chunk).items():
            summaries[id_] = summarize(record)
    return summaries


def summarize(record: PersonRecord) -> PersonSummary:
    """Return the summary of a record."""
    vital_events = {role: vital_event(record, role) for role in VITAL_ROLES if role in record}
    return PersonSummary(
        id=record["id"],
        gender=record.get("gender"),
        headline=record.get("headline", {}),
        names=record["names"],
        # An undated death must be kept: the person is not living.
        dates={role: event.get("date", "") for role, event in vital_events.items()},
        places={role: event["place"] for role, event in vital_events.items() if "place" in event},
        professions=record.get("professions", []),
        countries=record.get("countries", []),
        organisations=[part["organisation"] for part in record.get("memberships", ())],
        identifiers=record.get("identifiers", {}),
    )


def find_by_identifier(session: Session, scheme: str, values: Sequence[str], limit: int) -> list[str]:
    """Return the published people with one of the ids `values` in the catalogue `scheme`."""
    query = (
        select(m.Identifier.person_id)
        .join(m.Person, m.Person.id == m.Identifier.person_id)
        .where(m.Identifier.scheme == scheme, m.Identifier.value.in_(values), m.Person.published.is_not(None))
        .order_by(m.Identifier.person_id)
        .limit(limit)
    )
    return list(dict.fromkeys(session.scalars(query)))
