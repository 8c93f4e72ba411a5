"""EDTF dates: ranges of days, and helpful error messages."""

import contextlib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biobank.records.dates import (
    DateError,
    centuries,
    date_range,
    moment,
    parse_date,
    year_of,
)


def day(text: str) -> int:
    return date.fromisoformat(text).toordinal()


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("1885", "1885-01-01", "1885-12-31"),
        ("1885-09", "1885-09-01", "1885-09-30"),
        ("1904-02", "1904-02-01", "1904-02-29"),
        ("1885-09-18", "1885-09-18", "1885-09-18"),
        ("0712", "0712-01-01", "0712-12-31"),
        ("18XX", "1800-01-01", "1899-12-31"),
        ("188X", "1880-01-01", "1889-12-31"),
        ("1885-XX", "1885-01-01", "1885-12-31"),
        ("1885-XX-XX", "1885-01-01", "1885-12-31"),
        ("1885-09-XX", "1885-09-01", "1885-09-30"),
        ("1885-21", "1885-03-01", "1885-05-31"),
        ("1885-24", "1885-01-01", "1886-02-28"),
        ("[1483..1494]", "1483-01-01", "1494-12-31"),
        ("[1717,1713]", "1713-01-01", "1717-12-31"),
        ("1928/1948", "1928-01-01", "1948-12-31"),
        (" 1928 / 1948 ", "1928-01-01", "1948-12-31"),
        ("1141~", "1136-01-01", "1146-12-31"),
        ("1141?", "1140-01-01", "1142-12-31"),
        ("1141%", "1136-01-01", "1146-12-31"),
        ("1600-02-29?", "1599-02-28", "1601-02-28"),
    ],
)
def test_a_date_covers_the_days_it_may_fall_on(text: str, earliest: str, latest: str) -> None:
    found = parse_date(text)
    assert (found.earliest, found.latest) == (day(earliest), day(latest))


@pytest.mark.parametrize("text", ["1928/..", "[1928..]", "1928/"])
def test_an_open_end_has_no_latest_day(text: str) -> None:
    found = parse_date(text)
    assert (found.earliest, found.latest) == (day("1928-01-01"), None)


@pytest.mark.parametrize("text", ["../1948", "[..1948]", "/1948"])
def test_an_open_beginning_has_no_earliest_day(text: str) -> None:
    found = parse_date(text)
    assert (found.earliest, found.latest) == (None, day("1948-12-31"))


def test_qualifiers_and_intervals_are_told() -> None:
    assert parse_date("1141~").approximate
    assert not parse_date("1141~").uncertain
    assert parse_date("1141?").uncertain
    assert parse_date("1141%").approximate
    assert parse_date("1141%").uncertain
    assert parse_date("1928~/1948").approximate
    assert parse_date("1928/1948").interval
    assert not parse_date("[1928..1948]").interval


def test_years_before_the_first_are_astronomical() -> None:
    assert parse_date("0001-01-01").earliest == 1
    assert parse_date("0000-12-31").latest == 0
    assert parse_date("-0043").earliest == 1 - (366 + 43 * 365 + 10)  # year 0 and ten leap years
    assert [year_of(found) for found in (1, 0, -365, -366)] == [1, 0, 0, -1]
    hundred = parse_date("-01XX")
    assert hundred.earliest is not None
    assert hundred.latest is not None
    assert (year_of(hundred.earliest), year_of(hundred.latest)) == (-199, -100)


@pytest.mark.parametrize(
    ("text", "code", "hint"),
    [
        ("1900-02-30", "date_no_such_day", "30 February 1900 is not a day of the calendar"),
        ("1900-02-30", "date_no_such_day", "write 1900-02 if the day is not known"),
        ("1914-18", "date_no_such_month", "1914/1918"),
        ("1920/1900", "date_reversed", "swap"),
        ("[1920..1900]", "date_reversed", "swap"),
        ("../..", "date_says_nothing", "give one end"),
        ("", "date_empty", "leave the field out"),
        ("1" * 65, "date_too_long", "64"),
        ("18.09.1885", "date_not_understood", "1885-09-18"),
        ("1885-9-8", "date_not_understood", "1885-09-08"),
        ("712", "date_not_understood", "0712"),
        ("18xx", "date_not_understood", "18XX"),
        ("c. 1141", "date_not_understood", "1141~"),
        ("1928-1948", "date_not_understood", "1928/1948"),
        ("1885-09-18T12:00", "date_not_understood", "without a time"),
        ("{1713,1717}", "date_not_understood", "[1713,1717]"),
        ("1885-XX-18", "date_not_understood", "1885-09"),
        ("soon", "date_not_understood", "1885-09-18"),
    ],
)
def test_what_is_no_date_is_refused_with_the_way_out(text: str, code: str, hint: str) -> None:
    with pytest.raises(DateError) as refused:
        parse_date(text)
    assert refused.value.code == code
    assert hint in refused.value.message


def test_a_message_holds_no_control_characters() -> None:
    with pytest.raises(DateError) as refused:
        parse_date("18\x0085\ud800")
    assert refused.value.message.isprintable()


@given(st.text(max_size=70) | st.text("0123456789-X~?%[]./, ", max_size=20))
def test_any_text_is_a_date_or_a_date_error(text: str) -> None:
    for read in (parse_date, moment, date_range):
        with contextlib.suppress(DateError):
            read(text)


@given(
    st.integers(-9999, 9999),
    st.sampled_from(["", "-09", "-02-28", "-XX", "-24"]),
    st.sampled_from(["", "~", "?", "%"]),
)
def test_the_earliest_day_is_never_after_the_latest(year: int, rest: str, mark: str) -> None:
    sign = "-" if year < 0 else ""
    found = parse_date(f"{sign}{abs(year):04}{rest}{mark}")
    assert found.earliest is not None
    assert found.latest is not None
    assert found.earliest <= found.latest
    assert year_of(found.earliest) <= year <= year_of(found.latest)


@given(st.dates())
def test_days_are_those_of_the_standard_library(found: date) -> None:
    assert parse_date(found.isoformat()).earliest == found.toordinal()
    assert year_of(found.toordinal()) == found.year


def test_a_span_given_for_a_moment_is_read_as_some_time_between_with_a_notice() -> None:
    found, notice = moment("1483/1494")
    assert (found.text, found.interval) == ("[1483..1494]", False)
    assert notice is not None
    assert "[1483..1494]" in notice
    assert parse_date(found.text) == found
    assert moment("1928/..")[0].text == "[1928..]"
    assert moment("1885-09-18") == (parse_date("1885-09-18"), None)


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("1880..1920", "1880-01-01", "1920-12-31"),
        ("..1900", None, "1900-12-31"),
        ("1950..", "1950-01-01", None),
        ("<1900", None, "1899-12-31"),
        (">1950", "1951-01-01", None),
        ("188X", "1880-01-01", "1889-12-31"),
        ("1928/1948", "1928-01-01", "1948-12-31"),
        ("[..1900]", None, "1900-12-31"),
    ],
)
def test_a_filter_is_a_range_of_days(text: str, earliest: str | None, latest: str | None) -> None:
    expected = tuple(day(end) if end else None for end in (earliest, latest))
    assert date_range(text) == expected


@pytest.mark.parametrize("text", ["", "..", "<", "1920..1880", "<188", "1880..x"])
def test_a_filter_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(DateError):
        date_range(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1800", [18]),
        ("1801", [19]),
        ("1900", [19]),
        ("18XX", [19]),
        ("[1895..1905]", [19, 20]),
        ("-0043", [-1]),
        ("-0099", [-1]),
        ("-0100", [-2]),
        ("[-0010..0010]", [-1, 1]),
        ("[..1700]", [17]),
        ("[1700..]", [17]),
    ],
)
def test_centuries_are_those_that_a_date_may_fall_in(text: str, expected: list[int]) -> None:
    found = parse_date(text)
    assert list(centuries(found.earliest, found.latest)) == expected


def test_nothing_known_is_no_century() -> None:
    assert list(centuries(None, None)) == []
