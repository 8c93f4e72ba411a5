"""Relations between people, as schema.org properties and as the bank's own terms.

A relation is stored at one end and described from both. schema.org has no teacher, patron or
influence, so each relation type of the bank is also a predicate, such as `/terms/relation/teacher`,
from a person to their teacher. Its labels and inverse are served at that URI.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from biobank.exchange.formats.linked_data.entities import ReferencedEntities
from biobank.exchange.formats.linked_data.graph import RdfStatement
from biobank.exchange.formats.linked_data.vocabularies import SCHEMA_ORG
from biobank.records.catalogue import Catalogue
from biobank.records.vocabulary.models import term_id, term_key

#: Relation types with an equivalent, or slightly more general, property in schema.org.
SCHEMA_ORG_PROPERTIES: Mapping[str, str] = {
    "parent": "parent",
    "child": "children",
    "spouse": "spouse",
    "sibling": "sibling",
    "grandparent": "relatedTo",
    "grandchild": "relatedTo",
    "relative": "relatedTo",
    "colleague": "colleague",
    "friend": "knows",
}


@dataclass(frozen=True)
class PersonRelation:
    """A relation; `type` is the role of the other person, `person_id`, for this one."""

    type: str
    person_id: str


def relations_from_both_ends(
    record: Mapping[str, Any], inbound: Iterable[tuple[str, str]], catalogue: Catalogue
) -> list[PersonRelation]:
    """Return the relations of the record and the inverse of those that others have to it.

    `inbound` holds pairs of a relation type key and a person id.
    """
    own_relations = [
        PersonRelation(part["type"], part["person"]) for part in record.get("relations", ())
    ]
    inverse_relations = [
        PersonRelation(_inverse_type(key, catalogue), person_id) for key, person_id in inbound
    ]
    return list(dict.fromkeys((*own_relations, *inverse_relations)))


def relation_statements(
    relations: Iterable[PersonRelation],
    names: Mapping[str, Sequence[Mapping[str, str]]],
    collector: ReferencedEntities,
) -> Iterator[RdfStatement]:
    """Yield the statements of relations.

    A type whose id cannot end an XML name has no predicate of its own.
    """
    for relation in relations:
        person = collector.person(relation.person_id, names.get(relation.person_id, ()))
        if relation.type in SCHEMA_ORG_PROPERTIES:
            yield SCHEMA_ORG + SCHEMA_ORG_PROPERTIES[relation.type], person
        if re.search(r"[a-z]", relation.type):
            collector.term("relation", relation.type)
            yield collector.uris.term("relation", relation.type), person


def _inverse_type(key: str, catalogue: Catalogue) -> str:
    """Return the type as seen from the other end: the inverse of teacher is student."""
    inverse = catalogue.terms.get(key, {}).get("inverse")
    is_known = inverse and term_key("relation", inverse) in catalogue.terms
    return str(inverse) if is_known else term_id(key)
