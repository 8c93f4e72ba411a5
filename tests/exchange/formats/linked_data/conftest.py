"""Descriptions of all entities of the seed."""

from collections.abc import Iterator, Mapping

import pytest

from biobank.bootstrap import Services
from biobank.exchange.formats.linked_data import description_queries
from biobank.exchange.formats.linked_data.description_queries import (
    count_entities,
    describe_dataset,
    describe_void,
)
from biobank.exchange.formats.linked_data.graph import Description, Uris
from biobank.exchange.formats.linked_data.reference_data import RDF_VOCABULARY_TITLES
from biobank.records.people import queries
from biobank.records.sources import queries as sources

BASE = "https://bank.example"


@pytest.fixture(scope="session")
def uris() -> Uris:
    return Uris(BASE)


@pytest.fixture(scope="session")
def descriptions(services: Services, uris: Uris) -> Mapping[str, Description]:
    """Provide the descriptions of all entities by URI."""
    return {description[0].uri: description for description in _describe_all(services, uris)}


def _describe_all(services: Services, uris: Uris) -> Iterator[Description]:
    catalogue = services.catalogue().public
    with services.database.read() as session:
        for chunk in queries.iter_chunks(session):
            for person_id in chunk:
                yield description_queries.describe_person_by_id(session, person_id, catalogue, uris)
        for organisation_id in catalogue.organisations:
            yield description_queries.describe_organisation_by_id(session, organisation_id, catalogue, uris)
        for place_id in catalogue.places:
            yield description_queries.describe_place_by_id(session, place_id, catalogue, uris)
        for key in (*catalogue.terms, "country/az", "country/tr"):
            yield description_queries.describe_term_by_key(session, key, catalogue, uris)
        for vocabulary in RDF_VOCABULARY_TITLES:
            yield description_queries.describe_scheme_by_id(session, vocabulary, catalogue, uris)
        for batch in sources.iter_chunks(session):
            for source in batch:
                yield description_queries.describe_source_by_id(session, source.id, catalogue, uris)
        counts = count_entities(session, catalogue)
        yield (*describe_dataset(counts, uris, ["biobank.nt.gz"], 1), *describe_void(uris))
