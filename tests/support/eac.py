"""EAC-CPF: the schema of the standard, and round trips of records."""

import io
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree

from biobank.exchange.answers.edition import Edition
from biobank.exchange.answers.surroundings import Surroundings
from biobank.exchange.eac.writing import document
from biobank.exchange.importing.eac_cpf import eac_cpf_items
from biobank.exchange.importing.reading import Item
from biobank.records.catalogue import Catalogue

XSD = Path(__file__).parents[1] / "exchange" / "eac" / "eac.xsd"
ADDRESS = "https://bank.example/people/"
NAMES = {"e": "https://archivists.org/ns/eac/v2", "bb": "urn:x-biobank:eac:1"}


@cache
def _schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(XSD))


def valid(text: bytes) -> etree._Element:
    """Parse the document and check it against the schema."""
    made = etree.fromstring(text)
    assert _schema().validate(made), _schema().error_log
    return made


def edition(catalogue: Catalogue | None = None, lang: str = "az") -> Edition:
    bank = "Azərbaycan Bioqrafiya Bankı"
    catalogue = catalogue or Catalogue()
    return Edition(catalogue, lang, bank, lambda id_: ADDRESS + id_, date(2026, 11, 26))


def written(record: dict[str, Any], around: Surroundings | None = None) -> bytes:
    return document(record, edition(), around or Surroundings())


def read(text: bytes) -> list[Item]:
    return list(eac_cpf_items(io.BytesIO(text)))
