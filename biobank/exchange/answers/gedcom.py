"""GEDCOM 7.0 export: individuals, the families that their relations form, and sources.

Families are known only after all records have been read, but every individual refers to them. The
records are therefore spooled to a temporary file; only the relations stay in memory.
"""

import json
import tempfile
from collections.abc import Iterable, Iterator
from typing import IO, Any

from biobank.exchange.answers.edition import Edition
from biobank.exchange.answers.surroundings import csl_of
from biobank.exchange.gedcom.dates import EDTF, EDTF_URI, MONTHS, date_lines
from biobank.exchange.gedcom.families import Families, Family, Ties
from biobank.exchange.gedcom.individuals import Making, family_xref, individual
from biobank.exchange.gedcom.lines import Line, line, pointer, record, written, xref_of
from biobank.records.people.mapping import Record

#: Bytes of records held in memory before the spool moves to disk.
KEPT = 4_000_000
MEDIA_TYPE = "text/vnd.familysearch.gedcom"
SUBMITTER = "@U_1@"
#: Sources loaded per query.
SOURCES = 500
LICENCE = "CC BY 4.0, https://creativecommons.org/licenses/by/4.0/"


def write(records: Iterable[Record], edition: Edition) -> Iterator[str]:
    """Write header, individuals, families, sources and trailer, one structure per item."""
    yield "\ufeff"
    with tempfile.SpooledTemporaryFile(KEPT, "w+", encoding="utf-8", newline="\n") as spool:
        ties, sexes = _read(records, spool)
        making = Making(edition, Families(ties), ties.people)
        yield from _pieces(_header(edition))
        spool.seek(0)
        for text in spool:
            yield _piece(individual(json.loads(text), making))
        for family in making.families.all:
            yield _piece(_family(family, sexes, making))
    yield from _pieces(_sources(list(making.sources), edition))
    yield _piece(line("TRLR"))


def _read(records: Iterable[Record], spool: IO[str]) -> tuple[Ties, dict[str, str]]:
    """Collect family relations and sexes, and spool the records."""
    ties, sexes = Ties(), dict[str, str]()
    for person in records:
        ties.learn(person)
        sexes[person["id"]] = person.get("gender", "")
        spool.write(json.dumps(person) + "\n")
    return ties, sexes


def _header(edition: Edition) -> Iterator[Line]:
    day = edition.day
    schema = line("SCHMA", "", [line("TAG", f"{EDTF} {EDTF_URI}")])
    yield line(
        "HEAD",
        "",
        [
            line("GEDC", "", [line("VERS", "7.0")]),
            schema,
            line("SOUR", "BIOBANK", [line("NAME", edition.bank)]),
            line("DATE", f"{day.day} {MONTHS[day.month - 1]} {day.year}"),
            pointer("SUBM", SUBMITTER),
            line("COPR", LICENCE),
            line("LANG", edition.lang),
        ],
    )
    yield record("SUBM", SUBMITTER, [line("NAME", edition.bank)])


def _family(family: Family, sexes: dict[str, str], making: Making) -> Line:
    inner = [
        pointer(tag, xref_of("I", partner))
        for tag, partner in zip(_tags(family, sexes), family.partners, strict=True)
    ]
    inner += [pointer("CHIL", xref_of("I", child)) for child in family.children]
    for marriage in family.marriages:
        found = line("MARR", "", [*date_lines(marriage), *making.cites(marriage)])
        # A marriage stored at both ends is written once.
        if found.inner and found not in inner:
            inner.append(found)
    return record("FAM", family_xref(family.number), inner)


def _tags(family: Family, sexes: dict[str, str]) -> tuple[str, ...]:
    """Return HUSB and WIFE ordered by sex where known; the standard leaves other cases open."""
    is_turned = sexes.get(family.partners[0]) == "female" if family.partners else False
    if len(family.partners) == 2 and sexes.get(family.partners[1]) == "male":
        is_turned = True
    tags = ("WIFE", "HUSB") if is_turned else ("HUSB", "WIFE")
    return tags[: len(family.partners)]


def _sources(ids: list[str], edition: Edition) -> Iterator[Line]:
    for start in range(0, len(ids), SOURCES):
        some = ids[start : start + SOURCES]
        csl: dict[str, Any] = {}
        if edition.database:
            with edition.database.read() as session:
                csl = dict(csl_of(session, some))
        for id_ in some:
            yield record("SOUR", xref_of("S", id_), _source(id_, csl.get(id_) or {}))


def _source(id_: str, csl: dict[str, Any]) -> Iterator[Line]:
    yield line("TITL", str(csl.get("title") or id_))
    names = [name for name in csl.get("author", ()) if isinstance(name, dict)]
    if authors := ", ".join(filter(None, map(_author, names))):
        yield line("AUTH", authors)
    if isinstance(csl.get("publisher"), str):
        yield line("PUBL", csl["publisher"])
    if isinstance(csl.get("URL"), str):
        yield line("NOTE", csl["URL"])


def _author(name: dict[str, Any]) -> str:
    """Format a CSL name in natural order."""
    if name.get("literal"):
        return str(name["literal"])
    return " ".join(str(name[part]) for part in ("given", "family") if name.get(part))


def _pieces(structures: Iterable[Line]) -> Iterator[str]:
    return map(_piece, structures)


def _piece(structure: Line) -> str:
    return "".join(written(structure))
