"""Works of the seed as items, and biographies as cited by a bank at `bank.example`."""

from datetime import date

import pytest
import yaml

from biobank.bootstrap import Services
from biobank.exchange.exports.context import ExportContext
from biobank.exchange.formats.citations.biography import CitedRevision, biography_item
from biobank.exchange.formats.citations.item import CitationEntry, CitedItem, parse_csl
from tests.conftest import SEED
from tests.support import seed

ADDRESS = "https://bank.example/people/"


@pytest.fixture(scope="session")
def sources() -> list[CitationEntry]:
    """Provide every source of the seed."""
    files = sorted((SEED / "sources").glob("*.yaml"))
    records = [yaml.load(file.read_text("utf-8"), Loader=yaml.BaseLoader) for file in files]
    return [CitationEntry(record["id"], parse_csl(record["csl"])) for record in records]


class Biographies:
    """Cites people of the seed."""

    def __init__(self, services: Services) -> None:
        self.catalogue = services.catalogue()

    def context(self, lang: str, read_on: date) -> ExportContext:
        return ExportContext(self.catalogue, lang, lambda id_: ADDRESS + id_, read_on)

    def cite(self, person: str, lang: str, number: int, day: date, read_on: date) -> CitedItem:
        revision = CitedRevision(number, day, f"{ADDRESS}{person}/revisions/{number}")
        return biography_item(seed.person(person), self.context(lang, read_on), revision)


@pytest.fixture(scope="session")
def biographies(services: Services) -> Biographies:
    return Biographies(services)
