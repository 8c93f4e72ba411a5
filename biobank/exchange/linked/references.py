"""Organisations, places, terms, countries and sources as linked data."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from biobank.exchange.linked.dates import certain, when
from biobank.exchange.linked.graph import (
    Description,
    Node,
    Ref,
    Statement,
    node,
    ref,
    text,
    texts,
    typed,
)
from biobank.exchange.linked.things import (
    NAME,
    Named,
    dated_names,
    elsewhere,
    unknown_catalogues,
    ways_to,
)
from biobank.exchange.linked.uris import Uris
from biobank.exchange.linked.vocabularies import (
    DC,
    DCTERMS,
    MADS,
    OWL,
    RDF,
    SCHEMA,
    SKOS,
    XSD,
)
from biobank.i18n import LANGUAGES
from biobank.records.countries import country_name
from biobank.records.dates import DateError, parse_date

Record = Mapping[str, Any]

#: Kinds of organisations with a class in schema.org; all are Organization too.
ORGANISATIONS: Mapping[str, str] = {
    "school": "School",
    "university": "CollegeOrUniversity",
    "institute": "ResearchOrganization",
    "museum": "Museum",
    "theatre": "TheaterGroup",
    "orchestra": "MusicGroup",
    "party": "PoliticalParty",
    "parliament": "GovernmentOrganization",
    "newspaper": "NewsMediaOrganization",
}
#: Kinds of places with a class in schema.org, whose City is any town; all are Place too.
PLACES: Mapping[str, str] = {
    "city": "City",
    "town": "City",
    "region": "AdministrativeArea",
    "country": "Country",
}
#: CSL types with a class in schema.org; all are CreativeWork too.
SOURCES: Mapping[str, str] = {
    "book": "Book",
    "chapter": "Chapter",
    "thesis": "Thesis",
    "webpage": "WebPage",
    "report": "Report",
    "map": "Map",
    **dict.fromkeys(
        ("article", "article-journal", "article-magazine", "article-newspaper", "entry"), "Article"
    ),
    **dict.fromkeys(("entry-encyclopedia", "entry-dictionary"), "Article"),
}
#: Titles of the vocabularies.
SCHEMES: Mapping[str, Mapping[str, str]] = {
    "profession": {"az": "Peşələr", "en": "Professions", "ru": "Профессии"},
    "relation": {"az": "Əlaqələr", "en": "Relations", "ru": "Связи"},
    "event": {"az": "Hadisələr", "en": "Events", "ru": "События"},
    "work": {"az": "Əsər növləri", "en": "Kinds of works", "ru": "Виды произведений"},
    "award": {"az": "Mükafatlar", "en": "Awards", "ru": "Награды"},
    "country": {"az": "Ölkələr", "en": "Countries", "ru": "Страны"},
}


def describe_organisation(record: Record, members: Iterable[Ref], named: Named) -> Description:
    uri = named.uris.organisation(record["id"])
    ids = record.get("identifiers")
    organisation = node(
        uri,
        _types("Organization", ORGANISATIONS.get(record["kind"])),
        dated_names(record),
        texts(SCHEMA + "description", record.get("summary")),
        when(record.get("founded"), SCHEMA + "foundingDate", MADS + "establishDate"),
        when(record.get("dissolved"), SCHEMA + "dissolutionDate", MADS + "terminateDate"),
        [(SCHEMA + "location", named.place(record["place"]))] if record.get("place") else [],
        _country(MADS + "associatedLocale", record, named),
        [(SCHEMA + "url", ref(record["website"]))] if record.get("website") else [],
        elsewhere(ids, SCHEMA + "sameAs"),
        ways_to(SCHEMA + "identifier", unknown_catalogues(ids, uri)),
        ((SCHEMA + "member", member) for member in members),
    )
    return (organisation, *unknown_catalogues(ids, uri))


def describe_place(record: Record, named: Named) -> Description:
    uri = named.uris.place(record["id"])
    point = _point(uri, record)
    ids = record.get("identifiers")
    place = node(
        uri,
        _types("Place", PLACES.get(record["kind"])),
        dated_names(record),
        [(SCHEMA + "containedInPlace", named.place(record["broader"]))]
        if record.get("broader")
        else [],
        _country(SCHEMA + "containedInPlace", record, named),
        ways_to(SCHEMA + "geo", point),
        elsewhere(ids, SCHEMA + "sameAs"),
        ways_to(SCHEMA + "identifier", unknown_catalogues(ids, uri)),
    )
    return (place, *point, *unknown_catalogues(ids, uri))


def describe_term(record: Record, named: Named) -> Description:
    """Describe a term as a SKOS concept.

    Professions are also occupations, and relation types are properties.
    """
    vocabulary, uris = record["vocabulary"], named.uris
    types = {"profession": [SCHEMA + "Occupation"], "relation": [RDF + "Property"]}
    inverse = record.get("inverse")
    concept = node(
        uris.term(vocabulary, record["id"]),
        [SKOS + "Concept", *types.get(vocabulary, ())],
        texts(SKOS + "prefLabel", record["labels"]),
        texts(NAME, record["labels"]) if vocabulary == "profession" else [],
        (
            (SKOS + "altLabel", text(word, lang))
            for lang, words in record.get("alt", {}).items()
            for word in words
        ),
        ((SKOS + "broader", named.term(vocabulary, id_)) for id_ in record.get("broader", ())),
        [(OWL + "inverseOf", named.term(vocabulary, inverse))] if inverse else [],
        _country(MADS + "associatedLocale", record, named),
        [(SKOS + "inScheme", Ref(uris.scheme(vocabulary)))],
    )
    return (concept,)


def describe_country(code: str, uris: Uris) -> Description:
    """Describe a present-day country by its ISO 3166-1 code, with names from CLDR."""
    names = {lang: country_name(code, lang) for lang in LANGUAGES}
    country = node(
        uris.country(code),
        [SCHEMA + "Country", SKOS + "Concept"],
        texts(NAME, names),
        texts(SKOS + "prefLabel", names),
        [(SKOS + "notation", text(code)), (SKOS + "inScheme", Ref(uris.scheme("country")))],
    )
    return (country,)


def describe_scheme(vocabulary: str, top: Iterable[str], uris: Uris) -> Description:
    """Describe a vocabulary and its top concepts, those without a broader term."""
    scheme = node(
        uris.scheme(vocabulary),
        [SKOS + "ConceptScheme"],
        texts(SKOS + "prefLabel", dict(SCHEMES[vocabulary])),
        [(DCTERMS + "isPartOf", Ref(uris.bank))],
        ((SKOS + "hasTopConcept", Ref(uris.term(vocabulary, term))) for term in top),
    )
    return (scheme,)


def describe_source(source_id: str, csl: Record, uris: Uris) -> Description:
    """Describe a cited work; authors and containers are plain texts, since they have no ids."""
    work = node(
        uris.source(source_id),
        _types("CreativeWork", SOURCES.get(csl["type"])),
        [(NAME, text(csl["title"]))],
        _made(csl),
        [(SCHEMA + "url", ref(csl["URL"]))] if isinstance(csl.get("URL"), str) else [],
    )
    return (work,)


def _made(csl: Record) -> Iterator[Statement]:
    for person in csl.get("author", ()) if isinstance(csl.get("author"), list) else ():
        if isinstance(person, Mapping) and (name := _person(person)):
            yield DC + "creator", text(name)
    for field, predicate in (("publisher", DC + "publisher"), ("container-title", DC + "source")):
        if isinstance(csl.get(field), str) and csl[field].strip():
            yield predicate, text(csl[field].strip())
    if (date := certain(_issued(csl.get("issued")))) is not None:
        yield SCHEMA + "datePublished", date


def _person(person: Record) -> str:
    keys = ("given", "non-dropping-particle", "family")
    parts = [person.get("literal")] if person.get("literal") else [person.get(key) for key in keys]
    return " ".join(str(part).strip() for part in parts if isinstance(part, str) and part.strip())


def _issued(value: Any) -> str:
    """Return the first date of a CSL date as EDTF; empty if it is invalid."""
    parts = value.get("date-parts") if isinstance(value, Mapping) else None
    first = parts[0] if isinstance(parts, list) and parts else None
    numbers = [str(part) for part in first[:3]] if isinstance(first, list) else []
    if not numbers or not all(part.isascii() and part.isdecimal() for part in numbers):
        return ""
    date = "-".join(part.zfill(2 if at else 4) for at, part in enumerate(numbers))
    try:
        return parse_date(date).text
    except DateError:
        return ""


def _types(general: str, special: str | None) -> list[str]:
    return [SCHEMA + name for name in (general, special) if name]


def _country(predicate: str, record: Record, named: Named) -> Iterator[Statement]:
    if record.get("country"):
        yield predicate, named.country(record["country"])


def _point(uri: str, record: Record) -> list[Node]:
    lat, lon = record.get("lat"), record.get("lon")
    if lat is None or lon is None:
        return []
    said = ((SCHEMA + "latitude", lat), (SCHEMA + "longitude", lon))
    numbers = [(predicate, typed(f"{number:.6f}", XSD + "decimal")) for predicate, number in said]
    return [node(f"{uri}#point", [SCHEMA + "GeoCoordinates"], numbers)]
