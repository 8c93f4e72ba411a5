"""Writer of EAC-CPF 2.0 documents, in all three languages."""

from lxml import etree

from biobank.exchange.exports.export_context import ExportContext
from biobank.exchange.exports.related_records import RelatedRecords, load_related_records
from biobank.exchange.formats.eac.control_writer import add_control
from biobank.exchange.formats.eac.description_writer import add_description
from biobank.exchange.formats.eac.elements import (
    BIOBANK_NAMESPACE,
    SourceReferences,
    add_element,
    indent,
    make_root,
)
from biobank.exchange.formats.eac.relations_writer import add_relations
from biobank.records.people import queries
from biobank.records.people.record import PersonRecord
from biobank.store.session import Database

#: Version of our own namespace; readers of another version ignore what is not standard.
EXTENSION_VERSION = "1"


def write_document(record: PersonRecord, context: ExportContext, related: RelatedRecords) -> bytes:
    """Serialise one `eac` document as UTF-8 with an XML declaration."""
    root_element = make_root("eac")
    root_element.set(f"{{{BIOBANK_NAMESPACE}}}version", EXTENSION_VERSION)
    references = SourceReferences(record.get("sources", ()))
    description = add_element(root_element, "cpfDescription")
    _add_identity(description, record)
    add_description(description, record, context, references)
    add_relations(description, record, context, related, references)
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
    """Add names and ids of external catalogues; a name is one part, as in the record."""
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
        add_element(add_element(section, "nameEntry", "", attributes), "part", name["text"])
    for scheme, value in record.get("identifiers", {}).items():
        attributes = {"localType": scheme, "vocabularySource": scheme}
        add_element(section, "identityId", value, attributes)
