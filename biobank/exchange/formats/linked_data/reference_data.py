"""Organisations, places, terms, countries and sources as linked data."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from biobank.common.i18n import LANGUAGES
from biobank.common.messages import Message, gettext_noop
from biobank.exchange.formats.linked_data.entities import (
    NAME_PREDICATE,
    ReferencedEntities,
    dated_names,
    external_links,
    link_statements,
    unlinked_identifiers,
)
from biobank.exchange.formats.linked_data.graph import (
    DC,
    DCTERMS,
    MADS,
    OWL,
    RDF,
    SCHEMA_ORG,
    SKOS,
    XSD,
    Description,
    GraphNode,
    RdfStatement,
    UriRef,
    Uris,
    localized_statements,
    make_node,
    make_ref,
    optional_statement,
    plain_literal,
    typed_literal,
)
from biobank.exchange.formats.linked_data.life_facts import certain_date, date_statements
from biobank.records.countries import country_name
from biobank.records.dates import DateError, parse_date
from biobank.records.vocabulary.gendered_labels import all_labels

Record = Mapping[str, Any]

#: Kinds of organisations with a class in schema.org; all are Organization too.
ORGANISATION_CLASSES: Mapping[str, str] = {
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
PLACE_CLASSES: Mapping[str, str] = {
    "city": "City",
    "town": "City",
    "region": "AdministrativeArea",
    "country": "Country",
}
#: CSL types with a class in schema.org; all are CreativeWork too.
SOURCE_CLASSES: Mapping[str, str] = {
    "book": "Book",
    "chapter": "Chapter",
    "thesis": "Thesis",
    "webpage": "WebPage",
    "report": "Report",
    "map": "Map",
    **dict.fromkeys(("article", "article-journal", "article-magazine", "article-newspaper"), "Article"),
    **dict.fromkeys(("entry", "entry-encyclopedia", "entry-dictionary"), "Article"),
}
#: Titles of the vocabularies.
RDF_VOCABULARY_TITLES: Mapping[str, Message] = {
    "profession": gettext_noop("Professions"),
    "relation": gettext_noop("Relations"),
    "event": gettext_noop("Events"),
    "work": gettext_noop("Kinds of works"),
    "award": gettext_noop("Awards"),
    "country": gettext_noop("Countries"),
}


def describe_organisation(
    record: Record, members: Iterable[UriRef], collector: ReferencedEntities
) -> Description:
    uri = collector.uris.organisation(record["id"])
    ids = record.get("identifiers")
    organisation = make_node(
        uri,
        _class_uris("Organization", ORGANISATION_CLASSES.get(record["kind"])),
        dated_names(record),
        localized_statements(SCHEMA_ORG + "description", record.get("summary")),
        date_statements(record.get("founded"), SCHEMA_ORG + "foundingDate", MADS + "establishDate"),
        date_statements(record.get("dissolved"), SCHEMA_ORG + "dissolutionDate", MADS + "terminateDate"),
        optional_statement(SCHEMA_ORG + "location", record.get("place"), collector.place),
        optional_statement(MADS + "associatedLocale", record.get("country"), collector.country),
        optional_statement(SCHEMA_ORG + "url", record.get("website"), make_ref),
        external_links(ids, SCHEMA_ORG + "sameAs"),
        link_statements(SCHEMA_ORG + "identifier", unlinked_identifiers(ids, uri)),
        ((SCHEMA_ORG + "member", member) for member in members),
    )
    return (organisation, *unlinked_identifiers(ids, uri))


def describe_place(record: Record, collector: ReferencedEntities) -> Description:
    uri = collector.uris.place(record["id"])
    point = _geo_nodes(uri, record)
    ids = record.get("identifiers")
    place = make_node(
        uri,
        _class_uris("Place", PLACE_CLASSES.get(record["kind"])),
        dated_names(record),
        optional_statement(SCHEMA_ORG + "containedInPlace", record.get("broader"), collector.place),
        optional_statement(SCHEMA_ORG + "containedInPlace", record.get("country"), collector.country),
        link_statements(SCHEMA_ORG + "geo", point),
        external_links(ids, SCHEMA_ORG + "sameAs"),
        link_statements(SCHEMA_ORG + "identifier", unlinked_identifiers(ids, uri)),
    )
    return (place, *point, *unlinked_identifiers(ids, uri))


def describe_term(record: Record, collector: ReferencedEntities) -> Description:
    """Describe a term as a SKOS concept.

    Professions are also occupations, and relation types are properties.
    """
    vocabulary, uris = record["vocabulary"], collector.uris
    types = {"profession": [SCHEMA_ORG + "Occupation"], "relation": [RDF + "Property"]}
    inverse = record.get("inverse")
    concept = make_node(
        uris.term(vocabulary, record["id"]),
        [SKOS + "Concept", *types.get(vocabulary, ())],
        localized_statements(SKOS + "prefLabel", record["labels"]),
        localized_statements(NAME_PREDICATE, record["labels"]) if vocabulary == "profession" else [],
        (
            (SKOS + "altLabel", plain_literal(label, lang))
            for lang in record["labels"]
            for label in all_labels(record, [lang])
            if label != record["labels"][lang]
        ),
        ((SKOS + "broader", collector.term(vocabulary, id_)) for id_ in record.get("broader", ())),
        [(OWL + "inverseOf", collector.term(vocabulary, inverse))] if inverse else [],
        optional_statement(MADS + "associatedLocale", record.get("country"), collector.country),
        [(SKOS + "inScheme", UriRef(uris.scheme(vocabulary)))],
    )
    return (concept,)


def describe_country(code: str, uris: Uris) -> Description:
    """Describe a present-day country by its ISO 3166-1 code, with names from CLDR."""
    names = {lang: country_name(code, lang) for lang in LANGUAGES}
    country = make_node(
        uris.country(code),
        [SCHEMA_ORG + "Country", SKOS + "Concept"],
        localized_statements(NAME_PREDICATE, names),
        localized_statements(SKOS + "prefLabel", names),
        [(SKOS + "notation", plain_literal(code)), (SKOS + "inScheme", UriRef(uris.scheme("country")))],
    )
    return (country,)


def describe_scheme(vocabulary: str, top_terms: Iterable[str], uris: Uris) -> Description:
    """Describe a vocabulary and its top concepts, those without a broader term."""
    scheme = make_node(
        uris.scheme(vocabulary),
        [SKOS + "ConceptScheme"],
        localized_statements(SKOS + "prefLabel", RDF_VOCABULARY_TITLES[vocabulary].translations()),
        [(DCTERMS + "isPartOf", UriRef(uris.bank))],
        ((SKOS + "hasTopConcept", UriRef(uris.term(vocabulary, term))) for term in top_terms),
    )
    return (scheme,)


def describe_source(source_id: str, csl: Record, uris: Uris) -> Description:
    """Describe a cited work; authors and containers are plain texts, since they have no ids."""
    work = make_node(
        uris.source(source_id),
        _class_uris("CreativeWork", SOURCE_CLASSES.get(csl["type"])),
        [(NAME_PREDICATE, plain_literal(csl["title"]))],
        _publication_statements(csl),
        [(SCHEMA_ORG + "url", make_ref(csl["URL"]))] if isinstance(csl.get("URL"), str) else [],
    )
    return (work,)


def _publication_statements(csl: Record) -> Iterator[RdfStatement]:
    for person in csl.get("author", ()) if isinstance(csl.get("author"), list) else ():
        if isinstance(person, Mapping) and (name := _creator_name(person)):
            yield DC + "creator", plain_literal(name)
    for field, predicate in (("publisher", DC + "publisher"), ("container-title", DC + "source")):
        if isinstance(csl.get(field), str) and csl[field].strip():
            yield predicate, plain_literal(csl[field].strip())
    if (date := certain_date(_issued_edtf(csl.get("issued")))) is not None:
        yield SCHEMA_ORG + "datePublished", date


def _creator_name(person: Record) -> str:
    keys = ("given", "non-dropping-particle", "family")
    parts = [person.get("literal")] if person.get("literal") else [person.get(key) for key in keys]
    return " ".join(str(part).strip() for part in parts if isinstance(part, str) and part.strip())


def _issued_edtf(value: Any) -> str:
    """Return the first date of a CSL date as EDTF; empty if it is invalid."""
    parts = value.get("date-parts") if isinstance(value, Mapping) else None
    first = parts[0] if isinstance(parts, list) and parts else None
    numbers = [str(part) for part in first[:3]] if isinstance(first, list) else []
    if not numbers or not all(part.isascii() and part.isdecimal() for part in numbers):
        return ""
    date = "-".join(part.zfill(2 if index else 4) for index, part in enumerate(numbers))
    try:
        return parse_date(date).text
    except DateError:
        return ""


def _class_uris(general: str, specific: str | None) -> list[str]:
    return [SCHEMA_ORG + name for name in (general, specific) if name]


def _geo_nodes(uri: str, record: Record) -> list[GraphNode]:
    lat, lon = record.get("lat"), record.get("lon")
    if lat is None or lon is None:
        return []
    coordinates = ((SCHEMA_ORG + "latitude", lat), (SCHEMA_ORG + "longitude", lon))
    numbers = [
        (predicate, typed_literal(f"{number:.6f}", XSD + "decimal")) for predicate, number in coordinates
    ]
    return [make_node(f"{uri}#point", [SCHEMA_ORG + "GeoCoordinates"], numbers)]
