"""EDTF dates in the grammar of GEDCOM."""

import re

import pytest
from gedcom7 import grammar
from hypothesis import given

from biobank.exchange.formats.gedcom.structures import EDTF_TAG, date_structures, format_gedcom_date
from tests.support import records as strategies

VALUE = re.compile(grammar.datevalue)


@pytest.mark.parametrize(
    ("edtf", "payload"),
    [
        ("1885", "1885"),
        ("1885-09", "SEP 1885"),
        ("1885-09-18", "18 SEP 1885"),
        ("0712", "712"),
        ("1141~", "ABT 1141"),
        ("1141?", "EST 1141"),
        ("1141%", "ABT 1141"),
        ("18XX", "BET 1800 AND 1899"),
        ("188X", "BET 1880 AND 1889"),
        ("1885-XX", "1885"),
        ("1885-21", "BET MAR 1885 AND MAY 1885"),
        ("-0043", "44 BCE"),
        ("-0043-03-15", "15 MAR 44 BCE"),
        ("0000", "1 BCE"),
        ("[1483..1494]", "BET 1483 AND 1494"),
        ("[..1500]", "BEF 1500"),
        ("[1500..]", "AFT 1500"),
        ("[1713,1717]", "BET 1713 AND 1717"),
        ("1928/1948", "FROM 1928 TO 1948"),
        ("1928/..", "FROM 1928"),
        ("../1928", "TO 1928"),
    ],
)
def test_dates_are_formatted(edtf: str, payload: str) -> None:
    assert format_gedcom_date(edtf)[0] == payload


@given(strategies.dates())
def test_any_date_matches_the_grammar(edtf: str) -> None:
    assert VALUE.fullmatch(format_gedcom_date(edtf)[0])


def test_inexpressible_dates_keep_their_edtf() -> None:
    (date,) = date_structures({"date": "1141?"})
    assert [(substructure.tag, substructure.text) for substructure in date.children] == [(EDTF_TAG, "1141?")]
    (date,) = date_structures({"date": "1885-09-18"})
    assert date.children == []


def test_original_date_is_a_phrase() -> None:
    original = {"text": "6 сентября 1885", "calendar": "julian"}
    (date,) = date_structures({"date": "1885-09-18", "original": original})
    assert [(substructure.tag, substructure.text) for substructure in date.children] == [
        ("PHRASE", "6 сентября 1885")
    ]
    assert date_structures({}) == []
