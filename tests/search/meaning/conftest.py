"""A small bank: the texts share concepts, not words, and other people have neither."""

from collections.abc import Callable
from typing import Any

import pytest

from biobank.accounts.identity import OPERATOR
from biobank.bootstrap import Services
from biobank.editorial.revisions.bulk_save import save_records
from biobank.records.people.models import Person
from biobank.records.people.schemas import person_schema
from biobank.records.validation import load_validated
from biobank.store import outbox
from tests.support.concept_encoder import ConceptEncoder

SHOT, EXECUTED, PILOT = "musfiq", "cavid", "leyla"
TEXTS = {
    SHOT: ("Mikayil Mushfig", "He was shot in 1938."),
    EXECUTED: ("Huseyn Javid", "He was executed, and pardoned later."),
    PILOT: ("Leyla Mammadbeyova", "She flew over the Caspian."),
}


@pytest.fixture
def encoder() -> ConceptEncoder:
    return ConceptEncoder()


@pytest.fixture
def publish(small_services: Services) -> Callable[[str, str], None]:
    """Return a function that publishes a person of TEXTS with another text."""

    def publish_person(id_: str, text: str) -> None:
        record: dict[str, Any] = {
            "id": id_,
            "names": [{"text": TEXTS[id_][0], "lang": "en", "kind": "preferred"}],
            "biography": {"en": text},
        }
        with small_services.database.write() as session:
            save_records(session, [load_validated(person_schema, record)], OPERATOR, "", publish=True)

    return publish_person


@pytest.fixture
def withdraw(small_services: Services) -> Callable[[str], None]:
    def withdraw_person(id_: str) -> None:
        with small_services.database.write() as session:
            session.get_one(Person, id_).published = None
            outbox.add(session, [id_])

    return withdraw_person


@pytest.fixture
def bank(small_services: Services, encoder: ConceptEncoder, publish: Callable[[str, str], None]) -> Services:
    """Return a bank with an encoder, whose people are indexed and encoded."""
    for id_, (_name, text) in TEXTS.items():
        publish(id_, text)
    services = Services(
        small_services.settings, small_services.database, small_services.engine, encoder=encoder
    )
    services.indexer.sync()
    services.indexer.vectors.fill()
    return services
