"""Names in EAC-CPF in direct order, without the years of a heading."""

import re
from xml.etree.ElementTree import Element

from biobank.exchange.importing.eac_words import attribute, every, one, text_of
from biobank.exchange.importing.said import Said, say
from biobank.names.folding import has_letter
from biobank.records.people.schemas import LANGUAGE_TAG, SCRIPT
from biobank.records.problems import shown

#: BCP 47 tags of ISO 639-2 and 639-3 codes that occur with names.
SHORTER = {
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
SURNAMES = frozenset(("surname", "familyname", "lastname", "nachname", "$a"))
GIVEN = frozenset(("forename", "givenname", "firstname", "given", "vorname"))
#: “, 1885-1948.” after a heading; also “, b. 1885” and “, active 12th century”.
YEARS = re.compile(r",?\s*\(?(?:(?:b|d|ca|fl|active|born|died)\.?\s*)*[0-9]{3,4}\??[^,]*$")
NAMES_MOST, TEXT_MOST = 200, 200
#: Characters of a heading that is parsed; a longer one is not a name and is skipped.
HEADING_MOST = 2 * TEXT_MOST


def language_of(element: Element, document: Element) -> str:
    """Return the language of an element, else of the document; empty if neither states one."""
    told = attribute(element, "languageOfElement", "lang", "languageCode")
    if not told:
        declared = one(document, "languageDeclaration")
        inner = one(declared, "language") if declared is not None else None
        for it in (declared, inner):
            told = told or (attribute(it, "languageCode") if it is not None else "")
    return SHORTER.get(told.lower(), told)


def names_of(document: Element, notices: list[Said]) -> list[dict[str, str]]:
    """Return every name; the authorised name of a language is the preferred one."""
    found: list[dict[str, str]] = []
    preferred: set[str] = set()
    for entry in every(document, "nameEntry"):
        heading, text = _text(entry)
        if not has_letter(text) or len(text) > TEXT_MOST:
            notices.append(say("eac_no_name", text=shown(heading, 120)))
            continue
        if text != heading:
            notices.append(say("eac_name_read", text=shown(heading, 120), read=shown(text, 120)))
        lang = language_of(entry, document)
        if not LANGUAGE_TAG.match(lang):
            lang = "und"
        is_first = _is_preferred(entry) and lang not in preferred
        name = {"text": text, "lang": lang, "kind": "preferred" if is_first else "variant"}
        if SCRIPT.match(script := attribute(entry, "scriptOfElement", "scriptCode")):
            name["script"] = script
        if is_first:
            preferred.add(lang)
        if name not in found and len(found) < NAMES_MOST:
            found.append(name)
    return found


def _text(entry: Element) -> tuple[str, str]:
    """Return the heading as written, and the name in direct order."""
    parts = [(attribute(it, "localType").lower(), text_of(it)) for it in every(entry, "part")]
    parts = [(kind.rpartition("/")[2].rpartition("#")[2], text) for kind, text in parts if text]
    heading = ", ".join(text for _, text in parts)
    surnames = [text for kind, text in parts if kind in SURNAMES]
    given = [text for kind, text in parts if kind in GIVEN]
    if surnames and given:
        return heading, " ".join((*given, *surnames))
    if len(heading) > HEADING_MOST:
        return heading, heading
    if len(parts) > 1:
        return heading, " ".join(text for _, text in parts)
    bare = YEARS.sub("", heading).strip(" .,")
    surname, comma, rest = (part.strip() for part in bare.partition(","))
    turned = f"{rest} {surname}" if comma and rest and "," not in rest else bare
    return heading, turned or heading


def _is_preferred(entry: Element) -> bool:
    if attribute(entry, "status") == "authorized" or attribute(entry, "preferredForm") == "true":
        return True
    return any(one(entry, name) is not None for name in ("authorizedForm", "preferredForm"))
