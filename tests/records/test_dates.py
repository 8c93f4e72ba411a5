"""EDTF dates: ranges of days, and helpful error messages."""

import contextlib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biobank.records.dates import (
    DateError,
    centuries,
    parse_date,
    parse_date_range,
    parse_vital_date,
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
    parsed = parse_date(text)
    assert (parsed.earliest, parsed.latest) == (day(earliest), day(latest))


@pytest.mark.parametrize("text", ["1928/..", "[1928..]", "1928/"])
def test_an_open_end_has_no_latest_day(text: str) -> None:
    parsed = parse_date(text)
    assert (parsed.earliest, parsed.latest) == (day("1928-01-01"), None)


@pytest.mark.parametrize("text", ["../1948", "[..1948]", "/1948"])
def test_an_open_start_has_no_earliest_day(text: str) -> None:
    parsed = parse_date(text)
    assert (parsed.earliest, parsed.latest) == (None, day("1948-12-31"))


def test_qualifiers_and_intervals_are_flagged() -> None:
    assert parse_date("1141~").approximate
    assert not parse_date("1141~").uncertain
    assert parse_date("1141?").uncertain
    assert parse_date("1141%").approximate
    assert parse_date("1141%").uncertain
    assert parse_date("1928~/1948").approximate
    assert parse_date("1928/1948").interval
    assert not parse_date("[1928..1948]").interval


def test_years_bce_are_astronomical() -> None:
    assert parse_date("0001-01-01").earliest == 1
    assert parse_date("0000-12-31").latest == 0
    assert parse_date("-0043").earliest == 1 - (366 + 43 * 365 + 10)  # year 0 and ten leap years
    assert [year_of(ordinal) for ordinal in (1, 0, -365, -366)] == [1, 0, 0, -1]
    hundred = parse_date("-01XX")
    assert hundred.earliest is not None
    assert hundred.latest is not None
    assert (year_of(hundred.earliest), year_of(hundred.latest)) == (-199, -100)


@pytest.mark.parametrize(
    ("text", "code", "hint"),
    [
        ("1900-02-30", "date_no_such_day", "30 February 1900 is not a valid day"),
        ("1900-02-30", "date_no_such_day", "write 1900-02 if the day is unknown"),
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
def test_invalid_dates_are_rejected_with_a_hint(text: str, code: str, hint: str) -> None:
    with pytest.raises(DateError) as refused:
        parse_date(text)
    assert refused.value.code == code
    assert hint in refused.value.message


def test_messages_contain_no_control_characters() -> None:
    with pytest.raises(DateError) as refused:
        parse_date("18\x0085\ud800")
    assert refused.value.message.isprintable()


@given(st.text(max_size=70) | st.text("0123456789-X~?%[]./, ", max_size=20))
def test_any_text_is_a_date_or_a_date_error(text: str) -> None:
    for read in (parse_date, parse_vital_date, parse_date_range):
        with contextlib.suppress(DateError):
            assert read(text) is not None


@given(
    st.integers(-9999, 9999),
    st.sampled_from(["", "-09", "-02-28", "-XX", "-24"]),
    st.sampled_from(["", "~", "?", "%"]),
)
def test_the_earliest_day_is_never_after_the_latest(year: int, suffix: str, mark: str) -> None:
    sign = "-" if year < 0 else ""
    parsed = parse_date(f"{sign}{abs(year):04}{suffix}{mark}")
    assert parsed.earliest is not None
    assert parsed.latest is not None
    assert parsed.earliest <= parsed.latest
    assert year_of(parsed.earliest) <= year <= year_of(parsed.latest)


@given(st.dates())
def test_ordinals_match_the_standard_library(calendar_date: date) -> None:
    assert parse_date(calendar_date.isoformat()).earliest == calendar_date.toordinal()
    assert year_of(calendar_date.toordinal()) == calendar_date.year


def test_an_interval_of_a_vital_date_becomes_a_range_with_a_notice() -> None:
    parsed, notice = parse_vital_date("1483/1494")
    assert (parsed.text, parsed.interval) == ("[1483..1494]", False)
    assert notice is not None
    assert "[1483..1494]" in notice
    assert parse_date(parsed.text) == parsed
    assert parse_vital_date("1928/..")[0].text == "[1928..]"
    assert parse_vital_date("1885-09-18") == (parse_date("1885-09-18"), None)


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
    assert parse_date_range(text) == expected


@pytest.mark.parametrize("text", ["", "..", "<", "1920..1880", "<188", "1880..x"])
def test_an_invalid_filter_is_rejected(text: str) -> None:
    with pytest.raises(DateError):
        parse_date_range(text)


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
def test_centuries_cover_the_range_of_the_date(text: str, expected: list[int]) -> None:
    parsed = parse_date(text)
    assert list(centuries(parsed.earliest, parsed.latest)) == expected


def test_an_unknown_date_has_no_century() -> None:
    assert list(centuries(None, None)) == []
