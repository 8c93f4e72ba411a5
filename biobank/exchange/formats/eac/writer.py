"""Writer of EAC-CPF 2.0 documents, in all three languages."""

import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from lxml import etree

from biobank.exchange.exports.context import (
    ExportContext,
    RelatedRecords,
    load_related_records,
    with_related_records,
)
from biobank.exchange.formats.eac.description_writer import SectionWriter
from biobank.exchange.formats.eac.elements import (
    BIOBANK_NAMESPACE,
    SourceReferences,
    add_element,
    as_uri,
    indent,
    make_root,
    source_id,
)
from biobank.exchange.formats.linked_data.graph import LICENCE_URI
from biobank.names.surnames import NameParts
from biobank.records.people import queries
from biobank.records.people.name_parts import name_parts
from biobank.records.people.record import PersonRecord
from biobank.store.session import Database

CONVENTIONS = {
    "edtf": ("ISO 8601-2:2019, Extended Date/Time Format", "https://www.loc.gov/standards/datetime/"),
    "commonmark": ("CommonMark", "https://spec.commonmark.org/"),
}
ENCODING_ATTRIBUTES = {
    "languageEncoding": "ietf-bcp-47",
    "scriptEncoding": "iso15924",
    "dateEncoding": "iso8601",
    "countryEncoding": "iso3166-1",
}


def add_control(
    parent: etree._Element,
    record: PersonRecord,
    context: ExportContext,
    related: RelatedRecords,
    references: SourceReferences,
) -> None:
    """Add the section, once `references` has collected every citation of the record."""
    person_id = record["id"]
    revisions = related.revisions.get(person_id, ())
    status = "revised" if len(revisions) > 1 else "new" if revisions else "derived"
    published = "published" if revisions else "inProcess"
    attributes = {**ENCODING_ATTRIBUTES, "maintenanceStatus": status, "publicationStatus": published}
    control = add_element(parent, "control", "", attributes)
    add_element(control, "recordId", person_id)
    agency = add_element(control, "maintenanceAgency")
    add_element(agency, "agencyName", context.bank_name, {"languageOfElement": context.lang})
    _add_history(control, revisions, context)
    _add_sources(control, related, references)
    for key, (name, url) in CONVENTIONS.items():
        declaration = add_element(control, "conventionDeclaration", "", {"id": key})
        add_element(declaration, "reference", name, {"href": url})
    _add_checked(control, record, references)
    for old_id in related.old_ids.get(person_id, ()):
        add_element(control, "otherRecordId", old_id, {"localType": "merged"})
    url = context.url(person_id)
    add_element(control, "representation", url, {"href": as_uri(url), "localType": "permanent"})
    rights = add_element(control, "rightsDeclaration")
    add_element(rights, "reference", "CC BY 4.0", {"href": LICENCE_URI})


def _add_history(control: etree._Element, revisions: Any, context: ExportContext) -> None:
    history = add_element(control, "maintenanceHistory")
    events = [
        ("revised" if index else "created", "human", timestamp, f"Revision {number}")
        for index, (number, timestamp) in enumerate(revisions)
    ]
    exported = ("derived", "machine", datetime.combine(context.date, datetime.min.time()), "Exported")
    for event_type, agent_type, timestamp, description in events or [exported]:
        event = add_element(history, "maintenanceEvent", "", {"maintenanceEventType": event_type})
        add_element(event, "agent", context.bank_name, {"agentType": agent_type})
        exact = {"standardDateTime": f"{timestamp:%Y-%m-%dT%H:%M:%S}Z"}
        add_element(event, "eventDateTime", f"{timestamp:%Y-%m-%d}", exact)
        add_element(event, "eventDescription", description, {"languageOfElement": "en"})


def _add_sources(control: etree._Element, related: RelatedRecords, references: SourceReferences) -> None:
    if not references.sources:
        return
    sources = add_element(control, "sources")
    for source in references.sources:
        csl = related.sources.get(source)
        source_element = _add_source(sources, source_id(source), source, csl or {})
        if csl:
            wrap = add_element(source_element, "objectXMLWrap")
            own = etree.SubElement(wrap, f"{{{BIOBANK_NAMESPACE}}}csl")
            own.text = json.dumps(csl, ensure_ascii=True)
    for (source, locator), document_id in references.passages.items():
        source_element = _add_source(sources, document_id, source, related.sources.get(source) or {})
        add_element(source_element, "citedRange", locator)


def _add_source(
    sources: etree._Element, document_id: str, source: str, csl: Mapping[str, Any]
) -> etree._Element:
    attributes = {"id": document_id, "href": as_uri(csl.get("URL"))}
    element = add_element(sources, "source", "", attributes, id=source)
    add_element(element, "reference", str(csl.get("title") or source))
    return element


def _add_checked(control: etree._Element, record: PersonRecord, references: SourceReferences) -> None:
    """Add when the record was last compared with its sources, and with which."""
    checked = record.get("checked")
    if not checked:
        return
    date_control = add_element(control, "localControl", "", {"localType": "checked"})
    add_element(date_control, "term", "compared with its sources", {"languageOfElement": "en"})
    against = references.reference_all((source, "") for source in checked.get("against", ()))
    attributes = {"standardDate": checked["on"], "sourceReference": against}
    add_element(date_control, "date", checked["on"], attributes)


#: Version of our own namespace; readers of another version ignore what is not standard.
EXTENSION_VERSION = "1"


def write_document(record: PersonRecord, context: ExportContext, related: RelatedRecords) -> bytes:
    """Serialise one `eac` document as UTF-8 with an XML declaration."""
    root_element = make_root("eac")
    root_element.set(f"{{{BIOBANK_NAMESPACE}}}version", EXTENSION_VERSION)
    references = SourceReferences(record.get("sources", ()))
    description = add_element(root_element, "cpfDescription")
    _add_identity(description, record)
    sections = SectionWriter(record, context, related, references)
    sections.add_description(description)
    sections.add_relations(description)
    # The citations are complete only now, and `control` has to come first.
    add_control(root_element, record, context, related, references)
    root_element.insert(0, root_element[-1])
    indent(root_element)
    text: bytes = etree.tostring(root_element, encoding="UTF-8", xml_declaration=True)
    return text + b"\n"


def export_person(database: Database, person_id: str, context: ExportContext) -> bytes | None:
    """Return the document of a public person; None if there is no such person."""
    with database.read() as session:
        record = queries.load_record(session, person_id)
    if record is None:
        return None
    return write_document(record, context, load_related_records(database, [record]))


def _add_identity(parent: etree._Element, record: PersonRecord) -> None:
    """Add names, in surname and given name where known, and ids of external catalogues."""
    section = add_element(parent, "identity")
    add_element(section, "entityType", "", {"value": "person"})
    for name in record["names"]:
        preferred = name["kind"] == "preferred"
        attributes = {
            "languageOfElement": name["lang"],
            "scriptOfElement": name.get("script"),
            "localType": name["kind"],
            "status": "authorized" if preferred else "alternative",
            "preferredForm": "true" if preferred else None,
        }
        stated = {"family": name.get("family"), "given": name.get("given")}
        entry = add_element(section, "nameEntry", "", attributes, **stated)
        for type_, text in _typed_parts(name["text"], name_parts(record, name)):
            add_element(entry, "part", text, {"localType": type_})
    for scheme, value in record.get("identifiers", {}).items():
        attributes = {"localType": scheme, "vocabularySource": scheme}
        add_element(section, "identityId", value, attributes)


def _typed_parts(text: str, parts: NameParts) -> Sequence[tuple[str | None, str]]:
    """Return the parts of a name with their types, which joined by spaces are the name again."""
    surname, given_name = ("familyname", parts.family), ("givenname", parts.given)
    for order in ((given_name, surname), (surname, given_name)):
        if " ".join(part for _, part in order if part) == text and parts.family:
            return [(type_, part) for type_, part in order if part]
    return [(None, text)]


#: Unix permissions of the files in the archive: readable by all, writable by the owner.
FILE_MODE = 0o644 << 16


def write_eac_archive(records: Iterable[PersonRecord], context: ExportContext) -> Iterator[bytes]:
    """Write the archive in chunks, one per document; the files are named `<id>.xml`."""
    buffer = _ChunkBuffer()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for record, related in with_related_records(records, context.database):
            info = zipfile.ZipInfo(f"{record['id']}.xml", (*context.date.timetuple()[:3], 0, 0, 0))
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, FILE_MODE
            archive.writestr(info, write_document(record, context, related))
            yield buffer.drain()
    yield buffer.drain()


class _ChunkBuffer(io.RawIOBase):
    """A file object for `zipfile` that passes chunks on instead of storing them."""

    def __init__(self) -> None:
        self._chunks: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, chunk: object) -> int:
        data = bytes(chunk)  # type: ignore[call-overload]
        self._chunks.append(data)
        return len(data)

    def drain(self) -> bytes:
        chunks, self._chunks = self._chunks, []
        return b"".join(chunks)
