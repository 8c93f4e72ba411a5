"""Writer of EAC-CPF 2.0 documents, in all three languages."""

from lxml import etree

from biobank.exchange.answers.edition import Edition
from biobank.exchange.answers.surroundings import Surroundings, surroundings
from biobank.exchange.eac.citing import Citing
from biobank.exchange.eac.control import add_control
from biobank.exchange.eac.description import add_description
from biobank.exchange.eac.elements import OWN, add, indent, root
from biobank.exchange.eac.relations import add_relations
from biobank.records.people import queries
from biobank.records.people.mapping import Record
from biobank.store.session import Database

#: Version of our own namespace; readers of another version ignore what is not standard.
VERSION = "1"


def document(record: Record, edition: Edition, around: Surroundings) -> bytes:
    """Serialise one `eac` document as UTF-8 with an XML declaration."""
    made = root("eac")
    made.set(f"{{{OWN}}}version", VERSION)
    citing = Citing(record.get("sources", ()))
    description = add(made, "cpfDescription")
    _add_identity(description, record)
    add_description(description, record, edition, citing)
    add_relations(description, record, edition, around, citing)
    # The citations are complete only now, and `control` has to come first.
    add_control(made, record, edition, around, citing)
    made.insert(0, made[-1])
    indent(made)
    text: bytes = etree.tostring(made, encoding="UTF-8", xml_declaration=True)
    return text + b"\n"


def described(database: Database, person_id: str, edition: Edition) -> bytes | None:
    """Return the document of a public person; None if there is no such person."""
    with database.read() as session:
        record = queries.record(session, person_id)
    if record is None:
        return None
    return document(record, edition, surroundings(database, [record]))


def _add_identity(parent: etree._Element, record: Record) -> None:
    """Add names and ids of external catalogues; a name is one part, as in the record."""
    made = add(parent, "identity")
    add(made, "entityType", "", {"value": "person"})
    for name in record["names"]:
        preferred = name["kind"] == "preferred"
        its = {
            "languageOfElement": name["lang"],
            "scriptOfElement": name.get("script"),
            "localType": name["kind"],
            "status": "authorized" if preferred else "alternative",
            "preferredForm": "true" if preferred else None,
        }
        add(add(made, "nameEntry", "", its), "part", name["text"])
    for scheme, value in record.get("identifiers", {}).items():
        its = {"localType": scheme, "vocabularySource": scheme}
        add(made, "identityId", value, its)
