"""The `control` section: identity, owner, history and sources of the record."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from lxml import etree

from biobank.exchange.answers.edition import Edition
from biobank.exchange.answers.surroundings import Surroundings
from biobank.exchange.eac.citing import Citing, source_id
from biobank.exchange.eac.elements import OWN, add, uri
from biobank.records.people.mapping import Record

LICENCE = "https://creativecommons.org/licenses/by/4.0/"
CONVENTIONS = {
    "edtf": (
        "ISO 8601-2:2019, Extended Date/Time Format",
        "https://www.loc.gov/standards/datetime/",
    ),
    "commonmark": ("CommonMark", "https://spec.commonmark.org/"),
}
ENCODINGS = {
    "languageEncoding": "ietf-bcp-47",
    "scriptEncoding": "iso15924",
    "dateEncoding": "iso8601",
    "countryEncoding": "iso3166-1",
}


def add_control(
    parent: etree._Element, record: Record, edition: Edition, around: Surroundings, citing: Citing
) -> None:
    """Add the section, once `references` has collected every citation of the record."""
    person_id = record["id"]
    revisions = around.revisions.get(person_id, ())
    status = "revised" if len(revisions) > 1 else "new" if revisions else "derived"
    published = "published" if revisions else "inProcess"
    stated = {**ENCODINGS, "maintenanceStatus": status, "publicationStatus": published}
    control = add(parent, "control", "", stated)
    add(control, "recordId", person_id)
    agency = add(control, "maintenanceAgency")
    add(agency, "agencyName", edition.bank, {"languageOfElement": edition.lang})
    _add_history(control, revisions, edition)
    _add_sources(control, around, citing)
    for key, (title, address) in CONVENTIONS.items():
        made = add(control, "conventionDeclaration", "", {"id": key})
        add(made, "reference", title, {"href": address})
    _add_checked(control, record, citing)
    for old_id in around.old_ids.get(person_id, ()):
        add(control, "otherRecordId", old_id, {"localType": "merged"})
    address = edition.url(person_id)
    add(control, "representation", address, {"href": uri(address), "localType": "permanent"})
    rights = add(control, "rightsDeclaration")
    add(rights, "reference", "CC BY 4.0", {"href": LICENCE})


def _add_history(control: etree._Element, revisions: Any, edition: Edition) -> None:
    history = add(control, "maintenanceHistory")
    for index, (number, moment) in enumerate(revisions):
        type_ = "revised" if index else "created"
        _add_event(history, type_, "human", edition.bank, moment, f"Revision {number}")
    if not revisions:
        moment = datetime.combine(edition.day, datetime.min.time())
        _add_event(history, "derived", "machine", edition.bank, moment, "Exported")


def _add_event(
    history: etree._Element, type_: str, agent: str, who: str, moment: datetime, what: str
) -> None:
    event = add(history, "maintenanceEvent", "", {"maintenanceEventType": type_})
    add(event, "agent", who, {"agentType": agent})
    day = f"{moment:%Y-%m-%d}"
    add(event, "eventDateTime", day, {"standardDateTime": f"{moment:%Y-%m-%dT%H:%M:%S}Z"})
    add(event, "eventDescription", what, {"languageOfElement": "en"})


def _add_sources(control: etree._Element, around: Surroundings, citing: Citing) -> None:
    if not citing.sources:
        return
    sources = add(control, "sources")
    for source in citing.sources:
        csl = around.sources.get(source)
        made = _add_source(sources, source_id(source), source, csl or {})
        if csl:
            wrap = add(made, "objectXMLWrap")
            own = etree.SubElement(wrap, f"{{{OWN}}}csl")
            own.text = json.dumps(csl, ensure_ascii=True)
    for (source, locator), its_id in citing.passages.items():
        made = _add_source(sources, its_id, source, around.sources.get(source) or {})
        add(made, "citedRange", locator)


def _add_source(
    sources: etree._Element, its_id: str, source: str, csl: Mapping[str, Any]
) -> etree._Element:
    attributes = {"id": its_id, "href": uri(csl.get("URL"))}
    made = add(sources, "source", "", attributes, id=source)
    add(made, "reference", str(csl.get("title") or source))
    return made


def _add_checked(control: etree._Element, record: Record, citing: Citing) -> None:
    """Add when the record was last compared with its sources, and with which."""
    checked = record.get("checked")
    if not checked:
        return
    made = add(control, "localControl", "", {"localType": "checked"})
    add(made, "term", "compared with its sources", {"languageOfElement": "en"})
    against = citing.those((source, "") for source in checked.get("against", ()))
    date = {"standardDate": checked["on"], "sourceReference": against}
    add(made, "date", checked["on"], date)
