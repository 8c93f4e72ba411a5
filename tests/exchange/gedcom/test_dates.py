"""EDTF dates in the grammar of GEDCOM."""

import re

import pytest
from gedcom7 import grammar
from hypothesis import given

from biobank.exchange.gedcom.dates import EDTF, date_lines, gedcom_date
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
def test_a_date_is_told_in_the_words_of_the_standard(edtf: str, payload: str) -> None:
    assert gedcom_date(edtf)[0] == payload


@given(strategies.dates())
def test_every_date_is_of_the_grammar(edtf: str) -> None:
    assert VALUE.fullmatch(gedcom_date(edtf)[0])


def test_what_the_standard_cannot_say_stays_beside_it() -> None:
    (made,) = date_lines({"date": "1141?"})
    assert [(it.tag, it.payload) for it in made.inner] == [(EDTF, "1141?")]
    (made,) = date_lines({"date": "1885-09-18"})
    assert made.inner == ()


def test_what_the_source_said_is_its_phrase() -> None:
    original = {"text": "6 сентября 1885", "calendar": "julian"}
    (made,) = date_lines({"date": "1885-09-18", "original": original})
    assert [(it.tag, it.payload) for it in made.inner] == [("PHRASE", "6 сентября 1885")]
    assert date_lines({}) == []
