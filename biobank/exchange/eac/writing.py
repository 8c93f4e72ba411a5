"""A record as a document of EAC-CPF 2.0, in all three languages."""

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

#: Of what is written in our own namespace; a reader of another version takes what is standard.
VERSION = "1"


def document(record: Record, edition: Edition, around: Surroundings) -> bytes:
    """One `eac` as UTF-8 with its declaration."""
    made = root("eac")
    made.set(f"{{{OWN}}}version", VERSION)
    citing = Citing(record.get("sources", ()))
    description = add(made, "cpfDescription")
    _add_identity(description, record)
    add_description(description, record, edition, citing)
    add_relations(description, record, edition, around, citing)
    # What is cited is known only now, and stands first.
    add_control(made, record, edition, around, citing)
    made.insert(0, made[-1])
    indent(made)
    text: bytes = etree.tostring(made, encoding="UTF-8", xml_declaration=True)
    return text + b"\n"


def described(database: Database, person_id: str, edition: Edition) -> bytes | None:
    """The document of a public person; none where there is none."""
    with database.read() as session:
        record = queries.record(session, person_id)
    if record is None:
        return None
    return document(record, edition, surroundings(database, [record]))


def _add_identity(parent: etree._Element, record: Record) -> None:
    """Names and the numbers of other catalogues. A name is one part: the record has it whole."""
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
