"""Works of the seed as items, and biographies as cited by a bank at `bank.example`."""

from datetime import date

import pytest
import yaml

from biobank.bootstrap import Services
from biobank.exchange.answers.edition import Edition
from biobank.exchange.citing.biography import Stamp, biography
from biobank.exchange.citing.item import Item, read
from biobank.exchange.citing.work import CitedWork
from tests.conftest import SEED
from tests.support import seed

BANKS = {
    "az": "Azərbaycan Bioqrafiya Bankı",
    "en": "Azerbaijani Biography Bank",
    "ru": "Банк азербайджанских биографий",
}
ADDRESS = "https://bank.example/people/"


@pytest.fixture(scope="session")
def sources() -> list[CitedWork]:
    """Provide every source of the seed."""
    files = sorted((SEED / "sources").glob("*.yaml"))
    records = [yaml.load(file.read_text("utf-8"), Loader=yaml.BaseLoader) for file in files]
    return [CitedWork(record["id"], read(record["csl"])) for record in records]


class Biographies:
    """Cites people of the seed."""

    def __init__(self, services: Services) -> None:
        self.catalogue = services.catalogue()

    def edition(self, lang: str, read_on: date) -> Edition:
        return Edition(self.catalogue, lang, BANKS[lang], lambda id_: ADDRESS + id_, read_on)

    def cite(self, person: str, lang: str, number: int, day: date, read_on: date) -> Item:
        stamp = Stamp(number, day, f"{ADDRESS}{person}/revisions/{number}")
        return biography(seed.person(person), self.edition(lang, read_on), stamp)


@pytest.fixture(scope="session")
def biographies(services: Services) -> Biographies:
    return Biographies(services)
