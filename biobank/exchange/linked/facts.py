"""Memberships, awards, works and events; each is a node with its date and sources."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from biobank.exchange.linked.dates import edtf, span, when
from biobank.exchange.linked.graph import Node, Ref, Statement, node, texts
from biobank.exchange.linked.things import NAME, Named
from biobank.exchange.linked.vocabularies import DCTERMS, SCHEMA

#: Predicate of possibly uncertain dates; the predicates of schema.org hold certain ones.
DATE = DCTERMS + "date"
#: Classes of schema.org by the bank's type of work; all are CreativeWork too.
WORKS: Mapping[str, str] = {
    **dict.fromkeys(
        ("poetry-collection", "novel", "memoir", "scholarly-book", "dictionary"), "Book"
    ),
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
TAKEN_PART = "role"


def memberships(record: Mapping[str, Any], named: Named) -> list[Node]:
    """Return a role for each membership, which schema.org puts between person and organisation."""
    return [
        node(
            named.uris.part(record["id"], "membership", number),
            [SCHEMA + "OrganizationRole"],
            [(SCHEMA + "memberOf", named.organisation(part["organisation"]))],
            texts(SCHEMA + "roleName", part.get("role")),
            span(part.get("date"), SCHEMA + "startDate", SCHEMA + "endDate", DATE),
            _cited(part, named),
        )
        for number, part in _numbered(record, "memberships")
    ]


def awards(record: Mapping[str, Any], named: Named) -> list[Node]:
    return [
        node(
            named.uris.part(record["id"], "award", number),
            [SCHEMA + "Role"],
            _award(part["award"], named),
            when(part.get("date"), SCHEMA + "startDate", DATE),
            _cited(part, named),
        )
        for number, part in _numbered(record, "awards")
    ]


def works(record: Mapping[str, Any], named: Named) -> list[Node]:
    return [
        node(
            named.uris.part(record["id"], "work", number),
            _types_of_work(part.get("type")),
            texts(NAME, part["title"]),
            [(_made_or_took_part(part), Ref(named.uris.person(record["id"])))],
            _type(SCHEMA + "additionalType", "work", part, named),
            when(part.get("date"), SCHEMA + "dateCreated", DATE),
            _cited(part, named),
        )
        for number, part in _numbered(record, "works")
    ]


def events(record: Mapping[str, Any], named: Named) -> list[Node]:
    return [
        node(
            named.uris.part(record["id"], "event", number),
            [SCHEMA + "Event"],
            [(SCHEMA + "about", Ref(named.uris.person(record["id"])))],
            texts(SCHEMA + "description", part.get("text")),
            _type(SCHEMA + "additionalType", "event", part, named),
            _where(part, named),
            _time(part.get("date")),
            _cited(part, named),
        )
        for number, part in _numbered(record, "events")
    ]


def floruit(record: Mapping[str, Any], named: Named) -> list[Node]:
    """Return when the person was active, which is neither a beginning nor an end."""
    part = record.get("floruit")
    if not part:
        return []
    return [
        node(
            f"{named.uris.person(record['id'])}#floruit",
            [SCHEMA + "Event"],
            [(SCHEMA + "about", Ref(named.uris.person(record["id"])))],
            texts(NAME, {"az": "fəaliyyət dövrü", "en": "floruit", "ru": "годы деятельности"}),
            _where(part, named),
            [(DATE, edtf(part["date"]))] if part.get("date") else [],
            _cited(part, named),
        )
    ]


def _numbered(record: Mapping[str, Any], name: str) -> Iterable[tuple[int, Mapping[str, Any]]]:
    return enumerate(record.get(name, ()), start=1)


def _award(award: str, named: Named) -> Iterator[Statement]:
    """Yield the names of the award, which schema.org takes as text, and the award's term."""
    term = named.catalogue.terms.get(f"award/{award}", {})
    yield from texts(SCHEMA + "award", dict(term.get("labels", {})))
    yield SCHEMA + "additionalType", named.term("award", award)


def _types_of_work(type_: str | None) -> list[str]:
    return [SCHEMA + name for name in ("CreativeWork", WORKS.get(type_ or "")) if name]


def _made_or_took_part(part: Mapping[str, Any]) -> str:
    return SCHEMA + ("contributor" if part.get("type") == TAKEN_PART else "creator")


def _type(
    predicate: str, vocabulary: str, part: Mapping[str, Any], named: Named
) -> Iterator[Statement]:
    if part.get("type"):
        yield predicate, named.term(vocabulary, part["type"])


def _where(part: Mapping[str, Any], named: Named) -> Iterator[Statement]:
    if part.get("place"):
        yield SCHEMA + "location", named.place(part["place"])


def _time(date: str | None) -> Iterator[Statement]:
    if date and "/" in date:
        yield from span(date, SCHEMA + "startDate", SCHEMA + "endDate", DATE)
    else:
        yield from when(date, SCHEMA + "startDate", DATE)


def _cited(part: Mapping[str, Any], named: Named) -> Iterator[Statement]:
    """Yield references to the sources of a part; the record itself lists what they are."""
    for cite in part.get("cites", ()):
        yield DCTERMS + "references", Ref(named.uris.source(cite["source"]))
