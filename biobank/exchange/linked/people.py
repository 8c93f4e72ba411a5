"""People as linked data: the person, the bank's record about them, and its parts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from biobank.exchange.linked.dates import when
from biobank.exchange.linked.facts import awards, events, floruit, memberships, works
from biobank.exchange.linked.graph import (
    Description,
    Node,
    Ref,
    Statement,
    Value,
    node,
    text,
    texts,
    typed,
)
from biobank.exchange.linked.pictures import pictures
from biobank.exchange.linked.things import (
    ALTERNATE,
    NAME,
    Named,
    elsewhere,
    tag,
    unknown_catalogues,
    ways_to,
)
from biobank.exchange.linked.ties import Tie, ties
from biobank.exchange.linked.vocabularies import LICENCE, MADS, SCHEMA, SKOS, XSD
from biobank.i18n import LANGUAGES
from biobank.records.people.citations import without_citations

GENDERS: Mapping[str, Value] = {
    "male": Ref(SCHEMA + "Male"),
    "female": Ref(SCHEMA + "Female"),
    "other": text("other"),
}


@dataclass(frozen=True)
class Around:
    """Related data of a public record: its revision, related people, sources and images."""

    number: int
    changed: datetime
    #: Relations from both ends, to public people only.
    ties: Sequence[Tie] = ()
    #: Names of the related people, by id.
    names: Mapping[str, Sequence[Mapping[str, str]]] = field(default_factory=dict)
    #: CSL-JSON items of the record's sources, by id.
    sources: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    #: SHA-256 hashes of the record's pictures that the bank stores.
    kept: frozenset[str] = frozenset()


def describe_person(record: Mapping[str, Any], around: Around, named: Named) -> Description:
    """Describe a person, the record and its parts; references are collected in `collector`."""
    person_id, uris = record["id"], named.uris
    uri = uris.person(person_id)
    parts = {
        SCHEMA + "memberOf": memberships(record, named),
        SCHEMA + "award": awards(record, named),
    }
    others = [
        *works(record, named),
        *floruit(record, named),
        *events(record, named),
        *unknown_catalogues(record.get("identifiers"), uri),
    ]
    images, played = pictures(record, around.kept, named)
    person = node(
        uri,
        [SCHEMA + "Person"],
        _names(record),
        _life(record, named),
        *(ways_to(predicate, nodes) for predicate, nodes in parts.items()),
        ties(around.ties, around.names, named),
        ways_to(SCHEMA + "image", images),
        elsewhere(record.get("identifiers"), SCHEMA + "sameAs"),
        ways_to(SCHEMA + "identifier", unknown_catalogues(record.get("identifiers"), uri)),
        _told(record),
        [(SCHEMA + "subjectOf", Ref(uris.record(person_id)))],
        ways_to(SCHEMA + "subjectOf", played),
    )
    lists = (*parts.values(), others, images, played)
    return (person, _record(record, around, named), *(each for nodes in lists for each in nodes))


def _names(record: Mapping[str, Any]) -> Iterator[Statement]:
    for name in record["names"]:
        predicate = NAME if name["kind"] == "preferred" else ALTERNATE
        yield predicate, text(name["text"], tag(name["lang"], name.get("script")))


def _life(record: Mapping[str, Any], named: Named) -> Iterator[Statement]:
    if record.get("gender") in GENDERS:
        yield SCHEMA + "gender", GENDERS[record["gender"]]
    for role in ("birth", "death"):
        part = record.get(role) or {}
        yield from when(part.get("date"), f"{SCHEMA}{role}Date", f"{MADS}{role}Date")
        if part.get("place"):
            yield f"{SCHEMA}{role}Place", named.place(part["place"])
    for profession in record.get("professions", ()):
        yield SCHEMA + "hasOccupation", named.term("profession", profession)
    for code in record.get("countries", ()):
        # Countries of life or work; the record states no nationality.
        yield MADS + "associatedLocale", named.country(code)


def _told(record: Mapping[str, Any]) -> Iterator[Statement]:
    yield from texts(SCHEMA + "description", record.get("headline"))
    yield from texts(SKOS + "scopeNote", record.get("connection"))


def _record(record: Mapping[str, Any], around: Around, named: Named) -> Node:
    """Describe the record as a work with a licence, a version and sources."""
    person_id, uris = record["id"], named.uris
    biography = record.get("biography") or {}
    said: list[Statement] = [
        (SCHEMA + "mainEntity", Ref(uris.person(person_id))),
        (SCHEMA + "dateModified", typed(moment(around.changed), XSD + "dateTime")),
        (SCHEMA + "version", typed(str(around.number), XSD + "integer")),
        (SCHEMA + "license", Ref(LICENCE)),
        (SCHEMA + "isPartOf", Ref(uris.bank)),
        *((SCHEMA + "url", Ref(uris.page(person_id, lang))) for lang in LANGUAGES),
        *((SCHEMA + "inLanguage", text(lang)) for lang in biography),
        *((SCHEMA + "text", text(without_citations(biography[lang]), lang)) for lang in biography),
    ]
    cited = [
        (SCHEMA + "citation", named.source(source, around.sources[source]))
        for source in record.get("sources", ())
        if source in around.sources
    ]
    return node(uris.record(person_id), [SCHEMA + "CreativeWork"], said, cited)


def moment(at: datetime) -> str:
    """Format a timestamp as xsd:dateTime, in UTC to the second."""
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"
