"""Reader of EAC-CPF documents written by Biobank; every field round-trips.

The elements of the standard are read, so that changes made to them are imported; the namespace of
Biobank holds only what the standard cannot express, such as ids.
"""

from collections.abc import Callable, Mapping
from typing import Any
from xml.etree.ElementTree import Element

from biobank.common.strict_json import loads
from biobank.exchange.formats.eac.description_writer import CREDIT_FIELDS, PARAGRAPH_SEPARATOR
from biobank.exchange.formats.eac.elements import BIOBANK_NAMESPACE, EAC_NAMESPACE
from biobank.exchange.formats.eac.writer import EXTENSION_VERSION

XPATH_NAMESPACES = {"": EAC_NAMESPACE, "bb": BIOBANK_NAMESPACE}


def find_date(element: Element) -> Element | None:
    date = element.find("date", XPATH_NAMESPACES)
    return element.find("dateRange", XPATH_NAMESPACES) if date is None else date


def date_fields(date: Element | None) -> dict[str, Any]:
    """Return the EDTF of a date or range, and its original text."""
    if date is None:
        return {}
    text = bank_attribute(date, "original")
    original = {"text": text, "calendar": bank_attribute(date, "calendar")} if text else None
    is_range = date.tag == f"{{{EAC_NAMESPACE}}}dateRange"
    return {"date": _range_edtf(date) if is_range else date.get("standardDate"), "original": original}


def _range_edtf(element: Element) -> str:
    start, end = (element.find("fromDate", XPATH_NAMESPACES), element.find("toDate", XPATH_NAMESPACES))
    first = ".." if start is None else start.get("standardDate", "")
    last = end.get("standardDate") if end is not None else ""
    if not last and end is not None and end.get("status") == "ongoing":
        last = ".."
    return f"{first}/{last or ''}"


def text_by_language(element: Element, path: str) -> dict[str, str]:
    """Return texts by language; a text without a language has another meaning and is skipped."""
    return {
        lang: raw_text(child) for child in find_all(element, path) if (lang := child.get("languageOfElement"))
    }


def find_all(element: Element, path: str) -> list[Element]:
    return element.findall(path, XPATH_NAMESPACES)


def bank_attribute(element: Element, name: str) -> str | None:
    return element.get(f"{{{BIOBANK_NAMESPACE}}}{name}")


def bank_attribute_at(element: Element, path: str, name: str) -> str | None:
    child = element.find(path, XPATH_NAMESPACES)
    return bank_attribute(child, name) if child is not None else None


def raw_text(element: Element | None) -> str:
    """Return all text of an element and its descendants."""
    return "" if element is None else "".join(element.itertext())


def drop_empty(fields: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in fields.items() if value not in (None, "", [], {})}


DOCUMENT_TAG = f"{{{EAC_NAMESPACE}}}eac"

CitationIndex = Mapping[str, Mapping[str, Any]]


def is_biobank_document(document: Element) -> bool:
    return document.tag == DOCUMENT_TAG and bank_attribute(document, "version") == EXTENSION_VERSION


def document_to_record(document: Element) -> dict[str, Any]:
    """Convert a document written by Biobank to a record; the caller validates it."""
    sources = find_all(document, "control/sources/source")
    citations = {source.get("id", ""): _citation(source) for source in sources}
    record: dict[str, Any] = {
        "id": raw_text(document.find("control/recordId", XPATH_NAMESPACES)),
        "names": [_name(entry) for entry in find_all(document, ".//identity/nameEntry")],
        "gender": raw_text(document.find(".//demographicDescription/term", XPATH_NAMESPACES)),
        **_life_facts(document, citations),
        "professions": [bank_attribute(entry, "id") for entry in find_all(document, ".//occupation")],
        "countries": [_country(place) for place in _places(document, "country")],
        "connection": text_by_language(document, ".//localDescription[@localType='connection']/term"),
        **_texts(document),
        "events": [_event(item, citations) for item in find_all(document, ".//chronItem")],
        **_relations(document, citations),
        "awards": [
            _dated_part({"award": bank_attribute(element, "id")}, element, citations)
            for element in find_all(document, ".//localDescription[@localType='award']")
        ],
        "identifiers": {
            entry.get("localType", ""): raw_text(entry) for entry in find_all(document, ".//identityId")
        },
        "sources": [
            _source(element) for element in sources if element.find("citedRange", XPATH_NAMESPACES) is None
        ],
        "checked": _checked(document, citations),
    }
    return drop_empty(record)


def _name(entry: Element) -> dict[str, Any]:
    text = " ".join(raw_text(part) for part in find_all(entry, "part"))
    attributes = {"lang": entry.get("languageOfElement"), "script": entry.get("scriptOfElement")}
    stated = {part: bank_attribute(entry, part) for part in ("family", "given")}
    return drop_empty({"text": text, **attributes, "kind": entry.get("localType"), **stated})


def _life_facts(document: Element, citations: CitationIndex) -> dict[str, Any]:
    """Return birth, death and floruit; their places are separate from their dates."""
    dates: dict[str, Element | None] = {}
    for element in find_all(document, ".//existDates"):
        if element.get("localType") == "floruit":
            dates["floruit"] = find_date(element)
        else:
            dates["birth"] = element.find("dateRange/fromDate", XPATH_NAMESPACES)
            dates["death"] = element.find("dateRange/toDate", XPATH_NAMESPACES)
    facts = {}
    for fact in ("birth", "death", "floruit"):
        date = dates.get(fact)
        place = next((bank_attribute(place, "id") for place in _places(document, fact)), None)
        facts[fact] = drop_empty(
            {**date_fields(date), "place": place, "cites": _find_citations(date, citations)}
        )
    return facts


def _texts(document: Element) -> dict[str, Any]:
    """Return headline and biography by language."""
    headline, biography = {}, {}
    for element in find_all(document, ".//biogHist[@localType='life']"):
        lang = element.get("languageOfElement", "")
        if (abstract := element.find("abstract", XPATH_NAMESPACES)) is not None:
            headline[lang] = raw_text(abstract)
        if paragraphs := find_all(element, "p"):
            biography[lang] = PARAGRAPH_SEPARATOR.join(map(raw_text, paragraphs))
    return {"headline": headline, "biography": biography}


def _event(item: Element, citations: CitationIndex) -> dict[str, Any]:
    texts = {
        event.get("languageOfElement", ""): raw_text(event)
        for event in find_all(item, "chronItemSet/event")
        if event.get("localType") != "label"
    }
    return drop_empty(
        {
            **date_fields(find_date(item)),
            "place": bank_attribute_at(item, "chronItemSet/place", "id"),
            "type": item.get("localType"),
            "text": texts,
            "cites": _find_citations(item, citations),
        }
    )


def _relations(document: Element, citations: CitationIndex) -> dict[str, Any]:
    relations: dict[str, list[Any]] = {}
    for element in find_all(document, ".//relation"):
        key, reader = RELATION_READERS.get(bank_attribute(element, "kind") or "", ("", None))
        if reader is not None:
            relations.setdefault(key, []).append(_dated_part(reader(element), element, citations))
    return relations


def _dated_part(fields: dict[str, Any], element: Element, citations: CitationIndex) -> dict[str, Any]:
    """Return `fields` with the date and the citations of an element."""
    date = date_fields(find_date(element))
    return drop_empty({**fields, **date, "cites": _find_citations(element, citations)})


def _person_relation(element: Element) -> dict[str, Any]:
    person = bank_attribute_at(element, "targetEntity", "id")
    return {"type": bank_attribute(element, "type"), "person": person}


def _membership(element: Element) -> dict[str, Any]:
    role = text_by_language(element, "descriptiveNote/p")
    return {"organisation": bank_attribute_at(element, "targetEntity", "id"), "role": role}


def _work(element: Element) -> dict[str, Any]:
    return {"title": text_by_language(element, "targetEntity/part"), "type": bank_attribute(element, "type")}


def _media(element: Element) -> dict[str, Any]:
    spans = {span.get("localType"): raw_text(span) for span in find_all(element, "descriptiveNote/p/span")}
    return {
        "type": bank_attribute(element, "type"),
        "url": bank_attribute_at(element, "targetEntity", "address"),
        **{name: spans.get(name) for name in CREDIT_FIELDS},
        "alt": text_by_language(element, "targetEntity/part"),
    }


#: The field of a record that holds each kind of relation, and the function that reads it.
RELATION_READERS: Mapping[str, tuple[str, Callable[[Element], dict[str, Any]]]] = {
    "relation": ("relations", _person_relation),
    "membership": ("memberships", _membership),
    "work": ("works", _work),
    "media": ("media", _media),
}


def _citation(source: Element) -> dict[str, Any]:
    locator = source.find("citedRange", XPATH_NAMESPACES)
    return drop_empty({"source": bank_attribute(source, "id"), "locator": raw_text(locator)})


def _find_citations(element: Element | None, citations: CitationIndex) -> list[Mapping[str, Any]]:
    ids = (element.get("sourceReference") or "").split() if element is not None else []
    return [citations[id_] for id_ in ids if id_ in citations]


def _source(source: Element) -> Any:
    """Return the id of a source, with its CSL item if the document contains it."""
    id_, csl = bank_attribute(source, "id"), source.find("objectXMLWrap/bb:csl", XPATH_NAMESPACES)
    if csl is None:
        return id_
    try:
        return {"id": id_, "csl": loads(raw_text(csl))}
    except (ValueError, RecursionError):
        return {"id": id_, "csl": None}  # refused by the schema, by its path


def _checked(document: Element, citations: CitationIndex) -> dict[str, Any]:
    date = document.find("control/localControl[@localType='checked']/date", XPATH_NAMESPACES)
    if date is None:
        return {}
    against = [citation["source"] for citation in _find_citations(date, citations) if citation.get("source")]
    return drop_empty({"on": date.get("standardDate"), "against": against})


def _country(place: Element) -> str | None:
    name = place.find("placeName", XPATH_NAMESPACES)
    return name.get("countryCode") if name is not None else None


def _places(document: Element, role: str) -> list[Element]:
    return find_all(document, f".//places/place[@localType='{role}']")
