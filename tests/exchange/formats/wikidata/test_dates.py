"""Wikidata dates: precision, calendar, years BCE, uncertainty, rank, several statements."""

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from biobank.exchange.formats.wikidata.dates import ParsedDate, julian_to_ordinal, read_statements
from biobank.exchange.formats.wikidata.statements import best_statements
from biobank.records.dates import parse_date
from biobank.records.proleptic_calendar import format_iso
from tests.exchange.formats.wikidata.entities import JULIAN, claim, item, time


def read_dates(*claims: dict[str, Any]) -> tuple[ParsedDate | None, list[str]]:
    return read_statements(best_statements({"claims": {"P569": list(claims)}}, "P569"))


def edtf(*claims: dict[str, Any]) -> str | None:
    date, _ = read_dates(*claims)
    return date.edtf if date else None


@pytest.mark.parametrize(
    ("text", "precision", "expected"),
    [
        ("+1885-09-18T00:00:00Z", 11, "1885-09-18"),
        ("+1885-09-18T12:30:00Z", 13, "1885-09-18"),
        ("+1885-09-00T00:00:00Z", 10, "1885-09"),
        ("+1885-00-00T00:00:00Z", 9, "1885"),
        ("+1885-01-01T00:00:00Z", 9, "1885"),
        ("+1885-00-00T00:00:00Z", 11, "1885"),
        ("+0712-00-00T00:00:00Z", 9, "0712"),
        ("+00000001885-01-01T00:00:00Z", 9, "1885"),
        ("+1880-00-00T00:00:00Z", 8, "188X"),
        ("+1885-00-00T00:00:00Z", 8, "188X"),
        ("+1200-00-00T00:00:00Z", 7, "11XX"),
        ("+1150-00-00T00:00:00Z", 7, "11XX"),
        ("+1101-00-00T00:00:00Z", 7, "11XX"),
        ("+1001-00-00T00:00:00Z", 6, "[1001..2000]"),
        ("-0044-03-15T00:00:00Z", 11, "-0043-03-15"),
        ("-0044-00-00T00:00:00Z", 9, "-0043"),
        ("-0001-00-00T00:00:00Z", 9, "0000"),
        ("-0044-00-00T00:00:00Z", 8, "[-0048..-0039]"),
        ("-0005-00-00T00:00:00Z", 8, "[-0008..0000]"),
        ("-0400-00-00T00:00:00Z", 7, "[-0399..-0300]"),
        ("-0350-00-00T00:00:00Z", 7, "[-0399..-0300]"),
        ("-0301-00-00T00:00:00Z", 7, "[-0399..-0300]"),
    ],
)
def test_dates_keep_their_precision(text: str, precision: int, expected: str) -> None:
    assert edtf(claim(time(text, precision))) == expected
    assert parse_date(expected)


def test_a_julian_day_is_converted_and_its_original_kept() -> None:
    date, _ = read_dates(claim(time("+1885-09-06T00:00:00Z", 11, JULIAN)))
    assert date == ParsedDate("1885-09-18", "1885-09-06")
    date, _ = read_dates(claim(time("-0044-03-15T00:00:00Z", 11, JULIAN)))
    assert date == ParsedDate("-0043-03-13", "-0043-03-15")


def test_a_julian_month_is_converted_to_an_interval() -> None:
    date, _ = read_dates(claim(time("+1885-09-00T00:00:00Z", 10, JULIAN)))
    assert date == ParsedDate("[1885-09-13..1885-10-12]", "1885-09")
    assert edtf(claim(time("+1141-00-00T00:00:00Z", 9, JULIAN))) == "1141"


@pytest.mark.parametrize(
    ("julian", "ours"),
    [
        # The day after 4 October 1582 was 15 October; the October Revolution; Washington's birth.
        ((1582, 10, 5), "1582-10-15"),
        ((1917, 10, 25), "1917-11-07"),
        ((1732, 2, 11), "1732-02-22"),
        ((1900, 2, 29), "1900-03-13"),
        ((1, 1, 3), "0001-01-01"),
        ((-43, 3, 15), "-0043-03-13"),
    ],
)
def test_known_days_of_both_calendars_meet(julian: tuple[int, int, int], ours: str) -> None:
    assert format_iso(julian_to_ordinal(*julian)) == ours


@given(st.integers(-4_000, 3_000), st.integers(1, 12), st.integers(1, 27))
def test_the_day_after_is_the_day_after_in_both(year: int, month: int, day: int) -> None:
    assert julian_to_ordinal(year, month, day + 1) == julian_to_ordinal(year, month, day) + 1


CIRCA, PRESUMABLY = {"P1480": item("Q5727902")}, {"P1480": item("Q18122778")}


@pytest.mark.parametrize(
    ("precision", "qualifiers", "expected"),
    [
        (9, CIRCA, "1141~"),
        (9, PRESUMABLY, "1141?"),
        (9, {**CIRCA, "P5102": item("Q18912752")}, "1141%"),
        (7, CIRCA, "11XX~"),
        (11, CIRCA, "1141-05-06~"),
        (9, {"P1319": time("+1138-00-00T00:00:00Z", 9)}, "[1138..]"),
        (7, {"P1326": time("+1150-00-00T00:00:00Z", 9)}, "[..1150]"),
    ],
)
def test_uncertainty_and_bounds_are_read(precision: int, qualifiers: dict[str, Any], expected: str) -> None:
    value = time("+1141-05-06T00:00:00Z", precision)
    assert edtf(claim(value, qualifiers=qualifiers)) == expected


def test_an_unknown_date_may_have_bounds() -> None:
    bounds = {"P1319": time("+1138-00-00T00:00:00Z", 9), "P1326": time("+1141-06-00T00:00:00Z", 10)}
    assert edtf(claim(None, "somevalue", qualifiers=bounds)) == "[1138..1141-06]"
    assert edtf(claim(None, "somevalue")) is None
    assert edtf(claim(None, "novalue")) is None


YEAR = time("+1885-00-00T00:00:00Z", 9)
DAY = time("+1885-09-18T00:00:00Z", 11)
OTHER_YEAR = time("+1884-00-00T00:00:00Z", 9)


def test_the_best_rank_counts() -> None:
    assert edtf(claim(OTHER_YEAR), claim(YEAR, rank="preferred")) == "1885"
    assert edtf(claim(OTHER_YEAR, rank="deprecated"), claim(YEAR)) == "1885"
    assert edtf(claim(OTHER_YEAR, rank="deprecated")) is None


def test_the_narrowest_consistent_date_is_used() -> None:
    assert read_dates(claim(YEAR), claim(DAY)) == (ParsedDate("1885-09-18"), [])


def test_conflicting_dates_become_a_set_and_are_reported() -> None:
    date, notices = read_dates(claim(YEAR), claim(OTHER_YEAR))
    assert date == ParsedDate("[1884,1885]")
    assert [str(notice) for notice in notices] == [
        "Wikidata has 2 dates (1884, 1885). They were read as alternatives."
    ]


@pytest.mark.parametrize(
    "value",
    [
        time("+20000-00-00T00:00:00Z", 9),
        time("+0000-00-00T00:00:00Z", 9),
        time("-5000000-00-00T00:00:00Z", 3),
        time("+1885-02-30T00:00:00Z", 11),
        time("+1885-02-30T00:00:00Z", 11, JULIAN),
        time("+1885-13-01T00:00:00Z", 11, JULIAN),
    ],
)
def test_unsupported_dates_are_reported(value: dict[str, Any]) -> None:
    date, notices = read_dates(claim(value))
    assert date is None
    assert str(notices[0]).endswith("The value was left out.")


@pytest.mark.parametrize("value", [None, 7, "1885", {}, {"time": 1, "precision": 9}, {"time": "x"}])
def test_what_is_no_date_is_none(value: Any) -> None:
    assert edtf(claim(value)) is None


@example(9_999, 12, 31, 11, JULIAN)
@example(9_998, 0, 0, 6, "")
@given(
    st.integers(-9_999, 9_999),
    st.integers(0, 12),
    st.integers(0, 31),
    st.integers(0, 14),
    st.sampled_from([JULIAN, ""]),
)
def test_every_date_is_edtf_or_reported(
    year: int, month: int, day: int, precision: int, calendar: str
) -> None:
    text = f"{'-' if year < 0 else '+'}{abs(year):04}-{month:02}-{day:02}T00:00:00Z"
    date, notices = read_dates(claim(time(text, precision, calendar), qualifiers=CIRCA))
    assert date or notices
    if date:
        assert parse_date(date.edtf).text == date.edtf
