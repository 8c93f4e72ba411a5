"""Dates in tables are parsed only as their mapping defines."""

from typing import Any

import pytest

from biobank.exchange.formats.tables import RowError
from biobank.exchange.imports.mapping.evaluator import parse_table_date
from biobank.exchange.imports.mapping.rules import ValueRule
from biobank.records.dates import DateError


def read(text: str, date: str, **more: Any) -> str:
    return parse_table_date(text, ValueRule(columns=("d",), date=date, **more))[0]


@pytest.mark.parametrize(
    ("text", "date", "edtf"),
    [
        ("1885-09-18", "edtf", "1885-09-18"),
        ("-0043", "edtf", "-0043"),
        ("c. 1141", "typed", "1141~"),
        ("18 сентября 1885", "typed", "1885-09-18"),
        ("XII əsr", "typed", "11XX"),
        ("1885", "year", "1885"),
        ("712", "year", "0712"),
        ("1885.0", "year", "1885"),
        ("1237?", "year", "1237?"),
        ("530s", "year", "053X"),
        ("-384", "year", "-0383"),
        ("-1", "year", "0000"),
        ("18.09.1885", "dd.mm.yyyy", "1885-09-18"),
        ("8/9/1885", "d/m/yyyy", "1885-09-08"),
        ("09/18/1885", "mm/dd/yyyy", "1885-09-18"),
        ("1885-09-18", "yyyy-mm-dd", "1885-09-18"),
        ("09.1885", "mm.yyyy", "1885-09"),
    ],
)
def test_dates_are_read(text: str, date: str, edtf: str) -> None:
    assert read(text, date) == edtf


def test_years_may_be_counted_as_astronomers_do() -> None:
    assert read("-384", "year", negative="astronomical") == "-0384"
    assert read("0", "year", negative="astronomical") == "0000"


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("0", "year"),
        ("18850", "year"),
        ("1e999999", "year"),
        ("385s", "year"),
        ("31.02.1885", "dd.mm.yyyy"),
        ("1.9.1885", "dd.mm.yyyy"),
        ("18-09-1885", "dd.mm.yyyy"),
        ("03/04/1885", "typed"),
        ("soon", "edtf"),
        ("", "edtf"),
    ],
)
def test_what_is_no_such_date_is_refused(text: str, date: str) -> None:
    with pytest.raises((DateError, RowError)):
        read(text, date)


def test_january_first_can_be_read_as_a_year() -> None:
    rule = ValueRule(columns=("d",), date="edtf", first_of_january="year")
    year, notice = parse_table_date("1954-01-01", rule)
    assert (year, str(notice)) == ("1954", "1954-01-01 was interpreted as the year 1954.")
    assert parse_table_date("1954-01-02", rule) == ("1954-01-02", None)
    assert read("1954-01-01", "edtf") == "1954-01-01"
