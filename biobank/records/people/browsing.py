"""Browse queries: people by letter, profession, place, century and day.

All queries return published people only, in Azerbaijani alphabetical order.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, and_, exists, func, not_, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from biobank.names.alphabet import LETTERS
from biobank.records.dates import centuries, first_day_of_century, years_of_century
from biobank.records.days import day_of
from biobank.records.media.addresses import portrait_of
from biobank.records.people import models as m
from biobank.records.people.mapping import preferred_name
from biobank.records.sources.models import Source
from biobank.records.vocabulary.models import term_id, term_key

Row = TypeVar("Row", bound=m.OfPerson)

#: A date that spans more centuries counts for none of them, as in search.
CENTURIES_MOST = 5
#: Counts of people by their exact set of values.
Combined = Mapping[frozenset[str], int]
#: Ids per statement; SQLite and PostgreSQL accept far more.
IDS_MOST = 500


@dataclass(frozen=True)
class Card:
    """The data of a person in a list."""

    id: str
    names: tuple[Mapping[str, str], ...]
    headline: Mapping[str, str]
    birth: str | None
    death: str | None
    professions: tuple[str, ...]
    #: Hash of the portrait; empty if there is none.
    portrait: str = ""

    def name(self, lang: str) -> str:
        """Return the preferred name in `lang`."""
        return preferred_name({"names": self.names}, lang)


def cards(session: Session, ids: Sequence[str]) -> dict[str, Card]:
    """Return list data of the published people among `ids`, in that order."""
    found: dict[str, Card] = {}
    wanted = list(dict.fromkeys(ids))
    for start in range(0, len(wanted), IDS_MOST):
        found |= _cards(session, wanted[start : start + IDS_MOST])
    return {id_: found[id_] for id_ in wanted if id_ in found}


def _cards(session: Session, ids: Sequence[str]) -> dict[str, Card]:
    people = select(m.Person.id, m.Person.headline).where(_public(), m.Person.id.in_(ids))
    names: dict[str, list[Mapping[str, str]]] = {}
    for name in session.scalars(_rows(m.PersonName, ids)):
        row = {"text": name.text, "lang": name.lang, "kind": name.kind}
        names.setdefault(name.person_id, []).append(row)
    professions: dict[str, list[str]] = {}
    for profession in session.scalars(_rows(m.PersonProfession, ids)):
        professions.setdefault(profession.person_id, []).append(term_id(profession.term_key))
    moments = _rows(m.Event, ids).where(m.Event.role.in_(("birth", "death")))
    dates = {(event.person_id, event.role): event.date for event in session.scalars(moments)}
    portraits = _portraits(session, ids)
    return {
        row.id: Card(
            id=row.id,
            names=tuple(names.get(row.id, ())),
            headline=row.headline or {},
            birth=dates.get((row.id, "birth")),
            death=dates.get((row.id, "death")),
            professions=tuple(professions.get(row.id, ())),
            portrait=portraits.get(row.id, ""),
        )
        for row in session.execute(people)
        if row.id in names
    }


def _portraits(session: Session, ids: Sequence[str]) -> dict[str, str]:
    """Return the portrait of each person that has one: see `portrait_sha`."""
    images: dict[str, list[Mapping[str, str]]] = {}
    for row in session.scalars(_rows(m.Media, ids)):
        images.setdefault(row.person_id, []).append({"type": row.type, "url": row.url})
    return {person_id: portrait_of({"media": parts}) for person_id, parts in images.items()}


def letters(session: Session) -> dict[str, int]:
    """Return the number of people by initial letter, in alphabetical order."""
    query = select(m.Person.initial, func.count().label("people")).group_by(m.Person.initial)
    counts = {row.initial: row.people for row in session.execute(query)}
    # An index-only count of all people, minus the unpublished, is ten times faster.
    for row in session.execute(query.where(m.Person.published.is_(None))):
        counts[row.initial] -= row.people
    order = {letter: rank for rank, letter in enumerate(LETTERS)}
    return {
        letter: counts[letter]
        for letter in sorted(counts, key=lambda letter: (order.get(letter, len(order)), letter))
        if counts[letter]
    }


def of_letter(session: Session, letter: str, offset: int, size: int) -> tuple[str, ...]:
    """Return a page of people by the initial letter of the name."""
    return _listing(session, m.Person.initial == letter, offset, size)


def of_professions(
    session: Session, ids: Iterable[str], offset: int, size: int, *, many: bool = False
) -> tuple[str, ...]:
    """Return a page of people with any of the professions `ids`."""
    keys = [term_key("profession", id_) for id_ in ids]
    its = m.PersonProfession.term_key.in_(keys)
    having = _having(m.PersonProfession.person_id, its, many=many)
    return _listing(session, having, offset, size)


def of_places(
    session: Session, ids: Iterable[str], offset: int, size: int, *, many: bool = False
) -> tuple[str, ...]:
    """Return a page of people with any relation to one of the places `ids`."""
    having = _having(m.Event.person_id, m.Event.place_id.in_(list(ids)), many=many)
    return _listing(session, having, offset, size)


def of_century(
    session: Session, century: int, offset: int, size: int, *, many: bool = False
) -> tuple[str, ...]:
    """Return a page of people of a century, as `century_counts` counts them."""
    its = _touches(century)
    born = and_(m.Event.role == "birth", its)
    active = and_(m.Event.role == "floruit", its, ~_birth_known())
    either = (_having(m.Event.person_id, which, many=many) for which in (born, active))
    return _listing(session, or_(*either), offset, size)


def professions(session: Session) -> Combined:
    """Return counts of people by combination of professions, without broader ones."""
    found = _combined(session, m.PersonProfession.term_key)
    return {frozenset(map(term_id, keys)): people for keys, people in found.items()}


def places(session: Session) -> Combined:
    """Return counts of people by combination of places, without containing ones."""
    return _combined(session, m.Event.place_id)


def by_century(session: Session) -> dict[int, int]:
    """Return counts of people by century: that of the birth, else of the floruit.

    A person whose birth may lie in several centuries is counted in each of them.
    """
    count = func.count().label("people")
    query = select(m.Event.earliest, m.Event.latest, count).where(_KNOWN)
    query = query.group_by(m.Event.earliest, m.Event.latest)
    found: dict[int, int] = {}
    for its in (m.Event.role == "birth", and_(m.Event.role == "floruit", ~_birth_known())):
        for row in session.execute(query.where(its)):
            for century in centuries(row.earliest, row.latest)[:CENTURIES_MOST]:
                found[century] = found.get(century, 0) + row.people
    return dict(sorted(found.items()))


def sample(session: Session, seed: int, size: int) -> list[str]:
    """Return `size` people with a headline; the same `seed` returns the same people."""
    query = select(m.Person.id).where(_public(), m.Person.headline.is_not(None))
    ids = list(session.scalars(query.order_by(m.Person.id)))
    # A stride that is coprime to most sizes of the bank covers all of it, one page per seed.
    steps = range(seed * size, (seed + 1) * size) if ids else ()
    return list(dict.fromkeys(ids[step * 37 % len(ids)] for step in steps))


def state(session: Session, person_id: str) -> tuple[int, datetime] | None:
    """Return the number and the publication time of the published revision, if any."""
    query = select(m.Person.published, m.Person.updated_at).where(
        m.Person.id == person_id, _public()
    )
    row = session.execute(query).one_or_none()
    return (row.published, row.updated_at) if row else None


def changed(session: Session, ids: Iterable[str]) -> dict[str, datetime]:
    """Return when the published record of each of `ids` last changed, in UTC."""
    query = select(m.Person.id, m.Person.updated_at).where(m.Person.id.in_(list(ids)), _public())
    return {row.id: in_utc(row.updated_at) for row in session.execute(query)}


def was_taken_out_since(session: Session, moment: datetime) -> bool:
    """Return whether any currently withdrawn person was withdrawn at `since` or later."""
    query = select(m.Person.id).where(m.Person.withdrawn_at >= moment)
    return session.scalar(query.limit(1)) is not None


def newest_change(session: Session) -> datetime | None:
    """Return when published content last changed, in UTC; None if nothing was ever published.

    A withdrawal is a change, so the time never decreases.
    """
    newest = session.scalar(select(func.max(m.Person.updated_at)))
    return in_utc(newest) if newest else None


def cited(session: Session, ids: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return the CSL-JSON items of sources by id."""
    query = select(Source).where(Source.id.in_(list(ids)))
    return {source.id: source.csl for source in session.scalars(query)}


def in_utc(moment: datetime) -> datetime:
    """Return a stored timestamp in UTC."""
    # SQLite returns timestamps without their zone; they were written in UTC.
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _public() -> ColumnElement[bool]:
    return m.Person.published.is_not(None)


def _rows(model: type[Row], ids: Sequence[str]) -> Select[Row]:
    return select(model).where(model.person_id.in_(ids)).order_by(model.position)


def _listing(
    session: Session, condition: ColumnElement[bool], offset: int, size: int
) -> tuple[str, ...]:
    """Return a page of published people that match, in alphabetical order."""
    query = select(m.Person.id).where(_public(), condition)
    query = query.order_by(m.Person.sort_key, m.Person.id).offset(offset).limit(size)
    return tuple(session.scalars(query))


def _having(
    owner: InstrumentedAttribute[str], its: ColumnElement[bool], *, many: bool
) -> ColumnElement[bool]:
    """Return the condition that a person has a row matching `condition`.

    With `expect_many`, people are tested in page order until a page is full, which happens soon.
    """
    if many:
        return exists().where(owner == m.Person.id, its)
    return m.Person.id.in_(select(owner).where(its))


def _combined(session: Session, column: InstrumentedAttribute[Any]) -> Combined:
    """Return counts by combination. Only published people have rows, so no check is needed."""
    together = func.aggregate_strings(column, " ").label("together")
    query = select(together).where(column.is_not(None)).group_by(column.class_.person_id)
    each = query.subquery().c.together
    found: dict[frozenset[str], int] = {}
    for told, people in session.execute(select(each, func.count()).group_by(each)):
        values = frozenset(told.split())
        found[values] = found.get(values, 0) + people
    return found


_KNOWN = and_(m.Event.earliest.is_not(None), m.Event.latest.is_not(None))


def _birth_known() -> ColumnElement[bool]:
    """Return the condition that the person's birth is known, at least roughly."""
    birth = aliased(m.Event)
    return exists().where(
        birth.person_id == m.Event.person_id,
        birth.role == "birth",
        birth.earliest.is_not(None),
        birth.latest.is_not(None),
    )


def _touches(century: int) -> ColumnElement[bool]:
    """Return the condition that an event may lie in a century, as `centuries` defines it."""
    first, last = years_of_century(century)
    begun = first_day_of_century(century, before=CENTURIES_MOST - 1)
    its = [
        m.Event.earliest.between(begun, day_of(last, 12, 31)),
        m.Event.latest >= day_of(first, 1, 1),
    ]
    if last >= 0:
        # Exactly 1800–1899 counts as the next century only, as in `centuries`.
        whole = (day_of(last + 99, 1, 1), day_of(last + 99, 12, 31))
        starts = m.Event.earliest >= day_of(last, 1, 1)
        its.append(not_(and_(starts, m.Event.latest.between(*whole))))
    return and_(*its)
