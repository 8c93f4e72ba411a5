"""Descriptions of all entities of the seed."""

from collections.abc import Iterator, Mapping

import pytest

from biobank.bootstrap import Services
from biobank.exchange.linked import reading
from biobank.exchange.linked.bank import count, describe_bank, describe_void
from biobank.exchange.linked.graph import Description
from biobank.exchange.linked.references import SCHEMES
from biobank.exchange.linked.uris import Uris
from biobank.records.people import queries
from biobank.records.sources import queries as sources

BASE = "https://bank.example"


@pytest.fixture(scope="session")
def uris() -> Uris:
    return Uris(BASE)


@pytest.fixture(scope="session")
def descriptions(services: Services, uris: Uris) -> Mapping[str, Description]:
    """Provide the descriptions of all entities by URI."""
    return {description[0].uri: description for description in _all(services, uris)}


def _all(services: Services, uris: Uris) -> Iterator[Description]:
    catalogue = services.catalogue().public
    with services.database.read() as session:
        for chunk in queries.walk(session):
            for person_id in chunk:
                yield reading.person(session, person_id, catalogue, uris)
        for organisation_id in catalogue.organisations:
            yield reading.organisation(session, organisation_id, catalogue, uris)
        for place_id in catalogue.places:
            yield reading.place(session, place_id, catalogue, uris)
        for key in (*catalogue.terms, "country/az", "country/tr"):
            yield reading.term(session, key, catalogue, uris)
        for vocabulary in SCHEMES:
            yield reading.scheme(session, vocabulary, catalogue, uris)
        for some in sources.walk(session):
            for source in some:
                yield reading.source(session, source.id, catalogue, uris)
        counts = count(session, catalogue)
        yield (*describe_bank(counts, uris, ["biobank.nt.gz"], 1), *describe_void(uris))
