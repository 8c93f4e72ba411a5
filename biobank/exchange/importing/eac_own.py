"""Reader of EAC-CPF documents written by Biobank; every field round-trips.

The elements of the standard are read, so that changes made to them are imported; the namespace of
Biobank holds only what the standard cannot express, such as ids.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any
from xml.etree.ElementTree import Element

from biobank.exchange.eac.description import PARAGRAPHS
from biobank.exchange.eac.elements import EAC
from biobank.exchange.eac.relations import CREDIT
from biobank.exchange.eac.writing import VERSION
from biobank.exchange.importing.eac_parts import (
    NAMES,
    by_language,
    date_in,
    date_of,
    every,
    kept,
    own,
    own_of,
    text_of,
)
from biobank.json_text import parsed

DOCUMENT = f"{{{EAC}}}eac"

Cited = Mapping[str, Mapping[str, Any]]


def is_ours(document: Element) -> bool:
    return document.tag == DOCUMENT and own(document, "version") == VERSION


def record_of(document: Element) -> dict[str, Any]:
    """Convert a document written by Biobank to a record; the caller validates it."""
    sources = every(document, "control/sources/source")
    cited = {source.get("id", ""): _cite(source) for source in sources}
    record: dict[str, Any] = {
        "id": text_of(document.find("control/recordId", NAMES)),
        "names": [_name(entry) for entry in every(document, ".//identity/nameEntry")],
        "gender": text_of(document.find(".//demographicDescription/term", NAMES)),
        **_moments(document, cited),
        "professions": [own(entry, "id") for entry in every(document, ".//occupation")],
        "countries": [_country(place) for place in _places(document, "country")],
        "connection": by_language(document, ".//localDescription[@localType='connection']/term"),
        **_texts(document),
        "events": [_event(item, cited) for item in every(document, ".//chronItem")],
        **_relations(document, cited),
        "awards": [
            kept({"award": own(it, "id"), **date_of(date_in(it)), "cites": _cites(it, cited)})
            for it in every(document, ".//localDescription[@localType='award']")
        ],
        "identifiers": {
            entry.get("localType", ""): text_of(entry) for entry in every(document, ".//identityId")
        },
        "sources": [_source(it) for it in sources if it.find("citedRange", NAMES) is None],
        "checked": _checked(document, cited),
    }
    return kept(record)


def _name(entry: Element) -> dict[str, Any]:
    text = " ".join(text_of(part) for part in every(entry, "part"))
    its = {"lang": entry.get("languageOfElement"), "script": entry.get("scriptOfElement")}
    return kept({"text": text, **its, "kind": entry.get("localType")})


def _moments(document: Element, cited: Cited) -> dict[str, Any]:
    """Return birth, death and floruit; their places are separate from their dates."""
    dates: dict[str, Element | None] = {}
    for its in every(document, ".//existDates"):
        if its.get("localType") == "floruit":
            dates["floruit"] = date_in(its)
        else:
            dates["birth"] = its.find("dateRange/fromDate", NAMES)
            dates["death"] = its.find("dateRange/toDate", NAMES)
    found = {}
    for fact in ("birth", "death", "floruit"):
        date = dates.get(fact)
        place = next((own(place, "id") for place in _places(document, fact)), None)
        found[fact] = kept({**date_of(date), "place": place, "cites": _cites(date, cited)})
    return found


def _texts(document: Element) -> dict[str, Any]:
    """Return headline and biography by language."""
    headline, biography = {}, {}
    for its in every(document, ".//biogHist[@localType='life']"):
        lang = its.get("languageOfElement", "")
        if (abstract := its.find("abstract", NAMES)) is not None:
            headline[lang] = text_of(abstract)
        if paragraphs := every(its, "p"):
            biography[lang] = PARAGRAPHS.join(map(text_of, paragraphs))
    return {"headline": headline, "biography": biography}


def _event(item: Element, cited: Cited) -> dict[str, Any]:
    texts = {
        event.get("languageOfElement", ""): text_of(event)
        for event in every(item, "chronItemSet/event")
        if event.get("localType") != "label"
    }
    place = item.find("chronItemSet/place", NAMES)
    return kept(
        {
            **date_of(date_in(item)),
            "place": own(place, "id") if place is not None else None,
            "type": item.get("localType"),
            "text": texts,
            "cites": _cites(item, cited),
        }
    )


def _relations(document: Element, cited: Cited) -> dict[str, Any]:
    found: dict[str, list[Any]] = {}
    for its in every(document, ".//relation"):
        key, read = RELATIONS.get(own(its, "kind") or "", ("", None))
        if read is not None:
            made = {**read(its), **date_of(date_in(its)), "cites": _cites(its, cited)}
            found.setdefault(key, []).append(kept(made))
    return found


def _tie(its: Element) -> dict[str, Any]:
    return {"type": own(its, "type"), "person": own_of(its, "targetEntity", "id")}


def _membership(its: Element) -> dict[str, Any]:
    role = by_language(its, "descriptiveNote/p")
    return {"organisation": own_of(its, "targetEntity", "id"), "role": role}


def _work(its: Element) -> dict[str, Any]:
    return {"title": by_language(its, "targetEntity/part"), "type": own(its, "type")}


def _media(its: Element) -> dict[str, Any]:
    spans = {it.get("localType"): text_of(it) for it in every(its, "descriptiveNote/p/span")}
    return {
        "type": own(its, "type"),
        "url": own_of(its, "targetEntity", "address"),
        **{name: spans.get(name) for name in CREDIT},
        "alt": by_language(its, "targetEntity/part"),
    }


#: The field of a record that holds each kind of relation, and the function that reads it.
RELATIONS: Mapping[str, tuple[str, Callable[[Element], dict[str, Any]]]] = {
    "relation": ("relations", _tie),
    "membership": ("memberships", _membership),
    "work": ("works", _work),
    "media": ("media", _media),
}


def _cite(source: Element) -> dict[str, Any]:
    locator = source.find("citedRange", NAMES)
    return kept({"source": own(source, "id"), "locator": text_of(locator)})


def _cites(element: Element | None, cited: Cited) -> list[Mapping[str, Any]]:
    ids = (element.get("sourceReference") or "").split() if element is not None else []
    return [cited[id_] for id_ in ids if id_ in cited]


def _source(source: Element) -> Any:
    """Return the id of a source, with its CSL item if the document contains it."""
    csl = source.find("objectXMLWrap/bb:csl", NAMES)
    if csl is None:
        return own(source, "id")
    try:
        return {"id": own(source, "id"), "csl": parsed(text_of(csl))}
    except (ValueError, RecursionError):
        # The schema refuses an invalid CSL item by its path.
        return {"id": own(source, "id"), "csl": None}


def _checked(document: Element, cited: Cited) -> dict[str, Any]:
    date = document.find("control/localControl[@localType='checked']/date", NAMES)
    if date is None:
        return {}
    against = [cite["source"] for cite in _cites(date, cited) if cite.get("source")]
    return kept({"on": date.get("standardDate"), "against": against})


def _places(document: Element, role: str) -> Iterator[Element]:
    return iter(every(document, f".//places/place[@localType='{role}']"))


def _country(place: Element) -> str | None:
    name = place.find("placeName", NAMES)
    return name.get("countryCode") if name is not None else None
