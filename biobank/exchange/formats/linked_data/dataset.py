"""Description of the bank as a VoID dataset: contents, sizes, licence and locations."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from biobank.common.i18n import LANGUAGES
from biobank.common.messages import BANK_NAME, gettext_noop
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
from biobank.exchange.formats.linked_data.people import format_timestamp
from biobank.exchange.formats.linked_data.serializations import SERIALIZATIONS
from biobank.records.catalogue import Catalogue
from biobank.records.people import browse_queries, queries
from biobank.records.sources import queries as sources

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
