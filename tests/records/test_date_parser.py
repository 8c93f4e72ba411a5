"""Typed dates: parsed in three languages, ambiguous ones rejected."""

import re

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from biobank.records.date_formatting import format_edtf
from biobank.records.date_parser.parser import MAX_TYPED_DATE_CHARS, parse_typed_date
from biobank.records.dates import parse_date
from biobank.records.edtf import DateError
from tests.support.records import dates

TYPED = {
    "1141~": (
        "c. 1141",
        "ca 1141",
        "около 1141",
        "ок. 1141",
        "təxminən 1141",
        "texminen 1141-ci il",
        "təxm. 1141",
        "прибл. 1141",
    ),
    "1141?": ("1141?", "1141 (?)", "perhaps 1141", "возможно 1141", "bəlkə 1141"),
    "1141%": ("c. 1141?", "təx. 1141 (?)", "probably c. 1141"),
    "0712": ("712", "AD 712", "712 н. э.", "b.e. 712"),
    "-0042": ("43 BCE", "43 B.C.", "e.ə. 43", "43 до н. э."),
    "188X": ("1880s", "the 1880s", "1880-ci illər", "1880-е годы", "80-е годы XIX века"),
    "18XX": ("19th century", "XIX əsr", "19-cu əsr", "XIX esr", "XIX век", "XIX в.", "18??"),
    "-01XX": ("2nd century BCE", "e.ə. II əsr", "II век до н. э."),
    "[1801..1850]": ("first half of the 19th century", "XIX əsrin birinci yarısı"),
    "[1851..1900]": ("second half of the 19th century", "вторая половина XIX века"),
    "1885-09-18": (
        *("18 September 1885", "September 18, 1885", "18th of September 1885", "Sept. 18, 1885"),
        *("18 sentyabr 1885", "18 sentyabr 1885-ci il", "1885-ci il sentyabrın 18-i"),
        *("18 сентября 1885", "18 сентября 1885 г.", "18.09.1885", "18/09/1885", "09/18/1885"),
        *("18.IX.1885", "1885/9/18", "1885-9-18", "6 (18) сентября 1885", "18 [6] sentyabr 1885"),
    ),
    "1885-06-12": ("31 мая (12 июня) 1885",),
    "1885-09": ("September 1885", "1885-ci ilin sentyabrı", "в сентябре 1885", "09.1885"),
    "1885-21": ("spring 1885", "1885-ci ilin yazı", "весной 1885"),
    "[1483..1494]": (
        *("between 1483 and 1494", "между 1483 и 1494", "1483–1494 arasında", "1483..1494"),
        "1483-cü illə 1494-cü il arasında",
    ),
    "[1713,1717]": ("1713 or 1717", "1713 və ya 1717", "1713 yaxud 1717", "1713 или 1717"),
    "1928/1948": (
        *("1928–1948", "1928 - 1948", "1928-48", "from 1928 to 1948", "с 1928 по 1948"),
        "1928-ci ildən 1948-ci ilə qədər",
    ),
    "1905-03-05/1905-03-07": ("5–7 mart 1905", "5-7 марта 1905"),
    "18XX/19XX": ("XIX–XX əsrlər", "19th–20th centuries", "XIX–XX вв."),
    "-0105/-0042": ("106–43 BCE", "e.ə. 106–43", "106–43 до н. э."),
    "1928/..": ("from 1928", "since 1928", "с 1928", "1928-ci ildən"),
    "../1948": ("until 1948", "до 1948", "1948-ə qədər"),
    "[1901..]": ("after 1900", "после 1900", "1900-cü ildən sonra"),
    "[..1899]": ("before 1900", "1900-cü ildən əvvəl", "ранее 1900"),
    "[1885-09-19..]": ("after 18 September 1885",),
    "[..1209]": ("not later than 1209", "не позднее 1209", "ən geci 1209", "1209 or earlier"),
}


@pytest.mark.parametrize(("edtf", "typed"), TYPED.items())
def test_typed_dates_are_parsed(edtf: str, typed: tuple[str, ...]) -> None:
    assert {text: parse_typed_date(text) for text in typed} == dict.fromkeys(typed, edtf)


REFUSED = [
    ("", "date_empty"),
    ("unknown", "date_not_understood"),
    ("18", "date_not_understood"),
    ("sentyabr 85", "date_not_understood"),
    ("03/04/1885", "date_two_ways"),
    ("30.02.1885", "date_no_such_day"),
    ("13.13.1885", "date_no_such_month"),
    ("1885 – 1880", "date_reversed"),
    ("28 (10) марта 1885", "date_not_understood"),
    ("1" * (MAX_TYPED_DATE_CHARS + 1), "date_too_long"),
]


@pytest.mark.parametrize(("text", "code"), REFUSED)
def test_invalid_and_ambiguous_dates_are_rejected(text: str, code: str) -> None:
    with pytest.raises(DateError) as refusal:
        parse_typed_date(text)
    assert refusal.value.code == code


@given(text=dates())
@example("1885-XX")
@example("188X")
@example("[..1900]")
def test_edtf_is_unchanged(text: str) -> None:
    assert parse_typed_date(text) == parse_date(text).text


#: Formatted intervals name the first era only; a year below 100 has one or two digits, as has
#: an abbreviated year.
_BOTH_ERAS = re.compile(r"-0.*(?:\.\.|,|/)[012]")
_SHORT_YEAR = re.compile(r"(?<![-\d])00\d\d|00XX")


@given(text=dates(), lang=st.sampled_from(["az", "en", "ru"]))
@example("1885-24~", "ru")
@example("1928-09/..", "az")
@example("../1948-04", "az")
@example("[1885-03..1886-09]", "ru")
@example("-01XX", "en")
@example("188X/..", "az")
@example("../188X", "ru")
@example("[188X..1900]", "ru")
@example("-0043-03-15", "az")
def test_formatted_dates_are_parsed_back(text: str, lang: str) -> None:
    assume(not _SHORT_YEAR.search(text) and not _BOTH_ERAS.search(text))
    assert parse_typed_date(format_edtf(text, lang)) == text


@given(text=st.text(max_size=MAX_TYPED_DATE_CHARS + 5))
def test_any_text_is_parsed_or_rejected(text: str) -> None:
    try:
        edtf = parse_typed_date(text)
    except DateError:
        return
    assert parse_date(edtf).text == edtf
