"""Formats of ids in external catalogues."""

import pytest

from biobank.records.identifiers import EXTERNAL_CATALOGUES
from biobank.records.people.schemas import person_schema

NAME = {"text": "Filankəs", "lang": "az", "kind": "preferred"}


@pytest.mark.parametrize("scheme", EXTERNAL_CATALOGUES)
def test_the_example_in_an_error_message_is_valid(scheme: str) -> None:
    ids = {scheme: EXTERNAL_CATALOGUES[scheme].example}
    assert person_schema.load({"names": [NAME], "identifiers": ids})["identifiers"] == ids


@pytest.mark.parametrize(
    ("scheme", "value"),
    [
        ("isni", "0000000123456789"),
        ("isni", "0000 0001 2345 678X"),
        ("gnd", "1089246383"),
        ("gnd", "4079163-4"),
        ("lcnaf", "no2013090983"),
        ("bnf", "13893720h"),
        ("bbk_az", "whatever/it-is"),
    ],
)
def test_every_id_format_of_a_catalogue_is_valid(scheme: str, value: str) -> None:
    record = {"names": [NAME], "identifiers": {scheme: value}}
    assert person_schema.load(record)["identifiers"] == {scheme: value}
