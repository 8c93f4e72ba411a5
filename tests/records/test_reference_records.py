"""Terms, places and organisations: from the seed into their tables and back."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from sqlalchemy import select

from biobank.errors import RecordRefused
from biobank.exchange.imports.items import load_yaml, read_yaml_folder
from biobank.records.catalogue import Catalogue, load_catalogue
from biobank.records.organisations.schemas import organisation_schema
from biobank.records.places.models import Place
from biobank.records.places.schemas import place_schema
from biobank.records.validation import load_validated
from biobank.records.vocabulary.models import VOCABULARIES, term_id, term_key
from biobank.records.vocabulary.schemas import term_schema
from biobank.store.session import Database
from tests.support import seed


@pytest.fixture
def catalogue(database: Database) -> Catalogue:
    with database.read() as session:
        return load_catalogue(session)


def seed_records(folder: str) -> dict[str, dict[str, Any]]:
    """Return the records of a seed folder by id."""
    schema = place_schema if folder == "places" else organisation_schema
    records = [load_validated(schema, item.data) for item in read_yaml_folder(seed.SEED / folder)]
    return {record["id"]: record for record in records}


def test_places_and_organisations_survive_a_round_trip(catalogue: Catalogue) -> None:
    assert catalogue.places == seed_records("places")
    assert catalogue.organisations == seed_records("organisations")


def test_terms_survive_a_round_trip(catalogue: Catalogue) -> None:
    for vocabulary in VOCABULARIES:
        for entry in load_yaml(seed.SEED / "vocabularies" / f"{vocabulary}.yaml"):
            term = load_validated(term_schema, {"vocabulary": vocabulary, **entry})
            stored = catalogue.terms[term_key(vocabulary, term["id"])]
            assert stored == term
            assert load_validated(term_schema, stored) == stored


def test_a_place_may_precede_its_broader_place(database: Database) -> None:
    with database.write() as session:
        session.add(Place(id="suburb", kind="village", broader_id="new-city", identifiers={}))
        session.flush()
        session.add(Place(id="new-city", kind="city", identifiers={}))
    with database.read() as session:
        assert session.scalar(select(Place.broader_id).where(Place.id == "suburb")) == "new-city"


@pytest.mark.parametrize(
    ("schema", "change", "message"),
    [
        (term_schema, {"vocabulary": "occupation"}, "occupation is not a vocabulary. Use profession"),
        (term_schema, {"labels": {"de": "Komponist"}}, "labels.de: Unsupported language"),
        (place_schema, {"kind": "hamlet"}, "kind: Must be one of: city"),
        (place_schema, {"lat": "91"}, "lat: Must be greater than or equal to -90 and less"),
        (place_schema, {"lon": "NaN"}, "lon: "),
        (organisation_schema, {"website": "anl.az"}, "website: Not a valid web address"),
        (organisation_schema, {"website": "https://a.az/\x07"}, "website: Contains the control"),
        (organisation_schema, {"founded": "long ago"}, "founded: “long ago” is not a valid date"),
        (organisation_schema, {"names": []}, "names: "),
    ],
)
def test_an_error_in_a_reference_record_is_reported_with_its_path(
    schema: Any, change: Mapping[str, Any], message: str
) -> None:
    good: Callable[[], dict[str, Any]] = {
        id(term_schema): lambda: {"vocabulary": "work", "id": "opera", "labels": {"az": "opera"}},
        id(place_schema): lambda: dict(seed_records("places")["baku"]),
        id(organisation_schema): lambda: dict(seed_records("organisations")["baku-music-academy"]),
    }[id(schema)]
    assert load_validated(schema, good())
    with pytest.raises(RecordRefused) as exc_info:
        load_validated(schema, {**good(), **change})
    assert message in str(exc_info.value)


def test_the_id_of_a_term_is_its_key_without_the_vocabulary() -> None:
    assert term_id(term_key("award", "teacher")) == "teacher"
