"""Memberships, awards, works and events; each is a node with its date and sources."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from biobank.common.messages import pgettext_noop
from biobank.exchange.formats.linked_data.entities import NAME_PREDICATE, ReferencedEntities
from biobank.exchange.formats.linked_data.graph import (
    DCTERMS,
    EDTF_DATATYPES,
    SCHEMA_ORG,
    XSD,
    GraphNode,
    RdfLiteral,
    RdfStatement,
    UriRef,
    localized_statements,
    make_node,
    optional_statement,
    typed_literal,
)

#: A certain day, month or year CE. Programs disagree on which year BCE `-0043` is, so dates before
#: the year 1 are given as EDTF only.
_CERTAIN_DATE = re.compile(r"(?!0000)\d{4}(-(?:0[1-9]|1[0-2])(-\d{2})?)?")
FLORUIT_TITLE = pgettext_noop("property", "floruit")


def certain_date(date: str | None) -> RdfLiteral | None:
    """Return the date as xsd:date, gYearMonth or gYear; None if it is not certain."""
    match = _CERTAIN_DATE.fullmatch(date or "")
    if not match:
        return None
    name = "date" if match[2] else "gYearMonth" if match[1] else "gYear"
    return typed_literal(match[0], XSD + name)


def edtf_literal(date: str) -> RdfLiteral:
    return typed_literal(date, EDTF_DATATYPES + "EDTF")


def date_statements(date: str | None, certain_predicate: str, edtf_predicate: str) -> Iterator[RdfStatement]:
    """Yield the date by predicate `certain_predicate` if it is certain, and always as EDTF."""
    if not date:
        return
    if (known := certain_date(date)) is not None:
        yield certain_predicate, known
    yield edtf_predicate, edtf_literal(date)


#: Predicate of possibly uncertain dates; the predicates of schema.org hold certain ones.
DATE_PREDICATE = DCTERMS + "date"


def interval_statements(date: str | None) -> Iterator[RdfStatement]:
    """Yield the certain ends of an interval such as `1928/1948`, and always the EDTF.

    A single date yields EDTF only, since it may be either end.
    """
    start, slash, end = (date or "").partition("/")
    for predicate, endpoint in (("startDate", start), ("endDate", end)) if slash else ():
        if (known := certain_date(endpoint)) is not None:
            yield SCHEMA_ORG + predicate, known
    yield from optional_statement(DATE_PREDICATE, date, edtf_literal)


#: Classes of schema.org by the bank's type of work; all are CreativeWork too.
WORK_CLASSES: Mapping[str, str] = {
    **dict.fromkeys(("poetry-collection", "novel", "memoir", "scholarly-book", "dictionary"), "Book"),
    **dict.fromkeys(("opera", "operetta", "symphonic-work", "chamber-work"), "MusicComposition"),
    **dict.fromkeys(("symphonic-mugham", "song"), "MusicComposition"),
    "play": "Play",
    "story": "ShortStory",
    "article": "Article",
    "newspaper": "Newspaper",
    "magazine": "Periodical",
    "painting": "Painting",
    "sculpture": "Sculpture",
    "album": "MusicAlbum",
}
#: Type of works in which the person took part without creating them.
PARTICIPATION_TYPE = "role"

#: A part of a record: a membership, an award, a work or an event.
LifePart = Mapping[str, Any]
#: From a part, the id of the person and the collector to statements.
PartWriter = Callable[[LifePart, str, ReferencedEntities], Iterator[RdfStatement]]


def life_parts(kind: str, record: Mapping[str, Any], collector: ReferencedEntities) -> list[GraphNode]:
    """Return a node for each entry of a list in the record, with the sources of the entry.

    `kind` is `membership`, `award`, `work` or `event`.
    """
    classes, describe = _PART_KINDS[kind]
    return [
        make_node(
            collector.uris.part(record["id"], kind, number),
            [SCHEMA_ORG + name for name in (*classes, *_work_classes(kind, part))],
            describe(part, record["id"], collector),
            _source_references(part, collector),
        )
        for number, part in enumerate(record.get(f"{kind}s", ()), start=1)
    ]


def floruit(record: Mapping[str, Any], collector: ReferencedEntities) -> list[GraphNode]:
    """Return when the person was active, which is neither a beginning nor an end."""
    part = record.get("floruit")
    if not part:
        return []
    person = collector.uris.person(record["id"])
    return [
        make_node(
            f"{person}#floruit",
            [SCHEMA_ORG + "Event"],
            [(SCHEMA_ORG + "about", UriRef(person))],
            localized_statements(NAME_PREDICATE, FLORUIT_TITLE.translations()),
            optional_statement(SCHEMA_ORG + "location", part.get("place"), collector.place),
            optional_statement(DATE_PREDICATE, part.get("date"), edtf_literal),
            _source_references(part, collector),
        )
    ]


def _membership(part: LifePart, _person_id: str, collector: ReferencedEntities) -> Iterator[RdfStatement]:
    yield SCHEMA_ORG + "memberOf", collector.organisation(part["organisation"])
    yield from localized_statements(SCHEMA_ORG + "roleName", part.get("role"))
    yield from interval_statements(part.get("date"))


def _award(part: LifePart, _person_id: str, collector: ReferencedEntities) -> Iterator[RdfStatement]:
    """Yield the names of the award, which schema.org takes as text, and the award's term."""
    term = collector.catalogue.terms.get(f"award/{part['award']}", {})
    yield from localized_statements(SCHEMA_ORG + "award", dict(term.get("labels", {})))
    yield SCHEMA_ORG + "additionalType", collector.term("award", part["award"])
    yield from date_statements(part.get("date"), SCHEMA_ORG + "startDate", DATE_PREDICATE)


def _work(part: LifePart, person_id: str, collector: ReferencedEntities) -> Iterator[RdfStatement]:
    yield from localized_statements(NAME_PREDICATE, part["title"])
    role = "contributor" if part.get("type") == PARTICIPATION_TYPE else "creator"
    yield SCHEMA_ORG + role, UriRef(collector.uris.person(person_id))
    yield from _type_statements("work", part, collector)
    yield from date_statements(part.get("date"), SCHEMA_ORG + "dateCreated", DATE_PREDICATE)


def _event(part: LifePart, person_id: str, collector: ReferencedEntities) -> Iterator[RdfStatement]:
    yield SCHEMA_ORG + "about", UriRef(collector.uris.person(person_id))
    yield from localized_statements(SCHEMA_ORG + "description", part.get("text"))
    yield from _type_statements("event", part, collector)
    yield from optional_statement(SCHEMA_ORG + "location", part.get("place"), collector.place)
    if "/" in (date := part.get("date") or ""):
        yield from interval_statements(date)
    else:
        yield from date_statements(date, SCHEMA_ORG + "startDate", DATE_PREDICATE)


#: Classes of schema.org for each kind of part, and its statements.
_PART_KINDS: Final[Mapping[str, tuple[tuple[str, ...], PartWriter]]] = {
    # schema.org puts a role between person and organisation.
    "membership": (("OrganizationRole",), _membership),
    "award": (("Role",), _award),
    "work": (("CreativeWork",), _work),
    "event": (("Event",), _event),
}


def _work_classes(kind: str, part: LifePart) -> list[str]:
    type_ = part.get("type") or ""
    return [WORK_CLASSES[type_]] if kind == "work" and type_ in WORK_CLASSES else []


def _type_statements(kind: str, part: LifePart, collector: ReferencedEntities) -> Iterator[RdfStatement]:
    if part.get("type"):
        yield SCHEMA_ORG + "additionalType", collector.term(kind, part["type"])


def _source_references(part: LifePart, collector: ReferencedEntities) -> Iterator[RdfStatement]:
    """Yield references to the sources of a part; the record itself lists what they are."""
    for citation in part.get("cites", ()):
        yield DCTERMS + "references", UriRef(collector.uris.source(citation["source"]))
