"""Ways through the bank without a question: letters, professions, places, centuries, days.

Reads for the pages. Everything is of published people, in Azerbaijani alphabetical order.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, distinct, func, select
from sqlalchemy.orm import Session

from biobank.names.alphabet import LETTERS
from biobank.records.dates import centuries
from biobank.records.media.addresses import portrait_of
from biobank.records.people import models as m
from biobank.records.people.mapping import preferred_name
from biobank.records.sources.models import Source
from biobank.records.vocabulary.models import term_id, term_key

Row = TypeVar("Row", bound=m.OfPerson)

#: A date that may be in more centuries than these is in none in particular, as in the search.
CENTURIES_MOST = 5
#: Ids in one statement; SQLite and PostgreSQL both take far more.
IDS_MOST = 500


@dataclass(frozen=True)
class Card:
    """What a list shows of a person."""

    id: str
    names: tuple[Mapping[str, str], ...]
    headline: Mapping[str, str]
    birth: str | None
    death: str | None
    professions: tuple[str, ...]
    #: The picture that stands for the person; empty where the bank keeps none.
    portrait: str = ""

    def name(self, lang: str) -> str:
        return preferred_name({"names": self.names}, lang)


@dataclass(frozen=True)
class Listing:
    """One page of ids, and how many there are in all."""

    total: int
    ids: tuple[str, ...]


def cards(session: Session, ids: Sequence[str]) -> dict[str, Card]:
    """Cards of those of `ids` that are public, in that order, in a handful of statements."""
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
    """The picture of each person that has one: see `portrait_of`."""
    images: dict[str, list[Mapping[str, str]]] = {}
    for row in session.scalars(_rows(m.Media, ids)):
        images.setdefault(row.person_id, []).append({"type": row.type, "url": row.url})
    return {person_id: portrait_of({"media": parts}) for person_id, parts in images.items()}


def letters(session: Session) -> dict[str, int]:
    """How many people stand under each letter that has any, in the order of the alphabet."""
    query = (
        select(m.Person.initial, func.count().label("people"))
        .where(_public())
        .group_by(m.Person.initial)
    )
    counts = {row.initial: row.people for row in session.execute(query)}
    order = {letter: rank for rank, letter in enumerate(LETTERS)}
    return {
        letter: counts[letter]
        for letter in sorted(counts, key=lambda letter: (order.get(letter, len(order)), letter))
    }


def of_letter(session: Session, letter: str, offset: int, size: int) -> Listing:
    return _listing(session, m.Person.initial == letter, offset, size)


def of_professions(session: Session, ids: Iterable[str], offset: int, size: int) -> Listing:
    """People of any of the professions `ids`."""
    keys = [term_key("profession", id_) for id_ in ids]
    people = select(m.PersonProfession.person_id).where(m.PersonProfession.term_key.in_(keys))
    return _listing(session, m.Person.id.in_(people), offset, size)


def of_places(session: Session, ids: Iterable[str], offset: int, size: int) -> Listing:
    """People with any tie to one of the places `ids`."""
    people = select(m.Event.person_id).where(m.Event.place_id.in_(list(ids)))
    return _listing(session, m.Person.id.in_(people), offset, size)


def of_ids(session: Session, ids: Iterable[str], offset: int, size: int) -> Listing:
    """A page of the people of `ids`, in alphabetical order."""
    return _listing(session, m.Person.id.in_(list(ids)), offset, size)


def professions(session: Session) -> dict[str, frozenset[str]]:
    """The people of each profession that anyone has, narrower ones not included."""
    query = (
        select(m.PersonProfession.term_key, m.PersonProfession.person_id)
        .join(m.Person, m.Person.id == m.PersonProfession.person_id)
        .where(_public())
    )
    return {term_id(key): people for key, people in _grouped(session, query).items()}


def places(session: Session) -> dict[str, frozenset[str]]:
    """The people tied to each place that anyone is tied to, places within it not included."""
    query = (
        select(m.Event.place_id, m.Event.person_id)
        .join(m.Person, m.Person.id == m.Event.person_id)
        .where(_public(), m.Event.place_id.is_not(None))
    )
    return _grouped(session, query)


def by_century(session: Session) -> dict[int, frozenset[str]]:
    """The people of each century that anyone is of: that of the birth, else of the floruit.

    One whose birth may lie in several stands in each of them.
    """
    query = (
        select(m.Event.person_id, m.Event.role, m.Event.earliest, m.Event.latest)
        .join(m.Person, m.Person.id == m.Event.person_id)
        .where(
            _public(),
            m.Event.role.in_(("birth", "floruit")),
            m.Event.earliest.is_not(None),
            m.Event.latest.is_not(None),
        )
        .order_by(m.Event.role)  # "birth" first, and what comes first is kept
    )
    spans: dict[str, Sequence[int]] = {}
    for row in session.execute(query):
        spans.setdefault(row.person_id, centuries(row.earliest, row.latest)[:CENTURIES_MOST])
    found: dict[int, set[str]] = {}
    for person_id, span in spans.items():
        for century in span:
            found.setdefault(century, set()).add(person_id)
    return {century: frozenset(found[century]) for century in sorted(found)}


def sample(session: Session, seed: int, size: int) -> list[str]:
    """`size` people with a headline, others for every `seed`, the same ones for the same."""
    query = select(m.Person.id).where(_public(), m.Person.headline.is_not(None))
    ids = list(session.scalars(query.order_by(m.Person.id)))
    # A stride that is prime to most sizes of a bank walks through all of it, a page a day.
    steps = range(seed * size, (seed + 1) * size) if ids else ()
    return list(dict.fromkeys(ids[step * 37 % len(ids)] for step in steps))


def state(session: Session, person_id: str) -> tuple[int, datetime] | None:
    """The number of the public revision and when it became public; none where there is none."""
    query = select(m.Person.published, m.Person.updated_at).where(
        m.Person.id == person_id, _public()
    )
    row = session.execute(query).one_or_none()
    return (row.published, row.updated_at) if row else None


def changed(session: Session, ids: Iterable[str]) -> dict[str, datetime]:
    """When the public record of each of `ids` last changed, in UTC."""
    query = select(m.Person.id, m.Person.updated_at).where(m.Person.id.in_(list(ids)), _public())
    return {row.id: in_utc(row.updated_at) for row in session.execute(query)}


def was_taken_out_since(session: Session, moment: datetime) -> bool:
    """Whether anybody who is out of the bank now was taken out of it at `moment` or later."""
    query = select(m.Person.id).where(m.Person.withdrawn_at >= moment)
    return session.scalar(query.limit(1)) is not None


def newest_change(session: Session) -> datetime | None:
    """When a public record last changed, in UTC; none where nobody is public."""
    query = select(func.max(m.Person.updated_at)).where(_public())
    newest = session.scalar(query)
    return in_utc(newest) if newest else None


def cited(session: Session, ids: Iterable[str]) -> dict[str, dict[str, Any]]:
    """The CSL-JSON items of sources by id."""
    query = select(Source).where(Source.id.in_(list(ids)))
    return {source.id: source.csl for source in session.scalars(query)}


def in_utc(moment: datetime) -> datetime:
    """A moment of the store with its zone."""
    # SQLite gives a moment back without its zone; it was written in UTC.
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _public() -> ColumnElement[bool]:
    return m.Person.published.is_not(None)


def _rows(model: type[Row], ids: Sequence[str]) -> Select[Row]:
    return select(model).where(model.person_id.in_(ids)).order_by(model.position)


def _listing(session: Session, condition: ColumnElement[bool], offset: int, size: int) -> Listing:
    total = session.scalar(select(func.count(distinct(m.Person.id))).where(_public(), condition))
    ids = session.scalars(
        select(m.Person.id)
        .where(_public(), condition)
        .order_by(m.Person.sort_key, m.Person.id)
        .offset(offset)
        .limit(size)
    )
    return Listing(total or 0, tuple(ids))


def _grouped(session: Session, query: Select[Any, str]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for key, person_id in session.execute(query):
        found.setdefault(key, set()).add(person_id)
    return {key: frozenset(people) for key, people in found.items()}
