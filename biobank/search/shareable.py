"""Features of a person that other people may share, and the rows that store them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from biobank.names.folding import fold
from biobank.records.people import models as m
from biobank.records.people.likenesses import CITY_DECADE, WORK, city_decades, title_keys
from biobank.records.places.models import Place
from biobank.records.vocabulary.models import Term, term_key

#: Formative relation types; sharing one makes people similar.
FORMING = ("teacher", "influence", "patron")
#: Kinds of places too large to count as a common location.
WIDE = ("country", "region")


@dataclass(frozen=True)
class Reason:
    """A shared feature: a key of FEATURE_KINDS, and an id or, for works, the folded title."""

    kind: str
    value: str


@dataclass(frozen=True)
class Kind:
    """The column that stores a feature, and the conditions that select its rows."""

    column: InstrumentedAttribute[Any]
    conditions: tuple[ColumnElement[bool], ...] = ()

    @property
    def person(self) -> InstrumentedAttribute[Any]:
        person: InstrumentedAttribute[Any] = self.column.class_.person_id
        return person

    def rows(self, keys: Iterable[str], *columns: Any) -> Select[Any]:
        """Select `columns` of the rows that have one of `keys`."""
        return select(*columns).where(self.column.in_(list(keys)), *self.conditions)


KINDS: Mapping[str, Kind] = {
    **{
        kind: Kind(m.Relation.other_id, (m.Relation.type_key == term_key("relation", kind),))
        for kind in FORMING
    },
    "work": Kind(m.Likeness.key, (m.Likeness.kind == WORK,)),
    "organisation": Kind(m.Membership.organisation_id),
    "profession": Kind(m.PersonProfession.term_key),
    "city_decade": Kind(m.Likeness.key, (m.Likeness.kind == CITY_DECADE,)),
    "birthplace": Kind(m.Event.place_id, (m.Event.role == "birth",)),
}
#: Column keys by kind, each with the feature it stands for.
Shareable = Mapping[str, Mapping[str, Reason]]


def shareable(session: Session, record: Mapping[str, Any]) -> Shareable:
    """Return all features of `record` that another person may share, without empty kinds."""
    place = (record.get("birth") or {}).get("place")
    plain = {
        **_formed_by(session, record),
        "organisation": [part["organisation"] for part in record.get("memberships", ())],
        "city_decade": _in_towns(session, city_decades(record)),
        "birthplace": [place] if place else [],
    }
    found = {kind: {key: Reason(kind, key) for key in keys} for kind, keys in plain.items()}
    found["profession"] = {
        term_key("profession", id_): Reason("profession", id_)
        for id_ in record.get("professions", ())
    }
    found["work"] = _works(session, record)
    return {kind: keys for kind, keys in found.items() if keys}


def _formed_by(session: Session, record: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return public formative relations by type; people who are not public are left out."""
    ties = [part for part in record.get("relations", ()) if part["type"] in FORMING]
    ids = [tie["person"] for tie in ties]
    query = select(m.Person.id).where(m.Person.id.in_(ids), m.Person.published.is_not(None))
    public = set(session.scalars(query)) if ids else set()
    return {
        kind: [it["person"] for it in ties if it["type"] == kind and it["person"] in public]
        for kind in FORMING
    }


def _in_towns(session: Session, keys: list[str]) -> list[str]:
    places = {key.partition("/")[0] for key in keys}
    query = select(Place.id).where(Place.id.in_(places), Place.kind.in_(WIDE))
    wide = set(session.scalars(query))
    return [key for key in keys if key.partition("/")[0] not in wide]


def _works(session: Session, record: Mapping[str, Any]) -> dict[str, Reason]:
    """Return work titles, except those that only name the type of work: a divan, an opera."""
    found: dict[str, Reason] = {}
    for work in record.get("works", ()):
        keys = title_keys(work["title"])
        for key in keys:
            found.setdefault(key, Reason("work", keys[0]))
    generic: set[str] = set()
    if found:
        terms = select(Term.labels, Term.alt).where(Term.vocabulary == "work")
        for labels, alt in session.execute(terms):
            generic.update(map(fold, labels.values()), *(map(fold, more) for more in alt.values()))
    return {key: reason for key, reason in found.items() if key not in generic}
