"""Similar people: by works, teachers, institutions, professions and towns.

A rarely shared feature says more than a common one, so each is weighted by its rarity in the bank;
the weight decreases with the number of years between births.
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from math import exp, log
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from biobank.common.i18n import best_text
from biobank.records.catalogue import Catalogue
from biobank.records.date_formatting import format_edtf
from biobank.records.dates import parse_date, year_of
from biobank.records.people import models as m
from biobank.records.people.browse_queries import PersonListItem
from biobank.records.people.similarity_keys import title_keys
from biobank.records.proleptic_calendar import shift_years
from biobank.search.similarity_candidates import FORMATIVE_RELATIONS, SimilarityReason, find_candidates

#: Years between births that reduce similarity to a third; about two generations.
BIRTH_DISTANCE_YEARS = 50
#: Assumed lifetime in years if only the death is known.
ASSUMED_LIFETIME_YEARS = 60
REASON_WEIGHTS = {
    "teacher": 1.6,
    "work": 1.5,
    "influence": 1.4,
    "patron": 1.4,
    "organisation": 1.2,
    "profession": 1.0,
    "city_decade": 0.9,
    "birthplace": 0.7,
}
#: Features that count across any time: a ballet on Nizami's poem after eight centuries.
TIMELESS_REASONS = ("work",)
MAX_REASONS = 3
DEFAULT_SIMILAR, MAX_SIMILAR = 6, 50
_DAY = func.coalesce(m.Event.earliest, m.Event.latest)
_IS_DATED = (m.Event.person_id == m.Person.id) & m.Event.role.in_(("birth", "death")) & _DAY.is_not(None)
# Built once: building a statement takes longer than executing it.
_BIRTHS_AND_DEATHS = (
    select(m.Person.id, m.Event.role, _DAY)
    .outerjoin(m.Event, _IS_DATED)
    .where(m.Person.id.in_(bindparam("ids", expanding=True)), m.Person.published.is_not(None))
)


@dataclass(frozen=True)
class SimilarPerson:
    """A similar person with the shared features, the most significant first."""

    id: str
    reasons: tuple[SimilarityReason, ...]


def related_people(session: Session, record: Mapping[str, Any]) -> set[str]:
    """Return the person of `record` and everyone related, who do not count as similar."""
    inbound = select(m.Relation.person_id).where(m.Relation.other_id == record["id"])
    own = (part["person"] for part in record.get("relations", ()))
    return {record["id"], *own, *session.scalars(inbound)}


def find_similar(
    session: Session,
    record: Mapping[str, Any],
    catalogue: Catalogue,
    size: int = DEFAULT_SIMILAR,
    *,
    related: Set[str] | None = None,
) -> list[SimilarPerson]:
    """Return up to `size` public people similar to that of `record`.

    The people of `related` are left out, by default `related_people`.
    """
    born = _birth_day(record)
    shared = find_candidates(session, record, catalogue, born)
    weights = {
        reason: REASON_WEIGHTS[reason.kind] * log(1 + shared.total / count)
        for reason, count in shared.counts.items()
    }
    related = related_people(session, record) if related is None else related
    days = _birth_days(session, shared.people.keys() - related)
    reasons = {id_: _significant_reasons(shared.people[id_], weights) for id_ in days}
    ranked = sorted(
        reasons, key=lambda id_: (-_score(reasons[id_], weights, _time_factor(born, days[id_])), id_)
    )
    return [SimilarPerson(id_, tuple(reasons[id_][:MAX_REASONS])) for id_ in ranked[:size]]


def _significant_reasons(
    reasons: Iterable[SimilarityReason], weights: Mapping[SimilarityReason, float]
) -> list[SimilarityReason]:
    """Return the weightiest reasons first, one per place: a birthplace implies its decade."""
    ordered = sorted(reasons, key=lambda reason: (-weights[reason], reason.kind, reason.value))
    by_subject: dict[tuple[str, str], SimilarityReason] = {}
    for reason in ordered:
        is_place = reason.kind in ("city_decade", "birthplace")
        subject = ("place", reason.value.partition("/")[0]) if is_place else (reason.kind, reason.value)
        by_subject.setdefault(subject, reason)
    return list(by_subject.values())


def _score(
    reasons: Iterable[SimilarityReason], weights: Mapping[SimilarityReason, float], time_factor: float
) -> float:
    return sum(
        weights[reason] * (1.0 if reason.kind in TIMELESS_REASONS else time_factor) for reason in reasons
    )


def _birth_days(session: Session, ids: Iterable[str]) -> dict[str, int | None]:
    """Return the day of birth of public people in `ids`, estimated from the death if unknown."""
    days: dict[str, int | None] = {}
    # Sorted here because the database would scan all births. Births come last and win.
    for person_id, role, event_day in sorted(
        session.execute(_BIRTHS_AND_DEATHS, {"ids": list(ids)}), key=lambda row: row[1] or "", reverse=True
    ):
        days[person_id] = shift_years(event_day, -ASSUMED_LIFETIME_YEARS) if role == "death" else event_day
    return days


def _birth_day(record: Mapping[str, Any]) -> int | None:
    for role, years_back in (("birth", 0), ("death", ASSUMED_LIFETIME_YEARS)):
        date = (record.get(role) or {}).get("date")
        parsed = parse_date(date) if date else None
        day = (parsed.earliest or parsed.latest) if parsed else None
        if day is not None:
            return shift_years(day, -years_back)
    return None


def _time_factor(first_day: int | None, second_day: int | None) -> float:
    """Return 1 for contemporaries, less for distant generations, 0.5 if a birth is unknown."""
    if first_day is None or second_day is None:
        return 0.5
    return exp(-abs(year_of(first_day) - year_of(second_day)) / BIRTH_DISTANCE_YEARS)


@dataclass(frozen=True)
class SimilarPersonSummary:
    """A similar person with the labelled reasons."""

    person: PersonListItem
    reasons: tuple[tuple[SimilarityReason, str], ...]


def people_in_reasons(similar_people: Sequence[SimilarPerson]) -> list[str]:
    """Return the ids of similar people and of the people they share a relation to."""
    reasons = (reason for similar in similar_people for reason in similar.reasons)
    shared_people = (reason.value for reason in reasons if reason.kind in FORMATIVE_RELATIONS)
    return [*(similar.id for similar in similar_people), *shared_people]


def describe_similar(
    record: Mapping[str, Any],
    similar_people: Sequence[SimilarPerson],
    items: Mapping[str, PersonListItem],
    catalogue: Catalogue,
    lang: str,
) -> list[SimilarPersonSummary]:
    """Return people similar to the person of `record` with labels in language `lang`.

    `items` holds the `people_in_reasons` that are public.
    """
    reasons = [reason for similar in similar_people for reason in similar.reasons]
    labels = {reason: _reason_label(reason, record, items, catalogue, lang) for reason in reasons}
    return [
        SimilarPersonSummary(items[similar.id], tuple((reason, labels[reason]) for reason in similar.reasons))
        for similar in similar_people
        if similar.id in items
    ]


def _reason_label(
    reason: SimilarityReason,
    record: Mapping[str, Any],
    people: Mapping[str, PersonListItem],
    catalogue: Catalogue,
    lang: str,
) -> str:
    if reason.kind == "profession":
        return catalogue.term_label("profession", reason.value, lang)
    if reason.kind == "organisation":
        return catalogue.organisation_name(reason.value, lang)
    if reason.kind in FORMATIVE_RELATIONS:
        item = people.get(reason.value)
        return item.name(lang) if item else reason.value
    if reason.kind == "work":
        titles = (work["title"] for work in record.get("works", ()))
        return next(best_text(title, lang) for title in titles if reason.value in title_keys(title))
    place, _, decade = reason.value.partition("/")
    name = catalogue.place_name(place, lang)
    return f"{name}, {format_edtf(decade, lang)}" if decade else name
