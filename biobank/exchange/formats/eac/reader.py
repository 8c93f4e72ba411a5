"""Reader of EAC-CPF: one document, several in one file however wrapped, or an archive of files.

Documents written by Biobank are read back without loss. Of others, names, dates, texts, identifiers and
sources are converted. What needs an id of the bank (places, professions, relations) is reported in the
notices for an editor to add; nothing is guessed.
"""

import hashlib
import re
from collections.abc import Iterator
from typing import IO, Any
from xml.etree.ElementTree import Element
from zipfile import ZipFile, ZipInfo

from biobank.common.i18n import LANGUAGES
from biobank.exchange.formats.eac import roundtrip_reader
from biobank.exchange.formats.eac.elements import EAC_NAMESPACE
from biobank.exchange.formats.eac.reader_parts import (
    element_language,
    find_element,
    iter_elements,
    normalized_text,
    read_life_dates,
    read_names,
)
from biobank.exchange.formats.xml import iter_xml_records
from biobank.exchange.imports import decompression
from biobank.exchange.imports.items import WHOLE_FILE, ImportItem
from biobank.exchange.imports.messages import ImportMessage, UnreadableFile, import_message
from biobank.names.slug import slugify
from biobank.records.countries import COUNTRY_CODES
from biobank.records.fields import MAX_BIOGRAPHY_CHARS, MAX_LINE_CHARS
from biobank.records.validation import truncate_for_display

EAC_1_NAMESPACE = "urn:isbn:1-931666-33-4"
GENERIC_DOCUMENT_TAGS = (f"{{{EAC_1_NAMESPACE}}}eac-cpf", f"{{{EAC_NAMESPACE}}}eac")
GENDER_BY_TERM = {"male": "male", "m": "male", "female": "female", "f": "female"}
#: URL patterns of entries in other catalogues, by identifier scheme.
CATALOGUE_URL_PATTERNS = (
    ("wikidata", re.compile(r"wikidata\.org/(?:wiki|entity)/(Q[0-9]+)")),
    ("viaf", re.compile(r"viaf\.org/viaf/([0-9]+)")),
    ("isni", re.compile(r"isni\.org/(?:isni/)?([0-9]{15}[0-9X])")),
    ("gnd", re.compile(r"d-nb\.info/gnd/([0-9X-]+)")),
    ("lcnaf", re.compile(r"id\.loc\.gov/authorities/names/(n[a-z]*[0-9]+)")),
)
#: Elements that no field of a record holds, and their name in a notice.
UNMAPPED_ELEMENTS = (
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
MAX_RECORD_NOTICES, MAX_QUOTED_CHARS = 40, 120


def document_to_item(label: str, document: Element) -> ImportItem:
    """Convert a document to an item, with notices of what could not be converted."""
    entity = find_element(document, "entityType")
    kind = normalized_text(entity) if entity is None else entity.get("value") or normalized_text(entity)
    if kind != "person":
        entity_type = truncate_for_display(kind, 40) or "nobody"
        return ImportItem(label, error=import_message("eac_no_person", what=entity_type))
    notices: list[ImportMessage] = []
    record: dict[str, Any] = {
        "names": read_names(document, notices),
        "gender": _gender(document),
        **read_life_dates(document, notices),
        "countries": _countries(document),
        "biography": _biographies(document, notices),
        "identifiers": dict(_identifiers(document)),
        "sources": list(_sources(document)),
    }
    notices += _unmapped_notices(document)
    if len(notices) > MAX_RECORD_NOTICES:
        omitted = len(notices) - MAX_RECORD_NOTICES
        notices = [*notices[:MAX_RECORD_NOTICES], import_message("eac_more", count=omitted)]
    data = {key: value for key, value in record.items() if value not in (None, [], {})}
    return ImportItem(label, data, notices=notices)


def _gender(document: Element) -> str | None:
    """Return the gender if it is given as one known word."""
    for name in ("demographicDescription", "localDescription"):
        for description in iter_elements(document, name):
            if re.search("gender|sex", description.get("localType", ""), re.IGNORECASE):
                term = normalized_text(find_element(description, "term")).lower()
                return GENDER_BY_TERM.get(term)
    return None


def _countries(document: Element) -> list[str]:
    codes = (element.get("countryCode", "").upper() for element in document.iter())
    return list(dict.fromkeys(code for code in codes if code in COUNTRY_CODES))


def _biographies(document: Element, notices: list[ImportMessage]) -> dict[str, str]:
    """Return the biography in each language of the bank."""
    texts_by_lang: dict[str, list[str]] = {}
    for history in iter_elements(document, "biogHist"):
        lang = element_language(history, document)
        elements = (element for name in ("abstract", "p") for element in iter_elements(history, name))
        text = "\n\n".join(filter(None, map(normalized_text, elements)))
        if text and lang in LANGUAGES:
            texts_by_lang.setdefault(lang, []).append(text)
        elif text:
            quoted = truncate_for_display(text, MAX_QUOTED_CHARS)
            notices.append(import_message("eac_life", lang=lang or "und", text=quoted))
    biographies = {lang: "\n\n".join(parts) for lang, parts in texts_by_lang.items()}
    for lang, text in biographies.items():
        if len(text) > MAX_BIOGRAPHY_CHARS:
            notices.append(import_message("eac_life_cut", lang=lang, most=MAX_BIOGRAPHY_CHARS))
    return {lang: text[:MAX_BIOGRAPHY_CHARS].strip() for lang, text in biographies.items()}


def _identifiers(document: Element) -> Iterator[tuple[str, str]]:
    """Yield the identifiers in other catalogues, and the id of the record at its agency."""
    for name in ("otherRecordId", "entityId", "identityId", "source", "sourceEntry", "cpfRelation"):
        for element in iter_elements(document, name):
            if name == "cpfRelation" and element.get("cpfRelationType") != "identity":
                continue
            text = " ".join((normalized_text(element), *element.attrib.values()))
            for scheme, pattern in CATALOGUE_URL_PATTERNS:
                if match := pattern.search(text):
                    yield scheme, match[1]
    number = normalized_text(find_element(document, "recordId"))
    agency = normalized_text(find_element(document, "agencyCode")) or normalized_text(
        find_element(document, "agencyName")
    )
    if number:
        yield "eac-cpf", f"{agency}/{number}"[:200] if agency else number[:200]


def _sources(document: Element) -> Iterator[dict[str, Any]]:
    """Yield sources as documents with a title; the same source gets the same id in every file."""
    control = find_element(document, "control")
    seen: set[str] = set()
    for source in iter_elements(control, "source") if control is not None else ():
        entries = [
            element for name in ("reference", "sourceEntry") for element in iter_elements(source, name)
        ]
        title = normalized_text(entries[0] if entries else source)[:MAX_LINE_CHARS]
        url = _href(source)
        if not title and not url:
            continue
        csl = {"type": "document", "title": title or url, **({"URL": url} if url else {})}
        digest = hashlib.sha256(f"{title}|{url}".encode()).hexdigest()[:10]
        id_ = f"{slugify(title)[:60].strip('-')}-{digest}"
        if id_ not in seen:
            seen.add(id_)
            yield {"id": id_, "csl": csl}


def _href(source: Element) -> str:
    for name, value in source.attrib.items():
        if name.rpartition("}")[2] == "href" and value.startswith(("http://", "https://")):
            return value[:1000]
    return ""


def _unmapped_notices(document: Element) -> Iterator[ImportMessage]:
    description = find_element(document, "cpfDescription")
    for name, label in UNMAPPED_ELEMENTS:
        for element in iter_elements(description, name) if description is not None else ():
            if text := truncate_for_display(normalized_text(element), MAX_QUOTED_CHARS):
                yield import_message("eac_not_taken", what=label, text=text)


DOCUMENT_TAGS = frozenset((roundtrip_reader.DOCUMENT_TAG, *GENERIC_DOCUMENT_TAGS))
#: Signatures of a ZIP archive; the second is that of an empty one.
ZIP_SIGNATURES = (b"PK\x03\x04", b"PK\x05\x06")
MAX_LABEL_CHARS = 120


def read_eac_cpf(stream: IO[bytes]) -> Iterator[ImportItem]:
    """Yield an item for each person; `label` names the record, and its file in an archive."""
    try:
        with decompression.ensure_seekable(stream) as file:
            signature = file.read(4)
            file.seek(0)
            if signature in ZIP_SIGNATURES:
                yield from _read_archive(file)
            else:
                yield from _read_records(file, "")
    except UnreadableFile as error:
        yield ImportItem(WHOLE_FILE, error=error.reason)


def _read_archive(file: IO[bytes]) -> Iterator[ImportItem]:
    with decompression.open_archive(file) as archive:
        infos = list(decompression.iter_members(archive, ".xml"))
        if not infos:
            raise UnreadableFile("eac_no_files")
        for info in infos:
            yield from _read_member(archive, info)


def _read_member(archive: ZipFile, info: ZipInfo) -> Iterator[ImportItem]:
    """Yield the records of one file; an error in it does not affect other files."""
    name = truncate_for_display(info.filename, MAX_LABEL_CHARS)
    try:
        with decompression.open_member(archive, info) as file:
            yield from _read_records(file, name)
    except UnreadableFile as error:
        yield ImportItem(name, error=error.reason)


def _read_records(file: IO[bytes], name: str) -> Iterator[ImportItem]:
    number = 0
    for number, element in enumerate(iter_xml_records(file, DOCUMENT_TAGS), 1):
        position = f"record {number}"
        # Biobank writes one person to a file: the name of the file identifies the record.
        label = name if name and number == 1 else f"{name}, {position}" if name else position
        if roundtrip_reader.is_biobank_document(element):
            yield ImportItem(label, roundtrip_reader.document_to_record(element))
        else:
            yield document_to_item(label, element)
    if not number:
        raise UnreadableFile("eac_none")
