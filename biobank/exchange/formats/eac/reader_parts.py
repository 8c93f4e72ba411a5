"""Names and dates of EAC-CPF written by other systems."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

from biobank.exchange.imports.messages import ImportMessage, import_message
from biobank.names.folding import has_letter
from biobank.records.date_parser.parser import parse_typed_date
from biobank.records.dates import parse_vital_date
from biobank.records.edtf import DateError
from biobank.records.people.name_parts import differing_parts
from biobank.records.people.schemas import LANGUAGE_TAG_PATTERN, SCRIPT_PATTERN
from biobank.records.validation import truncate_for_display


def iter_elements(element: Element, name: str) -> Iterator[Element]:
    """Yield every element of a name within `element`, including itself."""
    for descendant in element.iter():
        if descendant.tag.rpartition("}")[2] == name:
            yield descendant


def find_element(element: Element, name: str) -> Element | None:
    return next(iter_elements(element, name), None)


def normalized_text(element: Element | None) -> str:
    """Return the text of an element in composed form (NFC), with whitespace collapsed."""
    if element is None:
        return ""
    return unicodedata.normalize("NFC", " ".join("".join(element.itertext()).split()))


def first_attribute(element: Element, *names: str) -> str:
    """Return the first of `names` that is set, whatever its namespace."""
    values = {key.rpartition("}")[2]: value for key, value in element.attrib.items()}
    return next((values[name].strip() for name in names if values.get(name)), "")


#: Values of `certainty` that mark an approximate date.
APPROXIMATE_CERTAINTIES = frozenset(("approximate", "circa", "ca", "about", "inferred"))


def read_life_dates(document: Element, notices: list[ImportMessage]) -> dict[str, dict[str, Any]]:
    """Return birth and death; a single date is neither, and is reported in the notices."""
    dates: dict[str, dict[str, Any]] = {}
    for exist_dates in iter_elements(document, "existDates"):
        date_range = find_element(exist_dates, "dateRange")
        if date_range is None:
            for single_date in iter_elements(exist_dates, "date"):
                if written := normalized_text(single_date) or first_attribute(single_date, "standardDate"):
                    notices.append(import_message("eac_date_alone", text=truncate_for_display(written, 80)))
            continue
        for fact, name in (("birth", "fromDate"), ("death", "toDate")):
            date = find_element(date_range, name)
            if date is not None and fact not in dates and (text := _read_date(date, notices)):
                dates[fact] = {"date": text}
    return dates


def _read_date(date: Element, notices: list[ImportMessage]) -> str:
    """Return the EDTF of a date, or an empty string if it cannot be parsed."""
    not_before, not_after = first_attribute(date, "notBefore"), first_attribute(date, "notAfter")
    standard = first_attribute(date, "standardDate")
    approximate = "~" if first_attribute(date, "certainty").lower() in APPROXIMATE_CERTAINTIES else ""
    interval = f"[{not_before}..{not_after}]" if not_before or not_after else ""
    written = normalized_text(date)
    for candidate in (f"{standard}{approximate}" if standard else "", standard, interval):
        if text := _normalize_edtf(candidate):
            return text
    try:
        return parse_vital_date(parse_typed_date(written))[0].text if written else ""
    except DateError:
        notices.append(import_message("eac_date_unread", text=truncate_for_display(written, 80)))
        return ""


def _normalize_edtf(text: str) -> str:
    try:
        return parse_vital_date(text)[0].text if text else ""
    except DateError:
        return ""


#: BCP 47 tags of ISO 639-2 and 639-3 codes that occur with names.
LANGUAGE_TAG_BY_ISO_CODE = {
    **dict.fromkeys(("aze", "azj", "azb"), "az"),
    "eng": "en",
    "rus": "ru",
    "tur": "tr",
    "ara": "ar",
    "ita": "it",
    "ota": "ota",
    "spa": "es",
    "heb": "he",
    **dict.fromkeys(("per", "fas"), "fa"),
    **dict.fromkeys(("ger", "deu"), "de"),
    **dict.fromkeys(("fre", "fra"), "fr"),
    **dict.fromkeys(("kat", "geo"), "ka"),
    **dict.fromkeys(("hye", "arm"), "hy"),
}
SURNAME_PART_TYPES = frozenset(("surname", "familyname", "lastname", "nachname", "$a"))
GIVEN_NAME_PART_TYPES = frozenset(("forename", "givenname", "firstname", "given", "vorname"))
#: “, 1885-1948.” after a heading; also “, b. 1885” and “, active 12th century”.
HEADING_YEARS_PATTERN = re.compile(r",?\s*\(?(?:(?:b|d|ca|fl|active|born|died)\.?\s*)*[0-9]{3,4}\??[^,]*$")
MAX_EAC_NAMES, MAX_EAC_NAME_CHARS = 200, 200
#: Characters of a heading that is parsed; a longer one is not a name and is skipped.
MAX_HEADING_CHARS = 2 * MAX_EAC_NAME_CHARS


def element_language(element: Element, document: Element) -> str:
    """Return the language of an element, else of the document; empty if neither states one."""
    code = first_attribute(element, "languageOfElement", "lang", "languageCode")
    if not code:
        declared = find_element(document, "languageDeclaration")
        inner = find_element(declared, "language") if declared is not None else None
        for candidate in (declared, inner):
            code = code or (first_attribute(candidate, "languageCode") if candidate is not None else "")
    return LANGUAGE_TAG_BY_ISO_CODE.get(code.lower(), code)


def read_names(document: Element, notices: list[ImportMessage]) -> list[dict[str, str]]:
    """Return every name; the authorised name of a language is the preferred one."""
    names: list[dict[str, str]] = []
    preferred: set[str] = set()
    for entry in iter_elements(document, "nameEntry"):
        heading, text, stated = _heading_and_name(entry)
        if not has_letter(text) or len(text) > MAX_EAC_NAME_CHARS:
            notices.append(import_message("eac_no_name", text=truncate_for_display(heading, 120)))
            continue
        if text != heading:
            written, read = (truncate_for_display(value, 120) for value in (heading, text))
            notices.append(import_message("eac_name_read", text=written, read=read))
        lang = element_language(entry, document)
        if not LANGUAGE_TAG_PATTERN.match(lang):
            lang = "und"
        is_preferred = _is_preferred(entry) and lang not in preferred
        name = {"text": text, "lang": lang, "kind": "preferred" if is_preferred else "variant", **stated}
        if SCRIPT_PATTERN.match(script := first_attribute(entry, "scriptOfElement", "scriptCode")):
            name["script"] = script
        if is_preferred:
            preferred.add(lang)
        if name not in names and len(names) < MAX_EAC_NAMES:
            names.append(name)
    return names


def _heading_and_name(entry: Element) -> tuple[str, str, dict[str, str]]:
    """Return the heading as written, the name in direct order, and its surname where stated."""
    parts = [
        (first_attribute(element, "localType").lower(), normalized_text(element))
        for element in iter_elements(entry, "part")
    ]
    parts = [(kind.rpartition("/")[2].rpartition("#")[2], text) for kind, text in parts if text]
    heading = ", ".join(text for _, text in parts)
    surnames = [text for kind, text in parts if kind in SURNAME_PART_TYPES]
    given_names = [text for kind, text in parts if kind in GIVEN_NAME_PART_TYPES]
    if surnames and given_names:
        family, given = " ".join(surnames), " ".join(given_names)
        return heading, f"{given} {family}", differing_parts(f"{given} {family}", family, given)
    if len(heading) > MAX_HEADING_CHARS:
        return heading, heading, {}
    if len(parts) > 1:
        return heading, " ".join(text for _, text in parts), {}
    bare = HEADING_YEARS_PATTERN.sub("", heading).strip(" .,")
    surname, comma, remainder = (part.strip() for part in bare.partition(","))
    direct_name = f"{remainder} {surname}" if comma and remainder and "," not in remainder else bare
    return heading, direct_name or heading, {}


def _is_preferred(entry: Element) -> bool:
    if first_attribute(entry, "status") == "authorized" or first_attribute(entry, "preferredForm") == "true":
        return True
    return any(find_element(entry, name) is not None for name in ("authorizedForm", "preferredForm"))
