"""EAC-CPF that the bank wrote (`exchange/eac/`): every field comes back as it was.

The standard's own elements are read, so that what somebody changed in them is taken over; our
namespace says only what the standard cannot, such as ids of the bank.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from xml.etree.ElementTree import Element

from biobank.exchange.eac.description import PARAGRAPHS
from biobank.exchange.eac.elements import EAC, OWN
from biobank.exchange.eac.relations import CREDIT
from biobank.exchange.eac.writing import VERSION

DOCUMENT = f"{{{EAC}}}eac"
NAMES = {"": EAC, "bb": OWN}

Cited = Mapping[str, Mapping[str, Any]]


def is_ours(document: Element) -> bool:
    return document.tag == DOCUMENT and _own(document, "version") == VERSION


def record_of(document: Element) -> dict[str, Any]:
    """The record in a document of ours; the schema of people says whether it is valid."""
    sources = _all(document, "control/sources/source")
    cited = {source.get("id", ""): _cite(source) for source in sources}
    record: dict[str, Any] = {
        "id": _text(document.find("control/recordId", NAMES)),
        "names": [_name(entry) for entry in _all(document, ".//identity/nameEntry")],
        "gender": _text(document.find(".//demographicDescription/term", NAMES)),
        **_moments(document, cited),
        "professions": [_own(entry, "id") for entry in _all(document, ".//occupation")],
        "countries": [_country(place) for place in _places(document, "country")],
        "connection": _by_language(document, ".//localDescription[@localType='connection']/term"),
        **_texts(document),
        "events": [_event(item, cited) for item in _all(document, ".//chronItem")],
        **_relations(document, cited),
        "awards": [
            _kept({"award": _own(it, "id"), **_date(_date_in(it)), "cites": _cites(it, cited)})
            for it in _all(document, ".//localDescription[@localType='award']")
        ],
        "identifiers": {
            entry.get("localType", ""): _text(entry) for entry in _all(document, ".//identityId")
        },
        "sources": [_source(it) for it in sources if it.find("citedRange", NAMES) is None],
        "checked": _checked(document, cited),
    }
    return _kept(record)


def _name(entry: Element) -> dict[str, Any]:
    text = " ".join(_text(part) for part in _all(entry, "part"))
    its = {"lang": entry.get("languageOfElement"), "script": entry.get("scriptOfElement")}
    return _kept({"text": text, **its, "kind": entry.get("localType")})


def _moments(document: Element, cited: Cited) -> dict[str, Any]:
    """Birth, death and floruit; their places stand apart from their dates."""
    dates: dict[str, Element | None] = {}
    for its in _all(document, ".//existDates"):
        if its.get("localType") == "floruit":
            dates["floruit"] = _date_in(its)
        else:
            dates["birth"] = its.find("dateRange/fromDate", NAMES)
            dates["death"] = its.find("dateRange/toDate", NAMES)
    found = {}
    for fact in ("birth", "death", "floruit"):
        date = dates.get(fact)
        place = next((_own(place, "id") for place in _places(document, fact)), None)
        found[fact] = _kept({**_date(date), "place": place, "cites": _cites(date, cited)})
    return found


def _texts(document: Element) -> dict[str, Any]:
    """Headline and biography by language."""
    headline, biography = {}, {}
    for its in _all(document, ".//biogHist[@localType='life']"):
        lang = its.get("languageOfElement", "")
        if (abstract := its.find("abstract", NAMES)) is not None:
            headline[lang] = _text(abstract)
        if paragraphs := _all(its, "p"):
            biography[lang] = PARAGRAPHS.join(map(_text, paragraphs))
    return {"headline": headline, "biography": biography}


def _event(item: Element, cited: Cited) -> dict[str, Any]:
    texts = {
        event.get("languageOfElement", ""): _text(event)
        for event in _all(item, "chronItemSet/event")
        if event.get("localType") != "label"
    }
    place = item.find("chronItemSet/place", NAMES)
    return _kept(
        {
            **_date(_date_in(item)),
            "place": _own(place, "id") if place is not None else None,
            "type": item.get("localType"),
            "text": texts,
            "cites": _cites(item, cited),
        }
    )


def _relations(document: Element, cited: Cited) -> dict[str, Any]:
    found: dict[str, list[Any]] = {}
    for its in _all(document, ".//relation"):
        key, read = RELATIONS.get(_own(its, "kind") or "", ("", None))
        if read is not None:
            made = {**read(its), **_date(_date_in(its)), "cites": _cites(its, cited)}
            found.setdefault(key, []).append(_kept(made))
    return found


def _tie(its: Element) -> dict[str, Any]:
    return {"type": _own(its, "type"), "person": _own_of(its, "targetEntity", "id")}


def _membership(its: Element) -> dict[str, Any]:
    role = _by_language(its, "descriptiveNote/p")
    return {"organisation": _own_of(its, "targetEntity", "id"), "role": role}


def _work(its: Element) -> dict[str, Any]:
    return {"title": _by_language(its, "targetEntity/part"), "type": _own(its, "type")}


def _media(its: Element) -> dict[str, Any]:
    spans = {it.get("localType"): _text(it) for it in _all(its, "descriptiveNote/p/span")}
    return {
        "type": _own(its, "type"),
        "url": _own_of(its, "targetEntity", "address"),
        **{name: spans.get(name) for name in CREDIT},
        "alt": _by_language(its, "targetEntity/part"),
    }


#: The field of a record that each kind of relation is in, and how one is read.
RELATIONS: Mapping[str, tuple[str, Callable[[Element], dict[str, Any]]]] = {
    "relation": ("relations", _tie),
    "membership": ("memberships", _membership),
    "work": ("works", _work),
    "media": ("media", _media),
}


def _cite(source: Element) -> dict[str, Any]:
    locator = source.find("citedRange", NAMES)
    return _kept({"source": _own(source, "id"), "locator": _text(locator)})


def _cites(element: Element | None, cited: Cited) -> list[Mapping[str, Any]]:
    ids = (element.get("sourceReference") or "").split() if element is not None else []
    return [cited[id_] for id_ in ids if id_ in cited]


def _source(source: Element) -> Any:
    """The id of a source, with what it is where that stands there."""
    csl = source.find("objectXMLWrap/bb:csl", NAMES)
    if csl is None:
        return _own(source, "id")
    try:
        return {"id": _own(source, "id"), "csl": json.loads(_text(csl))}
    except (ValueError, RecursionError):
        # No CSL item, and so refused by name.
        return {"id": _own(source, "id"), "csl": None}


def _checked(document: Element, cited: Cited) -> dict[str, Any]:
    date = document.find("control/localControl[@localType='checked']/date", NAMES)
    if date is None:
        return {}
    against = [cite["source"] for cite in _cites(date, cited) if cite.get("source")]
    return _kept({"on": date.get("standardDate"), "against": against})


def _date_in(element: Element) -> Element | None:
    found = element.find("date", NAMES)
    return element.find("dateRange", NAMES) if found is None else found


def _date(date: Element | None) -> dict[str, Any]:
    """The EDTF of a date or a range, and what the source said."""
    if date is None:
        return {}
    text = _own(date, "original")
    original = {"text": text, "calendar": _own(date, "calendar")} if text else None
    is_range = date.tag == f"{{{EAC}}}dateRange"
    return {"date": _range(date) if is_range else date.get("standardDate"), "original": original}


def _range(element: Element) -> str:
    start, end = element.find("fromDate", NAMES), element.find("toDate", NAMES)
    first = ".." if start is None else start.get("standardDate", "")
    open_ = "" if end is None or end.get("status") != "ongoing" else ".."
    return f"{first}/{open_ if end is None else end.get('standardDate', open_)}"


def _places(document: Element, role: str) -> Iterator[Element]:
    return iter(_all(document, f".//places/place[@localType='{role}']"))


def _country(place: Element) -> str | None:
    name = place.find("placeName", NAMES)
    return name.get("countryCode") if name is not None else None


def _by_language(element: Element, path: str) -> dict[str, str]:
    """Texts by language; one without a language stands for something else and is passed over."""
    return {lang: _text(it) for it in _all(element, path) if (lang := it.get("languageOfElement"))}


def _all(element: Element, path: str) -> list[Element]:
    return element.findall(path, NAMES)


def _own(element: Element, name: str) -> str | None:
    return element.get(f"{{{OWN}}}{name}")


def _own_of(element: Element, path: str, name: str) -> str | None:
    found = element.find(path, NAMES)
    return _own(found, name) if found is not None else None


def _text(element: Element | None) -> str:
    """All text of an element, of those within it too."""
    return "" if element is None else "".join(element.itertext())


def _kept(part: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in part.items() if value not in (None, "", [], {})}
