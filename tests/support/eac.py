"""EAC-CPF: the schema of the standard, and round trips of records."""

import io
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree

from biobank.exchange.exports.context import ExportContext, RelatedRecords
from biobank.exchange.formats.eac.reader import read_eac_cpf
from biobank.exchange.formats.eac.writer import write_document
from biobank.exchange.imports.items import ImportItem
from biobank.records.catalogue import Catalogue

XSD = Path(__file__).parents[1] / "exchange" / "formats" / "eac" / "eac.xsd"
ADDRESS = "https://bank.example/people/"
NAMES = {"e": "https://archivists.org/ns/eac/v2", "bb": "urn:x-biobank:eac:1"}


@cache
def _schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(XSD))


def assert_valid(text: bytes) -> etree._Element:
    """Parse the document and check it against the schema."""
    parsed = etree.fromstring(text)
    assert _schema().validate(parsed), _schema().error_log
    return parsed


def make_edition(catalogue: Catalogue | None = None, lang: str = "az") -> ExportContext:
    catalogue = catalogue or Catalogue()
    return ExportContext(catalogue, lang, lambda id_: ADDRESS + id_, date(2026, 11, 26))


def write_eac(record: dict[str, Any], related: RelatedRecords | None = None) -> bytes:
    return write_document(record, make_edition(), related or RelatedRecords())


def read_eac(text: bytes) -> list[ImportItem]:
    return list(read_eac_cpf(io.BytesIO(text)))
