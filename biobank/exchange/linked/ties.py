"""Ties between people: by what schema.org has a word for, and by the bank's own terms.

A tie is stored at one end and said from both. schema.org has no teacher, patron or influence, so
each relation type of the bank is a predicate, `/terms/relation/teacher`, that leads from a person
to who was their teacher; its labels and its inverse are served there.
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

#: Where schema.org says the same, or somewhat less.
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
    """`type` is what the other person, `other`, was to this one."""

    type: str
    other: str


def ties_of(
    record: Mapping[str, Any], inbound: Iterable[tuple[str, str]], catalogue: Catalogue
) -> list[Tie]:
    """Ties as the record has them, and those that others have to the person: keys and their ids."""
    own = [Tie(part["type"], part["person"]) for part in record.get("relations", ())]
    others = [Tie(_inverse(key, catalogue), person_id) for key, person_id in inbound]
    return list(dict.fromkeys((*own, *others)))


def ties(
    found: Iterable[Tie], names: Mapping[str, Sequence[Mapping[str, str]]], named: Named
) -> Iterator[Statement]:
    """What is said of them; a type whose id no XML name can end with has no predicate."""
    for tie in found:
        other = named.person(tie.other, names.get(tie.other, ()))
        if tie.type in SAME:
            yield SCHEMA + SAME[tie.type], other
        if re.search(r"[a-z]", tie.type):
            named.term("relation", tie.type)
            yield named.uris.term("relation", tie.type), other


def _inverse(key: str, catalogue: Catalogue) -> str:
    """The type as the other end sees it: who holds a teacher is a student there."""
    inverse = catalogue.terms.get(key, {}).get("inverse")
    known = inverse and term_key("relation", inverse) in catalogue.terms
    return str(inverse) if known else term_id(key)
