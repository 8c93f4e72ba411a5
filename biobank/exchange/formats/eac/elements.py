"""XML elements of EAC-CPF, with dates, and the bank's own namespace beside them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote

from lxml import etree

from biobank.exchange.formats.xml import strip_invalid_xml
from biobank.records.date_formatting import format_edtf
from biobank.records.dates import parse_date
from biobank.records.proleptic_calendar import format_iso

EAC_NAMESPACE: Final = "https://archivists.org/ns/eac/v2"
#: Namespace of attributes that the standard lacks: ids of the bank and kinds of relations. It holds
#: only attributes and the CSL-JSON of sources; a reader that ignores it loses nothing standard.
BIOBANK_NAMESPACE: Final = "urn:x-biobank:eac:1"
EAC_NAMESPACES: Final = {None: EAC_NAMESPACE, "bb": BIOBANK_NAMESPACE}

#: Elements with mixed content.
MIXED_CONTENT = frozenset(("p", "objectXMLWrap"))
URI_START = re.compile(r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?([/?#]|$)|/")
STRAY_PERCENT = re.compile("%(?![0-9A-Fa-f]{2})")


def make_root(name: str) -> etree._Element:
    return etree.Element(f"{{{EAC_NAMESPACE}}}{name}", nsmap=EAC_NAMESPACES)


def add_element(
    parent: etree._Element,
    name: str,
    text: str = "",
    attributes: Mapping[str, str | None] | None = None,
    **own: str | None,
) -> etree._Element:
    """Add a child element; attributes without a value are skipped, `own` go into our namespace."""
    element = etree.SubElement(parent, f"{{{EAC_NAMESPACE}}}{name}")
    for key, value in (attributes or {}).items():
        if value:
            element.set(key, strip_invalid_xml(value))
    for key, value in own.items():
        if value:
            element.set(f"{{{BIOBANK_NAMESPACE}}}{key}", strip_invalid_xml(value))
    if text:
        element.text = strip_invalid_xml(text)
    return element


def as_uri(text: object) -> str | None:
    """Return an address as `anyURI` allows it; None if that is impossible."""
    if not isinstance(text, str):
        return None
    quoted = quote(text, safe="/:?#@!$&'()*+,;=~%")
    return STRAY_PERCENT.sub("%25", quoted) if URI_START.match(quoted) else None


def indent(parent: etree._Element, depth: int = 1) -> None:
    """Indent with one element per line, except within mixed content."""
    children = list(parent)
    if not children or etree.QName(parent).localname in MIXED_CONTENT:
        return
    parent.text = "\n" + " " * depth
    for child in children:
        indent(child, depth + 1)
        child.tail = parent.text
    children[-1].tail = "\n" + " " * (depth - 1)


class SourceReferences:
    """Collects the cited sources and passages of a document and assigns their ids."""

    def __init__(self, sources: Sequence[str]) -> None:
        self._sources = dict.fromkeys(sources)
        self._passages: dict[tuple[str, str], str] = {}

    def for_part(self, part: Mapping[str, Any]) -> str | None:
        """Return the `sourceReference` of a part of a record; None if it cites nothing."""
        citations = part.get("cites")
        if not citations:
            return None
        return self.reference_all((cite["source"], cite.get("locator") or "") for cite in citations)

    def reference_all(self, citations: Iterable[tuple[str, str]]) -> str:
        """Return references to sources and passages, in the given order."""
        return " ".join(self._document_id(source, locator) for source, locator in citations)

    @property
    def sources(self) -> tuple[str, ...]:
        return tuple(self._sources)

    @property
    def passages(self) -> Mapping[tuple[str, str], str]:
        """Return the id within the document by source and locator."""
        return self._passages

    def _document_id(self, source: str, locator: str) -> str:
        self._sources.setdefault(source)
        if not locator:
            return source_id(source)
        passages = self._passages
        return passages.setdefault((source, locator), f"{source_id(source)}.{len(passages) + 1}")


def source_id(source: str) -> str:
    """Return the id of a whole source within the document.

    The prefix is needed because an XML name may not begin with a digit.
    """
    return f"source.{source}"


RecordPart = Mapping[str, Any]


def add_date(
    parent: etree._Element, part: RecordPart, lang: str, citations: str | None = None
) -> etree._Element | None:
    """Add the date of a part of a record: a `dateRange` for an interval, else a `date`.

    Returns None if the part has neither a date nor citations.
    """
    text = part.get("date")
    if not text and not part.get("original") and not citations:
        return None
    start, slash, end = (text or "").partition("/")
    if slash and f"{start.strip()}/{end.strip()}" == text:
        range_element = add_element(
            parent, "dateRange", "", {"sourceReference": citations}, **_original_date(part)
        )
        if start != "..":
            _add_range_end(range_element, "fromDate", start, lang)
        if end != ".." or start == "..":
            _add_range_end(range_element, "toDate", end, lang)
        else:
            add_element(range_element, "toDate", "", {"status": "ongoing"})
        return range_element
    return add_single_date(parent, "date", part, lang, citations)


def add_single_date(
    parent: etree._Element, name: str, part: RecordPart, lang: str, citations: str | None = None
) -> etree._Element:
    """Add an element `name` with one date, `status="unknown"` if there is none."""
    text = part.get("date")
    original = part.get("original") or {}
    text_form = format_edtf(text, lang) if text else original.get("text", "")
    attributes = {**(_date_attributes(text) if text else {"status": "unknown"}), "sourceReference": citations}
    return add_element(parent, name, text_form, attributes, **_original_date(part))


def _add_range_end(parent: etree._Element, name: str, text: str, lang: str) -> None:
    if text:
        add_element(parent, name, format_edtf(text, lang), _date_attributes(text))
    else:
        add_element(parent, name, "", {"status": "unknown"})


def _date_attributes(text: str) -> dict[str, str]:
    date = parse_date(text)
    ends = {"notBefore": date.earliest, "notAfter": date.latest}
    days = {name: format_iso(day) for name, day in ends.items() if day is not None}
    return {"standardDate": text, **(days if date.earliest != date.latest else {})}


def _original_date(part: RecordPart) -> dict[str, str]:
    """Return the date as the source states it, in its own calendar."""
    original = part.get("original") or {}
    return {"original": original.get("text", ""), "calendar": original.get("calendar", "")}
