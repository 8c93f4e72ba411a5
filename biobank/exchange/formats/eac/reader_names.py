"""Names in EAC-CPF in direct order, without the years of a heading."""

import re
from xml.etree.ElementTree import Element

from biobank.exchange.formats.eac.reader_dates import (
    find_element,
    first_attribute,
    iter_elements,
    normalized_text,
)
from biobank.exchange.imports.messages import ImportMessage, import_message
from biobank.names.folding import has_letter
from biobank.records.people.schemas import LANGUAGE_TAG_PATTERN, SCRIPT_PATTERN
from biobank.records.validation import truncate_for_display

#: BCP 47 tags of ISO 639-2 and 639-3 codes that occur with names.
LANGUAGE_TAG_BY_ISO_CODE = {
    "aze": "az",
    "azj": "az",
    "azb": "az",
    "eng": "en",
    "rus": "ru",
    "per": "fa",
    "fas": "fa",
    "tur": "tr",
    "ger": "de",
    "deu": "de",
    "fre": "fr",
    "fra": "fr",
    "ara": "ar",
    "ota": "ota",
    "kat": "ka",
    "geo": "ka",
    "hye": "hy",
    "arm": "hy",
    "ita": "it",
    "spa": "es",
    "heb": "he",
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
        heading, text = _heading_and_name(entry)
        if not has_letter(text) or len(text) > MAX_EAC_NAME_CHARS:
            notices.append(import_message("eac_no_name", text=truncate_for_display(heading, 120)))
            continue
        if text != heading:
            notices.append(
                import_message(
                    "eac_name_read",
                    text=truncate_for_display(heading, 120),
                    read=truncate_for_display(text, 120),
                )
            )
        lang = element_language(entry, document)
        if not LANGUAGE_TAG_PATTERN.match(lang):
            lang = "und"
        is_preferred = _is_preferred(entry) and lang not in preferred
        name = {"text": text, "lang": lang, "kind": "preferred" if is_preferred else "variant"}
        if SCRIPT_PATTERN.match(script := first_attribute(entry, "scriptOfElement", "scriptCode")):
            name["script"] = script
        if is_preferred:
            preferred.add(lang)
        if name not in names and len(names) < MAX_EAC_NAMES:
            names.append(name)
    return names


def _heading_and_name(entry: Element) -> tuple[str, str]:
    """Return the heading as written, and the name in direct order."""
    parts = [
        (first_attribute(element, "localType").lower(), normalized_text(element))
        for element in iter_elements(entry, "part")
    ]
    parts = [(kind.rpartition("/")[2].rpartition("#")[2], text) for kind, text in parts if text]
    heading = ", ".join(text for _, text in parts)
    surnames = [text for kind, text in parts if kind in SURNAME_PART_TYPES]
    given_names = [text for kind, text in parts if kind in GIVEN_NAME_PART_TYPES]
    if surnames and given_names:
        return heading, " ".join((*given_names, *surnames))
    if len(heading) > MAX_HEADING_CHARS:
        return heading, heading
    if len(parts) > 1:
        return heading, " ".join(text for _, text in parts)
    bare = HEADING_YEARS_PATTERN.sub("", heading).strip(" .,")
    surname, comma, remainder = (part.strip() for part in bare.partition(","))
    direct_name = f"{remainder} {surname}" if comma and remainder and "," not in remainder else bare
    return heading, direct_name or heading


def _is_preferred(entry: Element) -> bool:
    if first_attribute(entry, "status") == "authorized" or first_attribute(entry, "preferredForm") == "true":
        return True
    return any(find_element(entry, name) is not None for name in ("authorizedForm", "preferredForm"))
