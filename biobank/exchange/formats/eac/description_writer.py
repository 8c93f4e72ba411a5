"""The `description` and `relations` sections: the life of the person, and the people of it."""

from collections.abc import Mapping
from typing import Any

from lxml import etree

from biobank.common.i18n import LANGUAGES
from biobank.exchange.exports.context import ExportContext, RelatedRecords
from biobank.exchange.formats.eac.elements import (
    SourceReferences,
    add_date,
    add_element,
    add_single_date,
    as_uri,
    source_id,
)
from biobank.exchange.formats.xml import strip_invalid_xml
from biobank.records.catalogue import Catalogue
from biobank.records.countries import country_name
from biobank.records.people.citations import CITATION_MARK, FACT_FIELDS, parse_mark
from biobank.records.people.record import PersonRecord, vital_event
from biobank.records.vocabulary.models import term_key

#: Paragraph separator; splitting and joining at it leaves a text unchanged.
PARAGRAPH_SEPARATOR = "\n\n"


def add_description(
    parent: etree._Element, record: PersonRecord, context: ExportContext, references: SourceReferences
) -> None:
    section = add_element(parent, "description")
    if gender := record.get("gender"):
        demographic = add_element(
            add_element(section, "demographicDescriptions"), "demographicDescription", "", GENDER_ATTRIBUTES
        )
        add_element(demographic, "term", gender)
    _add_local(section, record, context, references)
    if professions := record.get("professions"):
        occupations = add_element(section, "occupations")
        for term in professions:
            _add_term(occupations, "occupation", "profession", term, context.catalogue)
    _add_places(section, record, context.catalogue)
    _add_dates(section, record, context, references)
    _add_texts(section, record, references)
    _add_events(section, record, context, references)
    if not len(section):
        parent.remove(section)


GENDER_ATTRIBUTES = {"localType": "gender"}


def _add_local(
    section: etree._Element, record: PersonRecord, context: ExportContext, references: SourceReferences
) -> None:
    """Add why the person is in the bank, and awards."""
    connection, awards = record.get("connection"), record.get("awards", ())
    if not connection and not awards:
        return
    parent = add_element(section, "localDescriptions")
    if connection:
        element = add_element(parent, "localDescription", "", {"localType": "connection"})
        add_localized(element, "term", connection)
    for part in awards:
        element = _add_term(parent, "localDescription", "award", part["award"], context.catalogue)
        set_source_reference(element, references.for_part(part))
        add_date(element, part, context.lang)


def _add_term(
    parent: etree._Element, name: str, vocabulary: str, term: str, catalogue: Catalogue
) -> etree._Element:
    attributes = {"localType": vocabulary, "vocabularySource": f"biobank {vocabulary}"}
    element = add_element(parent, name, "", attributes, id=term)
    add_localized(element, "term", term_labels(catalogue, vocabulary, term))
    return element


def term_labels(catalogue: Catalogue, vocabulary: str, term: str) -> dict[str, str]:
    """Return the labels of a term by language; its id if the term is unknown."""
    key = catalogue.resolve_redirect("term", term_key(vocabulary, term))
    by_language = catalogue.terms.get(key, {}).get("labels")
    return dict(by_language) if by_language else {"": term}


def add_localized(parent: etree._Element, name: str, texts: Mapping[str, str]) -> None:
    """Add one element per language."""
    for lang, text in texts.items():
        add_element(parent, name, text, {"languageOfElement": lang})


def set_source_reference(element: etree._Element, citations: str | None) -> None:
    if citations:
        element.set("sourceReference", citations)


def _add_places(section: etree._Element, record: PersonRecord, catalogue: Catalogue) -> None:
    places = {event_type: vital_event(record, event_type).get("place") for event_type in FACT_FIELDS}
    events = [(event_type, place_id) for event_type, place_id in places.items() if place_id]
    countries = record.get("countries", ())
    if not events and not countries:
        return
    parent = add_element(section, "places")
    for event_type, place_id in events:
        add_place(parent, place_id, catalogue, event_type)
    for code in countries:
        element = add_element(parent, "place", "", {"localType": "country"})
        for lang in LANGUAGES:
            attributes = {"countryCode": code, "languageOfElement": lang}
            add_element(element, "placeName", country_name(code, lang), attributes)
        add_element(element, "placeRole", "country of life or work", {"languageOfElement": "en"})


def add_place(parent: etree._Element, place_id: str, catalogue: Catalogue, role: str = "") -> None:
    """Add a place with its present-day names and its coordinates."""
    element = add_element(parent, "place", "", {"localType": role}, id=place_id)
    place = catalogue.places.get(catalogue.resolve_redirect("place", place_id), {})
    country = place.get("country")
    for lang in LANGUAGES:
        attributes = {"languageOfElement": lang, "countryCode": country}
        add_element(element, "placeName", catalogue.place_name(place_id, lang), attributes)
    if role:
        add_element(element, "placeRole", role, {"languageOfElement": "en"})
    if place.get("lat") is not None and place.get("lon") is not None:
        coordinates = f"{place['lat']}, {place['lon']}"
        add_element(element, "geographicCoordinates", coordinates, {"coordinateSystem": "WGS 84"})


def _add_dates(
    section: etree._Element, record: PersonRecord, context: ExportContext, references: SourceReferences
) -> None:
    """Add the dates of birth and death, and the floruit."""
    ends = {"fromDate": record.get("birth") or {}, "toDate": record.get("death") or {}}
    ends = {name: part for name, part in ends.items() if part.keys() - {"place"}}
    if ends:
        span = add_element(add_element(section, "existDates"), "dateRange")
        for name, part in ends.items():
            add_single_date(span, name, part, context.lang, references.for_part(part))
    if (record.get("floruit") or {}).keys() - {"place"}:
        floruit = add_element(section, "existDates", "", {"localType": "floruit"})
        part = record["floruit"]
        add_date(floruit, part, context.lang, references.for_part(part))


def _add_texts(section: etree._Element, record: PersonRecord, references: SourceReferences) -> None:
    """Add headline and biography of each language."""
    headline, biography = record.get("headline") or {}, record.get("biography") or {}
    for lang in LANGUAGES:
        if lang not in headline and lang not in biography:
            continue
        attributes = {"localType": "life", "languageOfElement": lang}
        attributes["conventionDeclarationReference"] = "commonmark"
        history = add_element(section, "biogHist", "", attributes)
        if lang in headline:
            add_element(history, "abstract", headline[lang])
        for paragraph in biography.get(lang, "").split(PARAGRAPH_SEPARATOR) if lang in biography else ():
            _add_paragraph(history, paragraph, references)


def _add_paragraph(parent: etree._Element, text: str, references: SourceReferences) -> None:
    """Add a paragraph with references for its citations, which also remain in the text."""
    element, last, position = add_element(parent, "p"), None, 0
    for match in CITATION_MARK.finditer(text):
        _append_text(element, last, text[position : match.start()])
        ids = dict.fromkeys(source_id(source) for source, _ in parse_mark(match[0]))
        references.reference_all((source, "") for source, _ in parse_mark(match[0]))
        last, position = (add_element(element, "reference", match[0], {"target": " ".join(ids)}), match.end())
    _append_text(element, last, text[position:])


def _append_text(element: etree._Element, last: etree._Element | None, text: str) -> None:
    if last is None:
        element.text = strip_invalid_xml(text)
    else:
        last.tail = strip_invalid_xml(text)


def _add_events(
    section: etree._Element, record: PersonRecord, context: ExportContext, references: SourceReferences
) -> None:
    events = record.get("events", ())
    if not events:
        return
    parent = add_element(add_element(section, "biogHist", "", {"localType": "events"}), "chronList")
    for part in events:
        _add_event(parent, part, context, references)


def _add_event(
    parent: etree._Element, part: Mapping[str, Any], context: ExportContext, references: SourceReferences
) -> None:
    element = add_element(parent, "chronItem", "", {"localType": part.get("type")})
    set_source_reference(element, references.for_part(part))
    if add_date(element, part, context.lang) is None:
        add_element(element, "date", "", {"status": "unknown"})
    item_set = add_element(element, "chronItemSet")
    add_localized(item_set, "event", part.get("text") or {})
    if not part.get("text"):
        type_ = part.get("type")
        event_labels = term_labels(context.catalogue, "event", type_) if type_ else {"en": "event"}
        for lang, text in event_labels.items():
            add_element(item_set, "event", text, {"languageOfElement": lang, "localType": "label"})
    if place_id := part.get("place"):
        add_place(item_set, place_id, context.catalogue)


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
