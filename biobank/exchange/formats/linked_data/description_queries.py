"""Descriptions from the store: of single entities, and of the bank as a VoID dataset; public data only."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from biobank.common.i18n import LANGUAGES
from biobank.common.messages import BANK_NAME, gettext_noop
from biobank.exchange.formats.linked_data.entities import ReferencedEntities
from biobank.exchange.formats.linked_data.graph import (
    DCTERMS,
    FOAF,
    FORMATS_NS,
    LICENCE_URI,
    MADS,
    SCHEMA_ORG,
    SKOS,
    VOID,
    XSD,
    Description,
    GraphNode,
    RdfStatement,
    UriRef,
    Uris,
    localized_statements,
    make_node,
    make_ref,
    plain_literal,
    typed_literal,
)
from biobank.exchange.formats.linked_data.people import (
    PersonRelation,
    RelatedContext,
    describe_person,
    format_timestamp,
    relations_from_both_ends,
)
from biobank.exchange.formats.linked_data.reference_data import (
    RDF_VOCABULARY_TITLES,
    describe_country,
    describe_organisation,
    describe_place,
    describe_scheme,
    describe_source,
    describe_term,
)
from biobank.exchange.formats.linked_data.serializations import SERIALIZATIONS
from biobank.records.catalogue import Catalogue
from biobank.records.countries import COUNTRY_CODES
from biobank.records.media.queries import pictures_by_sha
from biobank.records.media.urls import sha_from_url
from biobank.records.organisations.queries import list_members
from biobank.records.people import browse_queries, queries
from biobank.records.people.browse_queries import PersonListItem
from biobank.records.sources import queries as sources
from biobank.records.vocabulary.models import term_key

Record = Mapping[str, Any]


def describe_person_by_id(session: Session, person_id: str, catalogue: Catalogue, uris: Uris) -> Description:
    """Describe a public person and everything the record refers to; empty if there is none."""
    record = queries.load_record(session, person_id)
    if record is None:
        return ()
    related = load_related(session, [record], catalogue)[person_id]
    return describe_record(record, related, catalogue, uris)


def describe_record(record: Record, related: RelatedContext, catalogue: Catalogue, uris: Uris) -> Description:
    """Describe a public record with its related data."""
    collector = ReferencedEntities(catalogue, uris)
    return (*describe_person(record, related, collector), *collector.nodes())


def load_related(
    session: Session, records: Sequence[Record], catalogue: Catalogue
) -> dict[str, RelatedContext]:
    """Load the related data of public `records`, in a constant number of queries."""
    ids = [record["id"] for record in records]
    inbound = queries.relations_to(session, ids)
    relations_by_id = {
        record["id"]: relations_from_both_ends(record, inbound.get(record["id"], ()), catalogue)
        for record in records
    }
    cards = browse_queries.load_cards(
        session, [relation.person_id for relations in relations_by_id.values() for relation in relations]
    )
    cited_sources = browse_queries.load_csl_items(
        session, {id_ for record in records for id_ in record.get("sources", ())}
    )
    states = browse_queries.published_states(session, ids)
    stored_images = pictures_by_sha(session, image_hashes(records))
    return {
        id_: related_context(states[id_], relations, cards, cited_sources, stored_images)
        for id_, relations in relations_by_id.items()
    }


def related_context(
    state: tuple[int, datetime],
    relations: Iterable[PersonRelation],
    cards: Mapping[str, PersonListItem],
    cited_sources: Mapping[str, Record],
    stored_images: Iterable[str],
) -> RelatedContext:
    """Return related data that is already loaded; `cards` holds the related people who are public."""
    public = [relation for relation in relations if relation.person_id in cards]
    return RelatedContext(
        *state,
        relations=public,
        names={relation.person_id: cards[relation.person_id].names for relation in public},
        sources=cited_sources,
        stored_images=frozenset(stored_images),
    )


def describe_organisation_by_id(
    session: Session, organisation_id: str, catalogue: Catalogue, uris: Uris
) -> Description:
    record = catalogue.organisations.get(organisation_id)
    if record is None:
        return ()
    collector = ReferencedEntities(catalogue, uris)
    ids = list(dict.fromkeys(row.person_id for row in list_members(session, organisation_id, "az")))
    cards = browse_queries.load_cards(session, ids)
    public_members = [collector.person(id_, card.names) for id_, card in cards.items()]
    return (*describe_organisation(record, public_members, collector), *collector.nodes())


def describe_place_by_id(_session: Session, place_id: str, catalogue: Catalogue, uris: Uris) -> Description:
    record = catalogue.places.get(place_id)
    collector = ReferencedEntities(catalogue, uris)
    return (*describe_place(record, collector), *collector.nodes()) if record else ()


def describe_term_by_key(session: Session, key: str, catalogue: Catalogue, uris: Uris) -> Description:
    """Describe a term by its key, `profession/composer`, or a country, `country/az`."""
    vocabulary, _, term_id = key.partition("/")
    if vocabulary == "country":
        code = term_id.upper()
        return describe_country(code, uris) if code in COUNTRY_CODES else ()
    record = catalogue.terms.get(term_key(vocabulary, term_id))
    collector = ReferencedEntities(catalogue, uris)
    return (*describe_term(record, collector), *collector.nodes()) if record else ()


def describe_scheme_by_id(
    _session: Session, vocabulary: str, catalogue: Catalogue, uris: Uris
) -> Description:
    if vocabulary not in RDF_VOCABULARY_TITLES:
        return ()
    terms = catalogue.terms.values()
    top = [
        record["id"] for record in terms if record["vocabulary"] == vocabulary and not record.get("broader")
    ]
    return describe_scheme(vocabulary, top, uris)


def describe_source_by_id(session: Session, source_id: str, _catalogue: Catalogue, uris: Uris) -> Description:
    if not sources.is_public(session, source_id):
        return ()
    return describe_source(source_id, browse_queries.load_csl_items(session, [source_id])[source_id], uris)


def member_refs(session: Session, organisation_id: str, uris: Uris) -> list[UriRef]:
    ids = dict.fromkeys(row.person_id for row in list_members(session, organisation_id, "az"))
    return [UriRef(uris.person(id_)) for id_ in ids]


def image_hashes(records: Iterable[Record]) -> list[str]:
    urls = (medium["url"] for record in records for medium in record.get("media", ()))
    return [sha256 for url in urls if (sha256 := sha_from_url(url))]


BANK_DESCRIPTION: Final = gettext_noop(
    "Biographies of notable Azerbaijanis in three languages, with their sources."
)
#: RDF class and URL prefix of each kind of entity.
ENTITY_CLASSES: Final[Mapping[str, tuple[str, str]]] = {
    "people": (SCHEMA_ORG + "Person", "people/"),
    "organisations": (SCHEMA_ORG + "Organization", "organisations/"),
    "places": (SCHEMA_ORG + "Place", "places/"),
    "terms": (SKOS + "Concept", "terms/"),
    "sources": (SCHEMA_ORG + "CreativeWork", "sources/"),
}
USED_VOCABULARIES: Final = (SCHEMA_ORG, SKOS, DCTERMS, MADS)


@dataclass(frozen=True)
class DatasetCounts:
    """Numbers of public entities by kind; `changed` is the latest change, None in an empty bank."""

    people: int
    organisations: int
    places: int
    terms: int
    sources: int
    last_changed: datetime | None


def count_entities(session: Session, catalogue: Catalogue) -> DatasetCounts:
    return DatasetCounts(
        people=queries.count(session),
        organisations=len(catalogue.organisations),
        places=len(catalogue.places),
        terms=len(catalogue.terms),
        sources=sources.count(session),
        last_changed=browse_queries.latest_change(session),
    )


def describe_dataset(
    counts: DatasetCounts,
    uris: Uris,
    dumps: Iterable[str] = (),
    triples: int | None = None,
    issued: datetime | None = None,
) -> Description:
    """Describe the bank, then one class partition per kind of entity.

    `dumps` are names of linked data files; `issued` is the date of the dump that holds the
    description.
    """
    dataset = make_node(
        uris.bank,
        [VOID + "Dataset", SCHEMA_ORG + "Dataset"],
        _titles_and_licence(uris),
        _dataset_dates(counts, issued),
        ((VOID + "feature", UriRef(FORMATS_NS + form.void_format)) for form in SERIALIZATIONS.values()),
        ((VOID + "vocabulary", UriRef(vocabulary)) for vocabulary in USED_VOCABULARIES),
        (
            (VOID + "uriSpace", plain_literal(f"{uris.base_url}/{prefix}"))
            for _, prefix in ENTITY_CLASSES.values()
        ),
        (
            (VOID + "openSearchDescription", UriRef(f"{uris.base_url}/{lang}/opensearch.xml"))
            for lang in LANGUAGES
        ),
        ((VOID + "dataDump", UriRef(uris.dump(file))) for file in dumps),
        [(VOID + "triples", typed_literal(str(triples), XSD + "integer"))] if triples is not None else [],
        ((VOID + "classPartition", UriRef(f"{uris.void}#{kind}")) for kind in ENTITY_CLASSES),
    )
    return (dataset, *_class_partitions(counts, uris))


def _titles_and_licence(uris: Uris) -> Iterator[RdfStatement]:
    yield from localized_statements(DCTERMS + "title", BANK_NAME.translations())
    yield from localized_statements(SCHEMA_ORG + "name", BANK_NAME.translations())
    yield from localized_statements(DCTERMS + "description", BANK_DESCRIPTION.translations())
    yield from localized_statements(SCHEMA_ORG + "description", BANK_DESCRIPTION.translations())
    yield FOAF + "homepage", make_ref(uris.base_url + "/")
    yield SCHEMA_ORG + "url", make_ref(uris.base_url + "/")
    yield DCTERMS + "license", UriRef(LICENCE_URI)
    yield SCHEMA_ORG + "license", UriRef(LICENCE_URI)


def _dataset_dates(counts: DatasetCounts, issued: datetime | None) -> Iterator[RdfStatement]:
    if issued is not None:
        yield DCTERMS + "issued", typed_literal(format_timestamp(issued), XSD + "dateTime")
    if counts.last_changed is not None:
        modified = typed_literal(format_timestamp(counts.last_changed), XSD + "dateTime")
        yield DCTERMS + "modified", modified
        yield SCHEMA_ORG + "dateModified", modified


def _class_partitions(counts: DatasetCounts, uris: Uris) -> Iterator[GraphNode]:
    for kind, (class_, _) in ENTITY_CLASSES.items():
        entity_count = typed_literal(str(getattr(counts, kind)), XSD + "integer")
        statements: list[RdfStatement] = [(VOID + "class", UriRef(class_)), (VOID + "entities", entity_count)]
        yield make_node(f"{uris.void}#{kind}", [VOID + "Dataset"], statements)


def describe_void(uris: Uris) -> Description:
    """Describe the description document itself."""
    statements = [(FOAF + "primaryTopic", UriRef(uris.bank)), (DCTERMS + "license", UriRef(LICENCE_URI))]
    return (make_node(uris.void, [VOID + "DatasetDescription"], statements),)


def describe_site(uris: Uris, lang: str) -> Description:
    """Describe the site; `lang` is the language of the search page in the search action."""
    home = f"{uris.base_url}/"
    url_template = f"{uris.base_url}/{lang}/search?q={{search_term_string}}"
    site = make_node(
        f"{home}#site",
        [SCHEMA_ORG + "WebSite"],
        localized_statements(SCHEMA_ORG + "name", BANK_NAME.translations()),
        [(SCHEMA_ORG + "url", make_ref(home))],
        [(SCHEMA_ORG + "inLanguage", plain_literal(code)) for code in LANGUAGES],
        [
            (SCHEMA_ORG + "about", UriRef(uris.bank)),
            (SCHEMA_ORG + "potentialAction", UriRef(f"{home}#search")),
        ],
    )
    action = make_node(
        f"{home}#search",
        [SCHEMA_ORG + "SearchAction"],
        [
            (SCHEMA_ORG + "target", UriRef(f"{home}#search-{lang}")),
            (SCHEMA_ORG + "query-input", plain_literal("required name=search_term_string")),
        ],
    )
    entry_point = make_node(
        f"{home}#search-{lang}",
        [SCHEMA_ORG + "EntryPoint"],
        [(SCHEMA_ORG + "urlTemplate", plain_literal(url_template))],
    )
    return (site, action, entry_point)
