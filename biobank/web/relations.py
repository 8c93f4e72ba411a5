"""Relations between people, seen from both ends: each is stored once and shown on two pages."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from biobank.records.catalogue import Catalogue
from biobank.records.people.models import Relation
from biobank.records.vocabulary.models import term_id, term_key
from biobank.search.reasons import told
from biobank.search.shareable import Reason
from biobank.search.similar import Similar
from biobank.web.cards import PersonCard, people_cards, person_card
from biobank.web.footnotes import Footnotes, Mark
from biobank.web.text import _
from biobank.web.words import date_words


@dataclass(frozen=True)
class Related:
    """A related person with all their roles."""

    card: PersonCard
    roles: tuple["Role", ...]


@dataclass(frozen=True)
class Role:
    """The role of the other person, its date, and its sources."""

    label: str
    date: str
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True)
class Alike:
    """A similar person and the shared features."""

    card: PersonCard
    reason: str


@dataclass(frozen=True)
class _Tie:
    type: str
    person: str
    date: str | None
    part: Mapping[str, Any]


def make_relations(
    session: Session,
    record: Mapping[str, Any],
    inbound: Iterable[Relation],
    catalogue: Catalogue,
    lang: str,
    footnotes: Footnotes,
) -> tuple[Related, ...]:
    """Return all related people, once each, grouped by their first role."""
    ties = _ties(record, inbound, catalogue)
    cards = people_cards(session, [tie.person for tie in ties], catalogue, lang)
    order = list(dict.fromkeys(tie.type for tie in ties))
    found: dict[str, list[Role]] = {}
    for tie in sorted(ties, key=lambda tie: order.index(tie.type)):
        role = Role(
            label=catalogue.term_label("relation", tie.type, lang),
            date=date_words(tie.date, lang),
            marks=footnotes.of_fact(tie.part),
        )
        found.setdefault(tie.person, []).append(role)
    return tuple(
        Related(cards[person], tuple(roles)) for person, roles in found.items() if person in cards
    )


def make_alike(
    session: Session,
    record: Mapping[str, Any],
    found: Sequence[Similar],
    catalogue: Catalogue,
    lang: str,
) -> tuple[Alike, ...]:
    """Return cards of similar people with the shared features as text."""
    return tuple(
        Alike(
            person_card(other.card, catalogue, lang),
            " · ".join(_why(reason, label) for reason, label in other.reasons),
        )
        for other in told(session, record, found, catalogue, lang)
    )


def _ties(
    record: Mapping[str, Any], inbound: Iterable[Relation], catalogue: Catalogue
) -> list[_Tie]:
    own = [
        _Tie(part["type"], part["person"], part.get("date"), part)
        for part in record.get("relations", ())
    ]
    others = [
        _Tie(_inverse(row.type_key, catalogue), row.person_id, row.date, {}) for row in inbound
    ]
    once: dict[tuple[str, str], _Tie] = {}
    for tie in (*own, *others):
        once.setdefault((tie.type, tie.person), tie)
    return list(once.values())


def _inverse(key: str, catalogue: Catalogue) -> str:
    """Return the relation type from the other end: the inverse of teacher is student."""
    term = catalogue.terms.get(key, {})
    inverse = term.get("inverse")
    return inverse if inverse and term_key("relation", inverse) in catalogue.terms else term_id(key)


def _why(reason: Reason, label: str) -> str:
    if reason.kind == "birthplace":
        return _("born in the same place: %(place)s", place=label)
    if reason.kind == "teacher":
        return _("both learned from %(name)s", name=label)
    if reason.kind == "influence":
        return _("both influenced by %(name)s", name=label)
    if reason.kind == "patron":
        return _("the same patron: %(name)s", name=label)
    if reason.kind == "work":
        return _("a work of the same title: %(title)s", title=label)
    return label
