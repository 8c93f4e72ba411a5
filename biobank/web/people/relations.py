"""Relations between people, seen from both ends: each is stored once and shown on two pages."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, repeat
from typing import Any

from biobank.records.catalogue import Catalogue
from biobank.records.people.browse_queries import PersonListItem
from biobank.records.people.models import Relation
from biobank.records.people.statement_ids import list_fact_id
from biobank.records.vocabulary.models import term_id
from biobank.search.similar_people import SimilarPerson, describe_similar
from biobank.search.similarity_candidates import SimilarityReason
from biobank.web.core.footnotes import FootnoteMark, Footnotes
from biobank.web.core.gettext import _
from biobank.web.core.labels import format_edtf_date
from biobank.web.core.person_cards import PersonCard, person_card


@dataclass(frozen=True)
class RelatedPerson:
    """A related person with all their roles."""

    card: PersonCard
    roles: tuple["RelationRole", ...]


@dataclass(frozen=True)
class RelationRole:
    """The role of the other person, its date, and its sources."""

    label: str
    date: str
    marks: tuple[FootnoteMark, ...] = ()
    #: The id of the statement of this record, by which its address leads here; empty for those of others.
    id: str = ""


@dataclass(frozen=True)
class SimilarPersonView:
    """A similar person and the shared features."""

    card: PersonCard
    reason: str


@dataclass(frozen=True)
class RelationEdge:
    """A relation of the given type to another person; `part` is the entry of the record, `id` its id."""

    type: str
    person: str
    date: str | None
    part: Mapping[str, Any]
    id: str = ""


def make_relations(
    edges: Sequence[RelationEdge],
    people: Mapping[str, PersonListItem],
    catalogue: Catalogue,
    lang: str,
    footnotes: Footnotes,
) -> tuple[RelatedPerson, ...]:
    """Return the related people among `people`, once each, grouped by their first role."""
    order = list(dict.fromkeys(edge.type for edge in edges))
    roles_by_person: dict[str, list[RelationRole]] = {}
    for edge in sorted(edges, key=lambda edge: order.index(edge.type)):
        role = RelationRole(
            label=catalogue.term_label("relation", edge.type, lang),
            date=format_edtf_date(edge.date, lang),
            marks=footnotes.marks_for_fact(edge.part),
            id=edge.id,
        )
        roles_by_person.setdefault(edge.person, []).append(role)
    return tuple(
        RelatedPerson(person_card(people[id_], catalogue, lang), tuple(roles))
        for id_, roles in roles_by_person.items()
        if id_ in people
    )


def make_similar_people(
    record: Mapping[str, Any],
    matches: Sequence[SimilarPerson],
    people: Mapping[str, PersonListItem],
    catalogue: Catalogue,
    lang: str,
) -> tuple[SimilarPersonView, ...]:
    """Return cards of similar people with the shared features as text."""
    return tuple(
        SimilarPersonView(
            person_card(match.person, catalogue, lang),
            " · ".join(_describe_reason(reason, label) for reason, label in match.reasons),
        )
        for match in describe_similar(record, matches, people, catalogue, lang)
    )


def relation_edges(
    record: Mapping[str, Any],
    inbound: Iterable[Relation],
    catalogue: Catalogue,
    positions: Sequence[int] = (),
) -> list[RelationEdge]:
    """Return the relations of the record and those of others to it, as seen from the record.

    `positions` are those of the relations in the stored record, from which relations to unpublished
    people are left out; without them the relations have no ids.
    """
    ids = (list_fact_id("relations", position) for position in positions)
    outgoing = [
        RelationEdge(part["type"], part["person"], part.get("date"), part, id_)
        for part, id_ in zip(record.get("relations", ()), chain(ids, repeat("")), strict=False)
    ]
    incoming = [
        RelationEdge(catalogue.inverse_relation_type(term_id(row.type_key)), row.person_id, row.date, {})
        for row in inbound
    ]
    unique: dict[tuple[str, str], RelationEdge] = {}
    for edge in (*outgoing, *incoming):
        unique.setdefault((edge.type, edge.person), edge)
    return list(unique.values())


def _describe_reason(reason: SimilarityReason, label: str) -> str:
    if reason.kind == "birthplace":
        return _("born in the same place: %(place)s", place=label)
    if reason.kind == "teacher":
        return _("both studied with %(name)s", name=label)
    if reason.kind == "influence":
        return _("both influenced by %(name)s", name=label)
    if reason.kind == "patron":
        return _("same patron: %(name)s", name=label)
    if reason.kind == "work":
        return _("work with the same title: %(title)s", title=label)
    return label
