"""Features of a person that other people may share, and the rows that store them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from biobank.names.folding import fold
from biobank.records.people import models as m
from biobank.records.people.similarity_keys import CITY_DECADE, WORK, city_decades, title_keys
from biobank.records.places.models import Place
from biobank.records.vocabulary.models import Term, term_key

#: Formative relation types; sharing one makes people similar.
FORMATIVE_RELATIONS = ("teacher", "influence", "patron")
#: Kinds of places too large to count as a common location.
WIDE_PLACE_KINDS = ("country", "region")


@dataclass(frozen=True)
class SimilarityReason:
    """A shared feature: a key of FEATURE_KINDS, and an id or, for works, the folded title."""

    kind: str
    value: str


@dataclass(frozen=True)
class FeatureKind:
    """The column that stores a feature, and the conditions that select its rows."""

    column: InstrumentedAttribute[Any]
    conditions: tuple[ColumnElement[bool], ...] = ()

    @property
    def person_column(self) -> InstrumentedAttribute[Any]:
        column: InstrumentedAttribute[Any] = self.column.class_.person_id
        return column

    def rows(self, keys: Iterable[str], *columns: Any) -> Select[Any]:
        """Select `columns` of the rows that have one of `keys`."""
        return select(*columns).where(self.column.in_(list(keys)), *self.conditions)


FEATURE_KINDS: Mapping[str, FeatureKind] = {
    **{
        kind: FeatureKind(m.Relation.other_id, (m.Relation.type_key == term_key("relation", kind),))
        for kind in FORMATIVE_RELATIONS
    },
    "work": FeatureKind(m.SimilarityKey.key, (m.SimilarityKey.kind == WORK,)),
    "organisation": FeatureKind(m.Membership.organisation_id),
    "profession": FeatureKind(m.PersonProfession.term_key),
    "city_decade": FeatureKind(m.SimilarityKey.key, (m.SimilarityKey.kind == CITY_DECADE,)),
    "birthplace": FeatureKind(m.Event.place_id, (m.Event.role == "birth",)),
}
#: Column keys by kind, each with the feature it stands for.
Features = Mapping[str, Mapping[str, SimilarityReason]]


def person_features(session: Session, record: Mapping[str, Any]) -> Features:
    """Return all features of `record` that another person may share, without empty kinds."""
    place = (record.get("birth") or {}).get("place")
    keys_by_kind = {
        **_formative_people(session, record),
        "organisation": [part["organisation"] for part in record.get("memberships", ())],
        "city_decade": _town_keys(session, city_decades(record)),
        "birthplace": [place] if place else [],
    }
    features = {
        kind: {key: SimilarityReason(kind, key) for key in keys}
        for kind, keys in keys_by_kind.items()
    }
    features["profession"] = {
        term_key("profession", id_): SimilarityReason("profession", id_)
        for id_ in record.get("professions", ())
    }
    features["work"] = _distinctive_titles(session, record)
    return {kind: keys for kind, keys in features.items() if keys}


def _formative_people(session: Session, record: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return public formative relations by type; people who are not public are left out."""
    relations = [
        entry for entry in record.get("relations", ()) if entry["type"] in FORMATIVE_RELATIONS
    ]
    ids = [relation["person"] for relation in relations]
    query = select(m.Person.id).where(m.Person.id.in_(ids), m.Person.published.is_not(None))
    public = set(session.scalars(query)) if ids else set()
    return {
        kind: [
            formative["person"]
            for formative in relations
            if formative["type"] == kind and formative["person"] in public
        ]
        for kind in FORMATIVE_RELATIONS
    }


def _town_keys(session: Session, keys: list[str]) -> list[str]:
    places = {key.partition("/")[0] for key in keys}
    query = select(Place.id).where(Place.id.in_(places), Place.kind.in_(WIDE_PLACE_KINDS))
    wide_places = set(session.scalars(query))
    return [key for key in keys if key.partition("/")[0] not in wide_places]


def _distinctive_titles(session: Session, record: Mapping[str, Any]) -> dict[str, SimilarityReason]:
    """Return work titles, except those that only name the type of work: a divan, an opera."""
    reasons: dict[str, SimilarityReason] = {}
    for work in record.get("works", ()):
        keys = title_keys(work["title"])
        for key in keys:
            reasons.setdefault(key, SimilarityReason("work", keys[0]))
    generic_titles: set[str] = set()
    if reasons:
        terms = select(Term.labels, Term.alt).where(Term.vocabulary == "work")
        for labels, alt in session.execute(terms):
            generic_titles.update(
                map(fold, labels.values()), *(map(fold, synonyms) for synonyms in alt.values())
            )
    return {key: reason for key, reason in reasons.items() if key not in generic_titles}
