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
from biobank.records.countries import country_name
from biobank.records.people.citations import CITATION_MARK, FACT_FIELDS, parse_mark
from biobank.records.people.record import PersonRecord, vital_event
from biobank.records.vocabulary.models import term_key

#: Paragraph separator; splitting and joining at it leaves a text unchanged.
PARAGRAPH_SEPARATOR = "\n\n"
RecordPart = Mapping[str, Any]
#: Fields that credit a picture or recording.
CREDIT_FIELDS = ("licence", "author", "source")


class SectionWriter:
    """Write the sections about a record; citations are collected in `references`."""

    def __init__(
        self,
        record: PersonRecord,
        context: ExportContext,
        related: RelatedRecords,
        references: SourceReferences,
    ) -> None:
        self._record, self._context = record, context
        self._catalogue = context.catalogue
        self._related, self._references = related, references

    def add_description(self, parent: etree._Element) -> None:
        section = add_element(parent, "description")
        if gender := self._record.get("gender"):
            group = add_element(section, "demographicDescriptions")
            demographic = add_element(group, "demographicDescription", "", {"localType": "gender"})
            add_element(demographic, "term", gender)
        self._add_local(section)
        if professions := self._record.get("professions"):
            occupations = add_element(section, "occupations")
            for term in professions:
                self._add_term(occupations, "occupation", "profession", term)
        self._add_places(section)
        self._add_dates(section)
        self._add_texts(section)
        self._add_events(section)
        if not len(section):
            parent.remove(section)

    def _add_local(self, section: etree._Element) -> None:
        """Add why the person is in the bank, and awards."""
        connection, awards = self._record.get("connection"), self._record.get("awards", ())
        if not connection and not awards:
            return
        parent = add_element(section, "localDescriptions")
        if connection:
            element = add_element(parent, "localDescription", "", {"localType": "connection"})
            _add_localized(element, "term", connection)
        for part in awards:
            element = self._add_term(parent, "localDescription", "award", part["award"])
            self._cite(element, part)
            add_date(element, part, self._context.lang)

    def _add_term(self, parent: etree._Element, name: str, vocabulary: str, term: str) -> etree._Element:
        attributes = {"localType": vocabulary, "vocabularySource": f"biobank {vocabulary}"}
        element = add_element(parent, name, "", attributes, id=term)
        _add_localized(element, "term", self._term_labels(vocabulary, term))
        return element

    def _term_labels(self, vocabulary: str, term: str) -> dict[str, str]:
        """Return the labels of a term by language; its id if the term is unknown."""
        key = self._catalogue.resolve_redirect("term", term_key(vocabulary, term))
        by_language = self._catalogue.terms.get(key, {}).get("labels")
        return dict(by_language) if by_language else {"": term}

    def _add_places(self, section: etree._Element) -> None:
        places = ((fact, vital_event(self._record, fact).get("place")) for fact in FACT_FIELDS)
        events = [(fact, place_id) for fact, place_id in places if place_id]
        countries = self._record.get("countries", ())
        if not events and not countries:
            return
        parent = add_element(section, "places")
        for fact, place_id in events:
            self._add_place(parent, place_id, fact)
        for code in countries:
            element = add_element(parent, "place", "", {"localType": "country"})
            for lang in LANGUAGES:
                attributes = {"countryCode": code, "languageOfElement": lang}
                add_element(element, "placeName", country_name(code, lang), attributes)
            add_element(element, "placeRole", "country of life or work", {"languageOfElement": "en"})

    def _add_place(self, parent: etree._Element, place_id: str, role: str = "") -> None:
        """Add a place with its present-day names and its coordinates."""
        element = add_element(parent, "place", "", {"localType": role}, id=place_id)
        place = self._catalogue.places.get(self._catalogue.resolve_redirect("place", place_id), {})
        country = place.get("country")
        for lang in LANGUAGES:
            attributes = {"languageOfElement": lang, "countryCode": country}
            add_element(element, "placeName", self._catalogue.place_name(place_id, lang), attributes)
        if role:
            add_element(element, "placeRole", role, {"languageOfElement": "en"})
        if place.get("lat") is not None and place.get("lon") is not None:
            coordinates = f"{place['lat']}, {place['lon']}"
            add_element(element, "geographicCoordinates", coordinates, {"coordinateSystem": "WGS 84"})

    def _add_dates(self, section: etree._Element) -> None:
        """Add the dates of birth and death, and the floruit."""
        ends = {"fromDate": self._record.get("birth") or {}, "toDate": self._record.get("death") or {}}
        ends = {name: part for name, part in ends.items() if part.keys() - {"place"}}
        if ends:
            span = add_element(add_element(section, "existDates"), "dateRange")
            for name, part in ends.items():
                add_single_date(span, name, part, self._context.lang, self._references.for_part(part))
        if (self._record.get("floruit") or {}).keys() - {"place"}:
            floruit = add_element(section, "existDates", "", {"localType": "floruit"})
            part = self._record["floruit"]
            add_date(floruit, part, self._context.lang, self._references.for_part(part))

    def _add_texts(self, section: etree._Element) -> None:
        headline, biography = self._record.get("headline") or {}, self._record.get("biography") or {}
        for lang in LANGUAGES:
            if lang not in headline and lang not in biography:
                continue
            attributes = {"localType": "life", "languageOfElement": lang}
            attributes["conventionDeclarationReference"] = "commonmark"
            history = add_element(section, "biogHist", "", attributes)
            if lang in headline:
                add_element(history, "abstract", headline[lang])
            for paragraph in biography.get(lang, "").split(PARAGRAPH_SEPARATOR) if lang in biography else ():
                self._add_paragraph(history, paragraph)

    def _add_paragraph(self, parent: etree._Element, text: str) -> None:
        """Add a paragraph with references for its citations, which also remain in the text."""
        element, last, position = add_element(parent, "p"), None, 0
        for match in CITATION_MARK.finditer(text):
            _append_text(element, last, text[position : match.start()])
            ids = dict.fromkeys(source_id(source) for source, _ in parse_mark(match[0]))
            self._references.reference_all((source, "") for source, _ in parse_mark(match[0]))
            last = add_element(element, "reference", match[0], {"target": " ".join(ids)})
            position = match.end()
        _append_text(element, last, text[position:])

    def _add_events(self, section: etree._Element) -> None:
        events = self._record.get("events", ())
        if not events:
            return
        parent = add_element(add_element(section, "biogHist", "", {"localType": "events"}), "chronList")
        for part in events:
            self._add_event(parent, part)

    def _add_event(self, parent: etree._Element, part: RecordPart) -> None:
        element = add_element(parent, "chronItem", "", {"localType": part.get("type")})
        self._cite(element, part)
        if add_date(element, part, self._context.lang) is None:
            add_element(element, "date", "", {"status": "unknown"})
        item_set = add_element(element, "chronItemSet")
        _add_localized(item_set, "event", part.get("text") or {})
        if not part.get("text"):
            type_ = part.get("type")
            event_labels = self._term_labels("event", type_) if type_ else {"en": "event"}
            for lang, text in event_labels.items():
                add_element(item_set, "event", text, {"languageOfElement": lang, "localType": "label"})
        if place_id := part.get("place"):
            self._add_place(item_set, place_id)

    def add_relations(self, parent: etree._Element) -> None:
        section = add_element(parent, "relations")
        for part in self._record.get("relations", ()):
            self._add_person_relation(section, part)
        for membership in self._record.get("memberships", ()):
            self._add_membership(section, membership)
        for work in self._record.get("works", ()):
            self._add_work(section, work)
        for medium in self._record.get("media", ()):
            self._add_media(section, medium)
        if not len(section):
            parent.remove(section)

    def _add_person_relation(self, relations: etree._Element, part: RecordPart) -> None:
        """Add a relation; `targetRole` is the role of the other person, as in the record."""
        related_id = part["person"]
        element = self._add_relation(relations, "relation", part, type=part["type"])
        attributes = {"targetType": "person", "valueURI": as_uri(self._context.url(related_id))}
        target = add_element(element, "targetEntity", "", attributes, id=related_id)
        _add_localized(target, "part", self._related.names.get(related_id) or {"": related_id})
        add_date(element, part, self._context.lang)
        _add_localized(element, "targetRole", self._term_labels("relation", part["type"]))

    def _add_membership(self, relations: etree._Element, part: RecordPart) -> None:
        """Add a membership; `descriptiveNote` is the role of the person."""
        organisation = part["organisation"]
        element = self._add_relation(relations, "membership", part)
        target = add_element(element, "targetEntity", "", {"targetType": "corporateBody"}, id=organisation)
        for lang in LANGUAGES:
            name = self._catalogue.organisation_name(organisation, lang)
            add_element(target, "part", name, {"languageOfElement": lang})
        add_date(element, part, self._context.lang)
        add_element(element, "relationType", "membership", {"languageOfElement": "en"})
        if role := part.get("role"):
            _add_localized(add_element(element, "descriptiveNote"), "p", role)

    def _add_work(self, relations: etree._Element, part: RecordPart) -> None:
        type_ = part.get("type")
        element = self._add_relation(relations, "work", part, type=type_)
        target = add_element(element, "targetEntity", "", {"targetType": "resource"})
        _add_localized(target, "part", part["title"])
        add_date(element, part, self._context.lang)
        add_element(element, "relationType", "creatorOf", {"languageOfElement": "en"})
        if type_:
            _add_localized(element, "targetRole", self._term_labels("work", type_))

    def _add_media(self, relations: etree._Element, part: RecordPart) -> None:
        """Add a picture, film or recording; the note holds its credit."""
        element = self._add_relation(relations, "media", part, type=part["type"])
        attributes = {"targetType": "resource", "valueURI": as_uri(part["url"])}
        target = add_element(element, "targetEntity", "", attributes, address=part["url"])
        _add_localized(target, "part", part.get("alt") or {"": part["url"]})
        add_element(element, "relationType", part["type"], {"languageOfElement": "en"})
        if credit := {name: part[name] for name in CREDIT_FIELDS if part.get(name)}:
            note = add_element(add_element(element, "descriptiveNote"), "p")
            for name, text in credit.items():
                add_element(note, "span", text, {"localType": name})

    def _add_relation(
        self, relations: etree._Element, kind: str, part: RecordPart, **own: str | None
    ) -> etree._Element:
        element = add_element(relations, "relation", "", None, kind=kind, **own)
        self._cite(element, part)
        return element

    def _cite(self, element: etree._Element, part: RecordPart) -> None:
        if citations := self._references.for_part(part):
            element.set("sourceReference", citations)


def _add_localized(parent: etree._Element, name: str, texts: Mapping[str, str]) -> None:
    """Add one element per language."""
    for lang, text in texts.items():
        add_element(parent, name, text, {"languageOfElement": lang})


def _append_text(element: etree._Element, last: etree._Element | None, text: str) -> None:
    if last is None:
        element.text = strip_invalid_xml(text)
    else:
        last.tail = strip_invalid_xml(text)
