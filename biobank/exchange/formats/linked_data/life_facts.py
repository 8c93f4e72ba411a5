"""Memberships, awards, works and events; each is a node with its date and sources."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

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


def interval_statements(
    date: str | None, start: str, end: str, edtf_predicate: str
) -> Iterator[RdfStatement]:
    """Yield the certain ends of an interval such as `1928/1948`, and always the EDTF.

    A single date yields EDTF only, since it may be either end.
    """
    if not date:
        return
    start_date, slash, end_date = date.partition("/")
    if slash:
        for predicate, endpoint in ((start, start_date), (end, end_date)):
            if (known := certain_date(endpoint)) is not None:
                yield predicate, known
    yield edtf_predicate, edtf_literal(date)


#: Predicate of possibly uncertain dates; the predicates of schema.org hold certain ones.
DATE_PREDICATE = DCTERMS + "date"
#: Classes of schema.org by the bank's type of work; all are CreativeWork too.
WORK_CLASSES: Mapping[str, str] = {
    **dict.fromkeys(("poetry-collection", "novel", "memoir", "scholarly-book", "dictionary"), "Book"),
    **dict.fromkeys(
        ("opera", "operetta", "symphonic-work", "chamber-work", "symphonic-mugham", "song"),
        "MusicComposition",
    ),
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


def memberships(record: Mapping[str, Any], collector: ReferencedEntities) -> list[GraphNode]:
    """Return a role for each membership, which schema.org puts between person and organisation."""
    return [
        make_node(
            collector.uris.part(record["id"], "membership", number),
            [SCHEMA_ORG + "OrganizationRole"],
            [(SCHEMA_ORG + "memberOf", collector.organisation(part["organisation"]))],
            localized_statements(SCHEMA_ORG + "roleName", part.get("role")),
            interval_statements(
                part.get("date"), SCHEMA_ORG + "startDate", SCHEMA_ORG + "endDate", DATE_PREDICATE
            ),
            _source_references(part, collector),
        )
        for number, part in _numbered(record, "memberships")
    ]


def awards(record: Mapping[str, Any], collector: ReferencedEntities) -> list[GraphNode]:
    return [
        make_node(
            collector.uris.part(record["id"], "award", number),
            [SCHEMA_ORG + "Role"],
            _award_statements(part["award"], collector),
            date_statements(part.get("date"), SCHEMA_ORG + "startDate", DATE_PREDICATE),
            _source_references(part, collector),
        )
        for number, part in _numbered(record, "awards")
    ]


def works(record: Mapping[str, Any], collector: ReferencedEntities) -> list[GraphNode]:
    return [
        make_node(
            collector.uris.part(record["id"], "work", number),
            _work_classes(part.get("type")),
            localized_statements(NAME_PREDICATE, part["title"]),
            [(_creator_predicate(part), UriRef(collector.uris.person(record["id"])))],
            _type_statements(SCHEMA_ORG + "additionalType", "work", part, collector),
            date_statements(part.get("date"), SCHEMA_ORG + "dateCreated", DATE_PREDICATE),
            _source_references(part, collector),
        )
        for number, part in _numbered(record, "works")
    ]


def events(record: Mapping[str, Any], collector: ReferencedEntities) -> list[GraphNode]:
    return [
        make_node(
            collector.uris.part(record["id"], "event", number),
            [SCHEMA_ORG + "Event"],
            [(SCHEMA_ORG + "about", UriRef(collector.uris.person(record["id"])))],
            localized_statements(SCHEMA_ORG + "description", part.get("text")),
            _type_statements(SCHEMA_ORG + "additionalType", "event", part, collector),
            _location_statements(part, collector),
            _event_dates(part.get("date")),
            _source_references(part, collector),
        )
        for number, part in _numbered(record, "events")
    ]


def floruit(record: Mapping[str, Any], collector: ReferencedEntities) -> list[GraphNode]:
    """Return when the person was active, which is neither a beginning nor an end."""
    part = record.get("floruit")
    if not part:
        return []
    return [
        make_node(
            f"{collector.uris.person(record['id'])}#floruit",
            [SCHEMA_ORG + "Event"],
            [(SCHEMA_ORG + "about", UriRef(collector.uris.person(record["id"])))],
            localized_statements(NAME_PREDICATE, FLORUIT_TITLE.translations()),
            _location_statements(part, collector),
            [(DATE_PREDICATE, edtf_literal(part["date"]))] if part.get("date") else [],
            _source_references(part, collector),
        )
    ]


def _numbered(record: Mapping[str, Any], key: str) -> Iterable[tuple[int, Mapping[str, Any]]]:
    return enumerate(record.get(key, ()), start=1)


def _award_statements(award: str, collector: ReferencedEntities) -> Iterator[RdfStatement]:
    """Yield the names of the award, which schema.org takes as text, and the award's term."""
    term = collector.catalogue.terms.get(f"award/{award}", {})
    yield from localized_statements(SCHEMA_ORG + "award", dict(term.get("labels", {})))
    yield SCHEMA_ORG + "additionalType", collector.term("award", award)


def _work_classes(type_: str | None) -> list[str]:
    return [SCHEMA_ORG + name for name in ("CreativeWork", WORK_CLASSES.get(type_ or "")) if name]


def _creator_predicate(part: Mapping[str, Any]) -> str:
    return SCHEMA_ORG + ("contributor" if part.get("type") == PARTICIPATION_TYPE else "creator")


def _type_statements(
    predicate: str, vocabulary: str, part: Mapping[str, Any], collector: ReferencedEntities
) -> Iterator[RdfStatement]:
    if part.get("type"):
        yield predicate, collector.term(vocabulary, part["type"])


def _location_statements(part: Mapping[str, Any], collector: ReferencedEntities) -> Iterator[RdfStatement]:
    if part.get("place"):
        yield SCHEMA_ORG + "location", collector.place(part["place"])


def _event_dates(date: str | None) -> Iterator[RdfStatement]:
    if date and "/" in date:
        yield from interval_statements(date, SCHEMA_ORG + "startDate", SCHEMA_ORG + "endDate", DATE_PREDICATE)
    else:
        yield from date_statements(date, SCHEMA_ORG + "startDate", DATE_PREDICATE)


def _source_references(part: Mapping[str, Any], collector: ReferencedEntities) -> Iterator[RdfStatement]:
    """Yield references to the sources of a part; the record itself lists what they are."""
    for citation in part.get("cites", ()):
        yield DCTERMS + "references", UriRef(collector.uris.source(citation["source"]))
