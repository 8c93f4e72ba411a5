"""GEDCOM 7.0 export: individuals, the families that their relations form, and sources.

Families are known only after all records have been read, but every individual refers to them. The
records are therefore spooled to a temporary file; only the relations stay in memory.
"""

import json
import tempfile
from collections.abc import Iterable, Iterator
from typing import IO, Any

from gedcom7.types import GedcomStructure

from biobank.exchange.exports.context import ExportContext, load_csl
from biobank.exchange.formats.gedcom.individuals import (
    Families,
    Family,
    FamilyRelations,
    GedcomContext,
    family_xref,
    individual_record,
)
from biobank.exchange.formats.gedcom.structures import (
    EDTF_TAG,
    EDTF_URI,
    GEDCOM_MONTHS,
    date_structures,
    make_structure,
    make_xref,
    pointer,
    record,
    serialize_structure,
)
from biobank.records.people.record import PersonRecord

#: Bytes of records held in memory before the spool moves to disk.
SPOOL_MEMORY_BYTES = 4_000_000
GEDCOM_MEDIA_TYPE = "text/vnd.familysearch.gedcom"
SUBMITTER_XREF = "@U_1@"
#: Sources loaded per query.
SOURCE_CHUNK_SIZE = 500
LICENCE_NOTICE = "CC BY 4.0, https://creativecommons.org/licenses/by/4.0/"


def write_gedcom(records: Iterable[PersonRecord], context: ExportContext) -> Iterator[str]:
    """Write header, individuals, families, sources and trailer, one structure per item."""
    yield "\ufeff"
    with tempfile.SpooledTemporaryFile(SPOOL_MEMORY_BYTES, "w+", encoding="utf-8", newline="\n") as spool:
        relations, sexes = _spool_records(records, spool)
        writer_state = GedcomContext(context, Families(relations), relations.people)
        yield from map(serialize_structure, _header(context))
        spool.seek(0)
        for line_text in spool:
            yield serialize_structure(individual_record(json.loads(line_text), writer_state))
        for family in writer_state.families.all:
            yield serialize_structure(_family(family, sexes, writer_state))
    yield from map(serialize_structure, _source_records(list(writer_state.sources), context))
    yield serialize_structure(make_structure("TRLR"))


def _spool_records(records: Iterable[PersonRecord], spool: IO[str]) -> tuple[FamilyRelations, dict[str, str]]:
    """Collect family relations and sexes, and spool the records."""
    relations, sexes = FamilyRelations(), dict[str, str]()
    for person in records:
        relations.add(person)
        sexes[person["id"]] = person.get("gender", "")
        spool.write(json.dumps(person) + "\n")
    return relations, sexes


def _header(context: ExportContext) -> Iterator[GedcomStructure]:
    day = context.date
    entries = [
        make_structure("GEDC", "", [make_structure("VERS", "7.0")]),
        make_structure("SCHMA", "", [make_structure("TAG", f"{EDTF_TAG} {EDTF_URI}")]),
        make_structure("SOUR", "BIOBANK", [make_structure("NAME", context.bank_name)]),
        make_structure("DATE", f"{day.day} {GEDCOM_MONTHS[day.month - 1]} {day.year}"),
        pointer("SUBM", SUBMITTER_XREF),
        make_structure("COPR", LICENCE_NOTICE),
        make_structure("LANG", context.lang),
    ]
    yield make_structure("HEAD", "", entries)
    yield record("SUBM", SUBMITTER_XREF, [make_structure("NAME", context.bank_name)])


def _family(family: Family, sexes: dict[str, str], writer_state: GedcomContext) -> GedcomStructure:
    substructures = [
        pointer(tag, make_xref("I", partner))
        for tag, partner in zip(_partner_tags(family, sexes), family.partners, strict=True)
    ]
    substructures += [pointer("CHIL", make_xref("I", child)) for child in family.children]
    for marriage in family.marriages:
        details = [*date_structures(marriage), *writer_state.citations(marriage)]
        marriage_event = make_structure("MARR", "", details)
        # A marriage stored at both ends is written once.
        if marriage_event.children and marriage_event not in substructures:
            substructures.append(marriage_event)
    return record("FAM", family_xref(family.number), substructures)


def _partner_tags(family: Family, sexes: dict[str, str]) -> tuple[str, ...]:
    """Return HUSB and WIFE ordered by sex where known; the standard leaves other cases open."""
    wife_first = sexes.get(family.partners[0]) == "female" if family.partners else False
    if len(family.partners) == 2 and sexes.get(family.partners[1]) == "male":
        wife_first = True
    tags = ("WIFE", "HUSB") if wife_first else ("HUSB", "WIFE")
    return tags[: len(family.partners)]


def _source_records(ids: list[str], context: ExportContext) -> Iterator[GedcomStructure]:
    for start in range(0, len(ids), SOURCE_CHUNK_SIZE):
        chunk = ids[start : start + SOURCE_CHUNK_SIZE]
        csl: dict[str, Any] = {}
        if context.database:
            with context.database.read() as session:
                csl = dict(load_csl(session, chunk))
        for id_ in chunk:
            yield record("SOUR", make_xref("S", id_), _source_substructures(id_, csl.get(id_) or {}))


def _source_substructures(id_: str, csl: dict[str, Any]) -> Iterator[GedcomStructure]:
    yield make_structure("TITL", str(csl.get("title") or id_))
    names = [name for name in csl.get("author", ()) if isinstance(name, dict)]
    if authors := ", ".join(filter(None, map(_author, names))):
        yield make_structure("AUTH", authors)
    if isinstance(csl.get("publisher"), str):
        yield make_structure("PUBL", csl["publisher"])
    if isinstance(csl.get("URL"), str):
        yield make_structure("NOTE", csl["URL"])


def _author(name: dict[str, Any]) -> str:
    """Format a CSL name in natural order."""
    if name.get("literal"):
        return str(name["literal"])
    return " ".join(str(name[part]) for part in ("given", "family") if name.get(part))
