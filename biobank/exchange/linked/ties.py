"""Relations between people, as schema.org properties and as the bank's own terms.

A relation is stored at one end and described from both. schema.org has no teacher, patron or
influence, so each relation type of the bank is also a predicate, such as `/terms/relation/teacher`,
from a person to their teacher. Its labels and inverse are served at that URI.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from biobank.exchange.linked.graph import Statement
from biobank.exchange.linked.things import Named
from biobank.exchange.linked.vocabularies import SCHEMA
from biobank.records.catalogue import Catalogue
from biobank.records.vocabulary.models import term_id, term_key

#: Relation types with an equivalent, or slightly more general, property in schema.org.
SAME: Mapping[str, str] = {
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
class Tie:
    """A relation; `type` is the role of the other person, `person_id`, for this one."""

    type: str
    other: str


def ties_of(
    record: Mapping[str, Any], inbound: Iterable[tuple[str, str]], catalogue: Catalogue
) -> list[Tie]:
    """Return the relations of the record and the inverse of those that others have to it.

    `inbound` holds pairs of a relation type key and a person id.
    """
    own = [Tie(part["type"], part["person"]) for part in record.get("relations", ())]
    others = [Tie(_inverse(key, catalogue), person_id) for key, person_id in inbound]
    return list(dict.fromkeys((*own, *others)))


def ties(
    found: Iterable[Tie], names: Mapping[str, Sequence[Mapping[str, str]]], named: Named
) -> Iterator[Statement]:
    """Yield the statements of relations.

    A type whose id cannot end an XML name has no predicate of its own.
    """
    for tie in found:
        other = named.person(tie.other, names.get(tie.other, ()))
        if tie.type in SAME:
            yield SCHEMA + SAME[tie.type], other
        if re.search(r"[a-z]", tie.type):
            named.term("relation", tie.type)
            yield named.uris.term("relation", tie.type), other


def _inverse(key: str, catalogue: Catalogue) -> str:
    """Return the type as seen from the other end: the inverse of teacher is student."""
    inverse = catalogue.terms.get(key, {}).get("inverse")
    known = inverse and term_key("relation", inverse) in catalogue.terms
    return str(inverse) if known else term_id(key)
