"""The `relations` section: related people, organisations, works and media."""

from collections.abc import Mapping
from typing import Any

from lxml import etree

from biobank.common.i18n import LANGUAGES
from biobank.exchange.exports.export_context import ExportContext
from biobank.exchange.exports.related_records import RelatedRecords
from biobank.exchange.formats.eac.dates_writer import add_date
from biobank.exchange.formats.eac.description_writer import add_localized, set_source_reference, term_labels
from biobank.exchange.formats.eac.elements import SourceReferences, add_element, as_uri
from biobank.records.people.record import PersonRecord

RecordPart = Mapping[str, Any]
#: Fields that credit a picture or recording.
CREDIT_FIELDS = ("licence", "author", "source")


def add_relations(
    parent: etree._Element,
    record: PersonRecord,
    context: ExportContext,
    related: RelatedRecords,
    references: SourceReferences,
) -> None:
    section = add_element(parent, "relations")
    for part in record.get("relations", ()):
        _add_person_relation(section, part, context, related, references)
    for membership in record.get("memberships", ()):
        _add_membership(section, membership, context, references)
    for work in record.get("works", ()):
        _add_work(section, work, context, references)
    for medium in record.get("media", ()):
        _add_media(section, medium)
    if not len(section):
        parent.remove(section)


def _add_person_relation(
    relations: etree._Element,
    part: RecordPart,
    context: ExportContext,
    related: RelatedRecords,
    references: SourceReferences,
) -> None:
    """Add a relation; `targetRole` is the role of the other person, as in the record."""
    related_id = part["person"]
    element = _add_relation(relations, "relation", references.for_part(part), type=part["type"])
    attributes = {"targetType": "person", "valueURI": as_uri(context.url(related_id))}
    target = add_element(element, "targetEntity", "", attributes, id=related_id)
    names = related.names.get(related_id)
    add_localized(target, "part", names if names else {"": related_id})
    add_date(element, part, context.lang)
    add_localized(element, "targetRole", term_labels(context.catalogue, "relation", part["type"]))


def _add_membership(
    relations: etree._Element, part: RecordPart, context: ExportContext, references: SourceReferences
) -> None:
    """Add a membership; `descriptiveNote` is the role of the person."""
    organisation = part["organisation"]
    element = _add_relation(relations, "membership", references.for_part(part))
    target = add_element(element, "targetEntity", "", {"targetType": "corporateBody"}, id=organisation)
    for lang in LANGUAGES:
        name = context.catalogue.organisation_name(organisation, lang)
        add_element(target, "part", name, {"languageOfElement": lang})
    add_date(element, part, context.lang)
    add_element(element, "relationType", "membership", {"languageOfElement": "en"})
    if role := part.get("role"):
        add_localized(add_element(element, "descriptiveNote"), "p", role)


def _add_work(
    relations: etree._Element, part: RecordPart, context: ExportContext, references: SourceReferences
) -> None:
    type_ = part.get("type")
    element = _add_relation(relations, "work", references.for_part(part), type=type_)
    target = add_element(element, "targetEntity", "", {"targetType": "resource"})
    add_localized(target, "part", part["title"])
    add_date(element, part, context.lang)
    add_element(element, "relationType", "creatorOf", {"languageOfElement": "en"})
    if type_:
        add_localized(element, "targetRole", term_labels(context.catalogue, "work", type_))


def _add_media(relations: etree._Element, part: RecordPart) -> None:
    """Add a picture, film or recording; the note holds its credit."""
    element = _add_relation(relations, "media", None, type=part["type"])
    attributes = {"targetType": "resource", "valueURI": as_uri(part["url"])}
    target = add_element(element, "targetEntity", "", attributes, address=part["url"])
    alt = part.get("alt")
    add_localized(target, "part", alt or {"": part["url"]})
    add_element(element, "relationType", part["type"], {"languageOfElement": "en"})
    if not any(part.get(name) for name in CREDIT_FIELDS):
        return
    note = add_element(add_element(element, "descriptiveNote"), "p")
    for name in CREDIT_FIELDS:
        if part.get(name):
            add_element(note, "span", part[name], {"localType": name})


def _add_relation(
    relations: etree._Element, kind: str, citations: str | None, **own: str | None
) -> etree._Element:
    element = add_element(relations, "relation", "", None, kind=kind, **own)
    set_source_reference(element, citations)
    return element
