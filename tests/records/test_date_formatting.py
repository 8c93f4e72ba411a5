"""Formatting of dates: short, and grammatical in each language."""

import re

import pytest
from hypothesis import given

from biobank.records.date_formatting import format_edtf, format_life_years, format_uncertain_years
from biobank.records.dates import DateError, parse_vital_date, year_of
from biobank.records.numerals import dative_suffix, last_numeral, ordinal_suffix
from tests.support.records import dates

FORMATTED = [
    ("1885", "1885", "1885", "1885"),
    ("0712", "712", "712", "712"),
    ("1885-09", "sentyabr 1885", "September 1885", "сентябрь 1885"),
    ("1885-09-18", "18 sentyabr 1885", "18 September 1885", "18 сентября 1885"),
    ("1885-05-09", "9 may 1885", "9 May 1885", "9 мая 1885"),
    ("1885-24", "qış 1885", "winter 1885", "зима 1885"),
    ("1141~", "təxminən 1141", "c. 1141", "около 1141"),
    ("1141?", "1141 (?)", "1141 (?)", "1141 (?)"),
    ("1141%", "təxminən 1141 (?)", "c. 1141 (?)", "около 1141 (?)"),
    ("1885-09~", "təxminən sentyabr 1885", "c. September 1885", "около сентября 1885"),
    ("[1483..1494]", "1483–1494 arasında", "between 1483 and 1494", "между 1483 и 1494"),
    (
        "[1885-03..1886-09]",
        "mart 1885 – sentyabr 1886 arasında",
        "between March 1885 and September 1886",
        "между мартом 1885 и сентябрём 1886",
    ),
    ("[1713,1717]", "1713 və ya 1717", "1713 or 1717", "1713 или 1717"),
    ("[1713,1715,1717]", "1713, 1715 və ya 1717", "1713, 1715 or 1717", "1713, 1715 или 1717"),
    ("[..1900]", "1900 və ya əvvəl", "1900 or earlier", "1900 или ранее"),
    ("[1900..]", "1900 və ya sonra", "1900 or later", "1900 или позднее"),
    ("18XX", "XIX əsr", "19th century", "XIX век"),
    ("18XX~", "təxminən XIX əsr", "c. 19th century", "около XIX века"),
    ("20XX", "XXI əsr", "21st century", "XXI век"),
    ("188X", "1880-ci illər", "1880s", "1880-е годы"),
    ("180X", "1800–1809", "1800–1809", "1800–1809"),
    ("-0042", "e.ə. 43", "43 BCE", "43 до н. э."),
    ("-01XX", "e.ə. II əsr", "2nd century BCE", "II век до н. э."),
    ("1928/1948", "1928–1948", "1928–1948", "1928–1948"),
    ("1928-09/1948", "sentyabr 1928 – 1948", "September 1928 – 1948", "сентябрь 1928 — 1948"),
    ("1928/..", "1928-ci ildən", "from 1928", "с 1928"),
    ("1906/..", "1906-cı ildən", "from 1906", "с 1906"),
    ("1928-09/..", "1928-ci ilin sentyabrından", "from September 1928", "с сентября 1928"),
    ("188X/..", "1880-ci illərdən", "from the 1880s", "с 1880-х годов"),
    ("../1948", "1948-ə qədər", "until 1948", "до 1948"),
    ("../1910", "1910-a qədər", "until 1910", "до 1910"),
    ("../1948-04", "1948-ci ilin aprelinə qədər", "until April 1948", "до апреля 1948"),
    ("1928/", "1928–?", "1928–?", "1928–?"),
]


@pytest.mark.parametrize(("text", "az", "en", "ru"), FORMATTED)
def test_a_date_is_formatted_in_each_language(text: str, az: str, en: str, ru: str) -> None:
    assert [format_edtf(text, lang) for lang in ("az", "en", "ru")] == [az, en, ru]


LIFE_YEARS = [
    ("1885-09-18", "1948-11-23", False, "1885–1948", "1885–1948", "1885–1948"),
    ("1141~", "1209", False, "təx. 1141–1209", "c. 1141–1209", "ок. 1141–1209"),
    ("1141~", "1209~", False, "təx. 1141 – təx. 1209", "c. 1141 – c. 1209", "ок. 1141 – ок. 1209"),
    (None, "1067", False, "ö. 1067", "d. 1067", "ум. 1067"),
    ("1960", None, True, "doğ. 1960", "b. 1960", "род. 1960"),
    ("1960", None, False, "1960–?", "1960–?", "1960–?"),
    ("[1483..1494]", "1556", False, "1483/1494–1556", "1483/1494–1556", "1483/1494–1556"),
    ("1483/1494", "1556?", False, "1483/1494–1556?", "1483/1494–1556?", "1483/1494–1556?"),
    ("-0105", "-0042", False, "e.ə. 106–43", "106–43 BCE", "106–43 до н. э."),
    ("-0062", "0014", False, "e.ə. 63 – b.e. 14", "63 BCE – 14 CE", "63 до н. э. – 14 н. э."),
    ("-0369~", "-0320?", False, "təx. e.ə. 370–321?", "c. 370–321 BCE?", "ок. 370–321 до н. э.?"),
    (
        "-0062?",
        "0014~",
        False,
        "e.ə. 63? – b.e. təx. 14",
        "63 BCE? – c. 14 CE",
        "63 до н. э.? – ок. 14 н. э.",
    ),
    ("[-0062..-0059]", "-0042", False, "e.ə. 63/60–43", "63/60–43 BCE", "63/60–43 до н. э."),
    ("[-0003..0002]", "-0002", False, "e.ə. 4/2–e.ə. 3", "4 BCE/2 – 3 BCE", "4 до н. э./2 – 3 до н. э."),
    (None, None, True, "", "", ""),
]


@pytest.mark.parametrize(("birth", "death", "living", "az", "en", "ru"), LIFE_YEARS)
def test_life_years_are_short(
    birth: str | None, death: str | None, living: bool, az: str, en: str, ru: str
) -> None:
    formatted = [format_life_years(birth, death, lang, living) for lang in ("az", "en", "ru")]
    assert formatted == [az, en, ru]


UNCERTAIN_YEARS = [
    ("1141~", "1136–1146", "1136–1146", "1136–1146"),
    ("1905?", "1904–1906", "1904–1906", "1904–1906"),
    ("188X", "1880–1889", "1880–1889", "1880–1889"),
    ("18XX", "1800–1899", "1800–1899", "1800–1899"),
    ("[1483..1494]", "1483–1494", "1483–1494", "1483–1494"),
    ("1483/1494", "1483–1494", "1483–1494", "1483–1494"),
    ("[1862-05-30,1865]", "1862–1865", "1862–1865", "1862–1865"),
    ("[..1500]", "ən geci 1500", "1500 at the latest", "не позднее 1500"),
    ("[1500..]", "ən tezi 1500", "1500 at the earliest", "не ранее 1500"),
    ("1500/", "ən tezi 1500", "1500 at the earliest", "не ранее 1500"),
    ("[..-0042]", "ən geci e.ə. 43", "43 BCE at the latest", "не позднее 43 до н. э."),
    ("-0042~", "e.ə. 48–38", "48–38 BCE", "48–38 до н. э."),
    ("0003~", "e.ə. 3 – b.e. 8", "3 BCE – 8 CE", "3 до н. э. – 8 н. э."),
    *((date, "", "", "") for date in ("1885-09-18", "1885-09", "1885", "1885-XX", "-0042")),
    ("[1862-05-30,1862-05-31]", "", "", ""),
]


@pytest.mark.parametrize(("text", "az", "en", "ru"), UNCERTAIN_YEARS)
def test_uncertain_years_are_formatted_as_a_range(text: str, az: str, en: str, ru: str) -> None:
    assert [format_uncertain_years(text, lang) for lang in ("az", "en", "ru")] == [az, en, ru]


@given(text=dates())
def test_uncertain_years_match_the_range_of_the_date(text: str) -> None:
    parsed = parse_vital_date(text)[0]
    known = [year_of(day) for day in (parsed.earliest, parsed.latest) if day is not None]
    sure = len(known) == 2 and known[0] == known[1]
    expected = [] if sure else [str(year) if year > 0 else str(1 - year) for year in known]
    for lang in ("az", "en", "ru"):
        assert re.findall(r"\d+", format_uncertain_years(text, lang)) == expected


@pytest.mark.parametrize(
    ("number", "ordinal", "dative"),
    [
        *[(1900, "cü", "ə"), (2000, "ci", "ə"), (1901, "ci", "ə"), (1902, "ci", "yə")],
        *[(1903, "cü", "ə"), (1904, "cü", "ə"), (1905, "ci", "ə"), (1906, "cı", "ya")],
        *[(1907, "ci", "yə"), (1908, "ci", "ə"), (1909, "cu", "a"), (1910, "cu", "a")],
        *[(1920, "ci", "yə"), (1930, "cu", "a"), (1940, "cı", "a"), (1950, "ci", "yə")],
        *[(1960, "cı", "a"), (1970, "ci", "ə"), (1980, "ci", "ə"), (1990, "cı", "a")],
    ],
)
def test_suffixes_follow_the_last_spoken_numeral(number: int, ordinal: str, dative: str) -> None:
    assert (ordinal_suffix(number), dative_suffix(number)) == (ordinal, dative)


def test_the_last_numeral_is_the_last_nonzero_one() -> None:
    assert [last_numeral(n) for n in (1948, 1940, 1900, 2000, 0)] == [
        *("səkkiz", "qırx", "yüz", "min", "sıfır")
    ]


def test_an_unknown_language_falls_back_to_english() -> None:
    assert format_edtf("1885-09", "fr") == "September 1885"


@pytest.mark.parametrize("lang", ["az", "en", "ru"])
def test_invalid_dates_are_rejected(lang: str) -> None:
    with pytest.raises(DateError):
        format_edtf("soon", lang)
    with pytest.raises(DateError):
        format_life_years("soon", None, lang, living=False)
    with pytest.raises(DateError):
        format_uncertain_years("soon", lang)
