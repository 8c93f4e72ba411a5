"""Reader of EAC-CPF 1.x and 2.0 written by other systems.

Names, dates, texts, identifiers and sources are converted. What needs an id of the bank (places,
professions, relations) is reported in the notices for an editor to add; nothing is guessed.
"""

import hashlib
import re
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

from biobank.exchange.eac.elements import EAC
from biobank.exchange.importing.eac_dates import dates_of
from biobank.exchange.importing.eac_names import language_of, names_of
from biobank.exchange.importing.eac_words import every, one, text_of
from biobank.exchange.importing.reading import Item
from biobank.exchange.importing.said import Said, say
from biobank.i18n import LANGUAGES
from biobank.names.slug import slug
from biobank.records.countries import COUNTRIES
from biobank.records.fields import BIOGRAPHY, LINE
from biobank.records.problems import shown

EAC_1 = "urn:isbn:1-931666-33-4"
DOCUMENTS = (f"{{{EAC_1}}}eac-cpf", f"{{{EAC}}}eac")
GENDERS = {"male": "male", "m": "male", "female": "female", "f": "female"}
#: URL patterns of entries in other catalogues, by identifier scheme.
CATALOGUES = (
    ("wikidata", re.compile(r"wikidata\.org/(?:wiki|entity)/(Q[0-9]+)")),
    ("viaf", re.compile(r"viaf\.org/viaf/([0-9]+)")),
    ("isni", re.compile(r"isni\.org/(?:isni/)?([0-9]{15}[0-9X])")),
    ("gnd", re.compile(r"d-nb\.info/gnd/([0-9X-]+)")),
    ("lcnaf", re.compile(r"id\.loc\.gov/authorities/names/(n[a-z]*[0-9]+)")),
)
#: Elements that no field of a record holds, and their name in a notice.
UNTOLD = (
    ("occupation", "occupation"),
    ("function", "function"),
    ("placeEntry", "place"),
    ("placeName", "place"),
    ("cpfRelation", "tie"),
    ("resourceRelation", "resource"),
    ("relation", "tie"),
    ("legalStatus", "legal status"),
    ("mandate", "mandate"),
    ("structureOrGenealogy", "genealogy"),
    ("generalContext", "context"),
    ("chronItem", "event"),
)
#: Limit of notices for one record, and characters of the text that each quotes.
NOTICES_MOST, SHOWN = 40, 120


def item_of(label: str, document: Element) -> Item:
    """Convert a document to an item, with notices of what could not be converted."""
    kind = _kind(document)
    if kind != "person":
        told = shown(kind, 40) or "nobody"
        return Item(label, fault=say("eac_no_person", what=told))
    notices: list[Said] = []
    record: dict[str, Any] = {
        "names": names_of(document, notices),
        "gender": _gender(document),
        **dates_of(document, notices),
        "countries": _countries(document),
        "biography": _texts(document, notices),
        "identifiers": dict(_identifiers(document)),
        "sources": list(_sources(document)),
    }
    notices += _untold(document)
    if len(notices) > NOTICES_MOST:
        rest = len(notices) - NOTICES_MOST
        notices = [*notices[:NOTICES_MOST], say("eac_more", count=rest)]
    kept = {key: value for key, value in record.items() if value not in (None, [], {})}
    return Item(label, kept, notices=notices)


def _kind(document: Element) -> str:
    entity = one(document, "entityType")
    if entity is None:
        return ""
    return entity.get("value") or text_of(entity)


def _gender(document: Element) -> str | None:
    """Return the gender if it is given as one known word."""
    for name in ("demographicDescription", "localDescription"):
        for described in every(document, name):
            if re.search("gender|sex", described.get("localType", ""), re.IGNORECASE):
                told = text_of(one(described, "term")).lower()
                return GENDERS.get(told)
    return None


def _countries(document: Element) -> list[str]:
    codes = (it.get("countryCode", "").upper() for it in document.iter())
    return list(dict.fromkeys(code for code in codes if code in COUNTRIES))


def _texts(document: Element, notices: list[Said]) -> dict[str, str]:
    """Return the biography in each language of the bank."""
    found: dict[str, list[str]] = {}
    for life in every(document, "biogHist"):
        lang = language_of(life, document)
        paragraphs = [text_of(it) for name in ("abstract", "p") for it in every(life, name)]
        text = "\n\n".join(filter(None, paragraphs))
        if text and lang in LANGUAGES:
            found.setdefault(lang, []).append(text)
        elif text:
            notices.append(say("eac_life", lang=lang or "und", text=shown(text, SHOWN)))
    texts = {lang: "\n\n".join(parts) for lang, parts in found.items()}
    for lang, text in texts.items():
        if len(text) > BIOGRAPHY:
            notices.append(say("eac_life_cut", lang=lang, most=BIOGRAPHY))
    return {lang: text[:BIOGRAPHY].strip() for lang, text in texts.items()}


def _identifiers(document: Element) -> Iterator[tuple[str, str]]:
    """Yield the identifiers in other catalogues, and the id of the record at its agency."""
    for name in ("otherRecordId", "entityId", "identityId", "source", "sourceEntry", "cpfRelation"):
        for it in every(document, name):
            if name == "cpfRelation" and it.get("cpfRelationType") != "identity":
                continue
            told = " ".join((text_of(it), *it.attrib.values()))
            for scheme, pattern in CATALOGUES:
                if found := pattern.search(told):
                    yield scheme, found[1]
    number = text_of(one(document, "recordId"))
    agency = text_of(one(document, "agencyCode")) or text_of(one(document, "agencyName"))
    if number:
        yield "eac-cpf", f"{agency}/{number}"[:200] if agency else number[:200]


def _sources(document: Element) -> Iterator[dict[str, Any]]:
    """Yield sources as documents with a title; the same source gets the same id in every file."""
    control = one(document, "control")
    seen: set[str] = set()
    for source in every(control, "source") if control is not None else ():
        entries = [it for name in ("reference", "sourceEntry") for it in every(source, name)]
        title = text_of(entries[0] if entries else source)[:LINE]
        url = _address(source)
        if not title and not url:
            continue
        csl = {"type": "document", "title": title or url, **({"URL": url} if url else {})}
        mark = hashlib.sha256(f"{title}|{url}".encode()).hexdigest()[:10]
        id_ = f"{slug(title)[:60].strip('-')}-{mark}"
        if id_ not in seen:
            seen.add(id_)
            yield {"id": id_, "csl": csl}


def _address(source: Element) -> str:
    for name, value in source.attrib.items():
        if name.rpartition("}")[2] == "href" and value.startswith(("http://", "https://")):
            return value[:1000]
    return ""


def _untold(document: Element) -> Iterator[Said]:
    description = one(document, "cpfDescription")
    for name, called in UNTOLD:
        for it in every(description, name) if description is not None else ():
            told = " ".join(text_of(it).split())
            if told:
                yield say("eac_not_taken", what=called, text=shown(told, SHOWN))
