"""Browse queries: people by letter, profession, place, century and day.

All queries return published people only, in the alphabetical order of a language, surname first.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from sqlalchemy import ColumnElement, and_, bindparam, exists, func, not_, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from biobank.common.clock import as_utc
from biobank.names.alphabet import ALPHABETS
from biobank.records.dates import centuries, first_day_of_century, years_of_century
from biobank.records.media.urls import portrait_sha
from biobank.records.people import models as m
from biobank.records.people.mapping import preferred_name
from biobank.records.people.name_parts import preferred_name_parts
from biobank.records.people.queries import load_stored_records
from biobank.records.people.record import NameRecord
from biobank.records.proleptic_calendar import to_ordinal
from biobank.records.sources.models import Source
from biobank.records.vocabulary.models import term_id, term_key
from biobank.store.outbox import batched

#: A date that spans more centuries counts for none of them, as in search.
MAX_DATE_CENTURIES = 5
#: Counts of people by their exact set of values.
CombinationCounts = Mapping[frozenset[str], int]
#: Ids per statement; SQLite and PostgreSQL accept far more.
CARD_IDS_PER_QUERY = 500
# Built once: building a statement takes longer than executing it.
_PUBLISHED_STATES = select(m.Person.id, m.Person.published, m.Person.updated_at).where(
    m.Person.id.in_(bindparam("ids", expanding=True)), m.Person.published.is_not(None)
)
_CSL_ITEMS = select(Source.id, Source.csl).where(Source.id.in_(bindparam("ids", expanding=True)))


@dataclass(frozen=True)
class PageOfNames:
    """A page of a list that is in the alphabetical order of `lang`."""

    lang: str
    offset: int
    size: int


@dataclass(frozen=True)
class PersonListItem:
    """The data of a person in a list."""

    id: str
    names: tuple[NameRecord, ...]
    headline: Mapping[str, str]
    birth: str | None
    death: str | None
    professions: tuple[str, ...]
    gender: str = ""
    #: Hash of the portrait; empty if there is none.
    portrait: str = ""
    floruit: str | None = None

    @classmethod
    def from_record(cls, id_: str, record: Mapping[str, Any], portrait: str = "") -> Self:
        """Return the data of a record in a list."""
        return cls(
            id=id_,
            names=tuple(record["names"]),
            headline=record.get("headline", {}),
            birth=record.get("birth", {}).get("date"),
            death=record.get("death", {}).get("date"),
            professions=tuple(record.get("professions", ())),
            gender=record.get("gender", ""),
            portrait=portrait,
            floruit=record.get("floruit", {}).get("date"),
        )

    def name(self, lang: str) -> str:
        """Return the preferred name in `lang`."""
        return preferred_name({"names": self.names}, lang)

    def sort_name(self, lang: str) -> str:
        """Return the name as alphabetical lists show it, surname first."""
        dates = {"death": {"date": self.death}, "floruit": {"date": self.floruit}}
        return preferred_name_parts({"names": self.names, **dates}, lang).inverted


def load_cards(session: Session, ids: Iterable[str]) -> dict[str, PersonListItem]:
    """Return list data of the published people among `ids`, in that order."""
    cards: dict[str, PersonListItem] = {}
    for chunk in batched(list(dict.fromkeys(ids)), CARD_IDS_PER_QUERY):
        for id_, record in load_stored_records(session, chunk).items():
            cards[id_] = PersonListItem.from_record(id_, record, portrait_sha(record))
    return cards


def letter_counts(session: Session, lang: str) -> dict[str, int]:
    """Return the number of people by initial letter in a language, in alphabetical order."""
    initial = m.INITIAL_COLUMNS[lang].label("initial")
    query = select(initial, func.count().label("people")).group_by(initial)
    counts = {row.initial: row.people for row in session.execute(query)}
    # An index-only count of all people, minus the unpublished, is ten times faster.
    for row in session.execute(query.where(m.Person.published.is_(None))):
        counts[row.initial] -= row.people
    order = {letter: rank for rank, letter in enumerate(ALPHABETS[lang])}
    return {
        letter: counts[letter]
        for letter in sorted(counts, key=lambda letter: (order.get(letter, len(order)), letter))
        if counts[letter]
    }


def people_by_letter(session: Session, letter: str, page: PageOfNames) -> tuple[str, ...]:
    """Return a page of people by the letter under which the name is listed."""
    return _list_people(session, m.INITIAL_COLUMNS[page.lang] == letter, page)


def people_by_professions(
    session: Session, ids: Iterable[str], page: PageOfNames, *, expect_many: bool = False
) -> tuple[str, ...]:
    """Return a page of people with any of the professions `ids`."""
    keys = [term_key("profession", id_) for id_ in ids]
    matches = m.PersonProfession.term_key.in_(keys)
    has_profession = _has_row(m.PersonProfession.person_id, matches, expect_many=expect_many)
    return _list_people(session, has_profession, page)


def people_by_places(
    session: Session, ids: Iterable[str], page: PageOfNames, *, expect_many: bool = False
) -> tuple[str, ...]:
    """Return a page of people with any relation to one of the places `ids`."""
    has_place = _has_row(m.Event.person_id, m.Event.place_id.in_(list(ids)), expect_many=expect_many)
    return _list_people(session, has_place, page)


def people_by_century(
    session: Session, century: int, page: PageOfNames, *, expect_many: bool = False
) -> tuple[str, ...]:
    """Return a page of people of a century, as `century_counts` counts them."""
    in_century = _touches_century(century)
    born = and_(m.Event.role == "birth", in_century)
    active = and_(m.Event.role == "floruit", in_century, ~_has_known_birth())
    conditions = (
        _has_row(m.Event.person_id, event_condition, expect_many=expect_many)
        for event_condition in (born, active)
    )
    return _list_people(session, or_(*conditions), page)


def profession_combinations(session: Session) -> CombinationCounts:
    """Return counts of people by combination of professions, without broader ones."""
    counts = _combination_counts(session, m.PersonProfession.term_key)
    return {frozenset(map(term_id, keys)): people for keys, people in counts.items()}


def place_combinations(session: Session) -> CombinationCounts:
    """Return counts of people by combination of places, without containing ones."""
    return _combination_counts(session, m.Event.place_id)


def century_counts(session: Session) -> dict[int, int]:
    """Return counts of people by century: that of the birth, else of the floruit.

    A person whose birth may lie in several centuries is counted in each of them.
    """
    count = func.count().label("people")
    query = select(m.Event.earliest, m.Event.latest, count).where(_HAS_KNOWN_DATES)
    query = query.group_by(m.Event.earliest, m.Event.latest)
    counts: dict[int, int] = {}
    for event_condition in (m.Event.role == "birth", and_(m.Event.role == "floruit", ~_has_known_birth())):
        for row in session.execute(query.where(event_condition)):
            for century in centuries(row.earliest, row.latest)[:MAX_DATE_CENTURIES]:
                counts[century] = counts.get(century, 0) + row.people
    return dict(sorted(counts.items()))


def sample_people(session: Session, seed: int, size: int) -> list[str]:
    """Return `size` people with a headline; the same `seed` returns the same people."""
    query = select(m.Person.id).where(_is_public(), m.Person.headline.is_not(None))
    ids = list(session.scalars(query.order_by(m.Person.id)))
    # A stride that is coprime to most sizes of the bank covers all of it, one page per seed.
    positions = range(seed * size, (seed + 1) * size) if ids else ()
    return list(dict.fromkeys(ids[position * 37 % len(ids)] for position in positions))


def published_states(session: Session, ids: Iterable[str]) -> dict[str, tuple[int, datetime]]:
    """Return the number and the publication time, in UTC, of each published revision."""
    rows = session.execute(_PUBLISHED_STATES, {"ids": list(ids)})
    return {row.id: (row.published, as_utc(row.updated_at)) for row in rows}


def last_changed(session: Session, ids: Iterable[str]) -> dict[str, datetime]:
    """Return when the published record of each of `ids` last changed, in UTC."""
    query = select(m.Person.id, m.Person.updated_at).where(m.Person.id.in_(list(ids)), _is_public())
    return {row.id: as_utc(row.updated_at) for row in session.execute(query)}


def first_withdrawal_since(session: Session, since: datetime) -> datetime | None:
    """Return when the first of the currently withdrawn people was withdrawn, at `since` or later."""
    query = select(func.min(m.Person.withdrawn_at)).where(m.Person.withdrawn_at >= since)
    withdrawn_at = session.scalar(query)
    return as_utc(withdrawn_at) if withdrawn_at else None


def latest_change(session: Session) -> datetime | None:
    """Return when published content last changed, in UTC; None if nothing was ever published.

    A withdrawal is a change, so the time never decreases.
    """
    updated_at = session.scalar(select(func.max(m.Person.updated_at)))
    return as_utc(updated_at) if updated_at else None


def load_csl_items(session: Session, ids: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return the CSL-JSON items of sources by id."""
    return {row.id: row.csl for row in session.execute(_CSL_ITEMS, {"ids": list(ids)})}


def _is_public() -> ColumnElement[bool]:
    return m.Person.published.is_not(None)


def _list_people(session: Session, condition: ColumnElement[bool], page: PageOfNames) -> tuple[str, ...]:
    """Return a page of published people that match, in alphabetical order."""
    query = select(m.Person.id).where(_is_public(), condition)
    query = query.order_by(m.SORT_KEY_COLUMNS[page.lang], m.Person.id).offset(page.offset).limit(page.size)
    return tuple(session.scalars(query))


def _has_row(
    owner: InstrumentedAttribute[str], condition: ColumnElement[bool], *, expect_many: bool
) -> ColumnElement[bool]:
    """Return the condition that a person has a row matching `condition`.

    With `expect_many`, people are tested in page order until a page is full, which happens soon.
    """
    if expect_many:
        return exists().where(owner == m.Person.id, condition)
    return m.Person.id.in_(select(owner).where(condition))


def _combination_counts(session: Session, column: InstrumentedAttribute[Any]) -> CombinationCounts:
    """Return counts by combination. Only published people have rows, so no check is needed."""
    joined = func.aggregate_strings(column, " ").label("together")
    query = select(joined).where(column.is_not(None)).group_by(column.class_.person_id)
    combinations = query.subquery().c.together
    counts: dict[frozenset[str], int] = {}
    for joined_values, people in session.execute(select(combinations, func.count()).group_by(combinations)):
        values = frozenset(joined_values.split())
        counts[values] = counts.get(values, 0) + people
    return counts


_HAS_KNOWN_DATES = and_(m.Event.earliest.is_not(None), m.Event.latest.is_not(None))


def _has_known_birth() -> ColumnElement[bool]:
    """Return the condition that the person's birth is known, at least roughly."""
    birth = aliased(m.Event)
    return exists().where(
        birth.person_id == m.Event.person_id,
        birth.role == "birth",
        birth.earliest.is_not(None),
        birth.latest.is_not(None),
    )


def _touches_century(century: int) -> ColumnElement[bool]:
    """Return the condition that an event may lie in a century, as `centuries` defines it."""
    first, last = years_of_century(century)
    earliest_start = first_day_of_century(century, before=MAX_DATE_CENTURIES - 1)
    conditions = [
        m.Event.earliest.between(earliest_start, to_ordinal(last, 12, 31)),
        m.Event.latest >= to_ordinal(first, 1, 1),
    ]
    if last >= 0:
        # Exactly 1800–1899 counts as the next century only, as in `centuries`.
        next_century = (to_ordinal(last + 99, 1, 1), to_ordinal(last + 99, 12, 31))
        starts = m.Event.earliest >= to_ordinal(last, 1, 1)
        conditions.append(not_(and_(starts, m.Event.latest.between(*next_century))))
    return and_(*conditions)
