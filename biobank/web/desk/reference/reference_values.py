"""Values of reference fields: displayed as `Şuşa (susa)`, parsed from an id or a label."""

from collections.abc import Iterator
from typing import Any, Final

from flask import g

from biobank.http.extensions import services
from biobank.names.alphabet import sort_key
from biobank.web.desk.reference.fields import ReferenceField, ReferenceFormField
from biobank.web.desk.writing.reference_lookup import LABEL_KINDS, ReferenceLookup

#: Maximum number of choices of a datalist; beyond it a label or id is typed.
MAX_DATALIST_CHOICES: Final = 3_000


def lookup_kind(field: ReferenceField, vocabulary: str) -> str:
    """Return the kind of reference of a field, as `ReferenceLookup` names it."""
    return vocabulary if field.target == "terms" else "place"


def resolve_input(field: ReferenceFormField, input_value: Any, vocabulary: str) -> Any:
    """Return the input with ids in place of unambiguous references, otherwise as it was typed."""
    if not isinstance(field, ReferenceField) or (kind := lookup_kind(field, vocabulary)) not in LABEL_KINDS:
        return input_value
    lookup = ReferenceLookup(g.lang)
    if isinstance(input_value, list):
        return list(dict.fromkeys(lookup.find_id(kind, text) or text for text in input_value))
    return input_value and (lookup.find_id(kind, input_value) or input_value)


def display_value(field: ReferenceFormField, input_value: Any, vocabulary: str) -> Any:
    """Return the text of the input: each id with its label."""
    if not isinstance(field, ReferenceField) or (kind := lookup_kind(field, vocabulary)) not in LABEL_KINDS:
        return input_value
    lookup = ReferenceLookup(g.lang)
    if isinstance(input_value, list):
        return [lookup.display_text(kind, id_) for id_ in input_value]
    return input_value and lookup.display_text(kind, input_value)


def list_choices(target: str, vocabulary: str) -> list[str]:
    """Return the possible values of a field as displayed, sorted by name."""
    kind, lookup = vocabulary if target == "terms" else "place", ReferenceLookup(g.lang)
    labels = (lookup.display_text(kind, id_) for id_ in _ids(target, vocabulary))
    return sorted(labels, key=sort_key)[:MAX_DATALIST_CHOICES]


def _ids(target: str, vocabulary: str) -> Iterator[str]:
    catalogue = services.catalogue()
    if target != "terms":
        yield from catalogue.places
        return
    for term in catalogue.terms.values():
        if term["vocabulary"] == vocabulary:
            yield term["id"]
