"""Parsing of search URLs, and the canonical URL of a query."""

import contextlib
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biobank.errors import BadQuery
from biobank.search.args import VALUE_MOST, query_from, reader_language, suggestion_from
from biobank.search.query import (
    CERTAINTIES,
    FACETS,
    PAGE_MOST,
    SIZE_MOST,
    SORTS,
    SUGGESTIONS_DEFAULT,
    TEXT_MOST,
    VALUES_MOST,
    Choice,
    SearchQuery,
)
from tests.support.addresses import Address


def test_an_empty_address_asks_for_everyone() -> None:
    assert query_from(Address(), "ru") == SearchQuery(lang="ru")
    assert query_from(Address(q=" ", page="", sort="", born=" ", gender=" "), "ru").address() == []


def test_a_whole_address_is_read() -> None:
    found = query_from(
        Address(
            [("country", "TR"), ("country", "-AZ"), ("country", "TR"), ("gender", "unknown")],
            q="  opera ",
            page="3",
            size="50",
            sort="-birth",
            born="1880..1920",
            died="18XX",
            certainty="certain",
        ),
        "en",
    )
    assert found.text == "opera"
    assert (found.page, found.size, found.offset) == (3, 50, 100)
    assert (found.sort, found.certainty) == ("-birth", "certain")
    assert found.choices == {"country": Choice(("TR",), ("AZ",)), "gender": Choice(("unknown",))}
    assert found.born
    assert found.died
    assert (found.born.text, found.died.text) == ("1880..1920", "18XX")
    assert found.born.earliest
    assert found.born.latest
    assert found.born.earliest < found.born.latest


def test_an_address_has_defaults_left_out_and_one_order() -> None:
    pairs = [
        ("page", "2"),
        ("gender", "-male"),
        ("q", "tar"),
        ("profession", "poet"),
        ("size", "20"),
    ]
    expected = [("q", "tar"), ("profession", "poet"), ("gender", "-male"), ("page", "2")]
    assert query_from(Address(pairs), "az").address() == expected


_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
_values = st.lists(_text | _text.map(lambda value: f"-{value}"), max_size=4)
_dates = st.sampled_from(
    ["", "1885", "1885-09-18", "188X", "1141~", "1880..1920", "..1900", "1900..", "<1900", ">1950"]
)


@given(
    text=_text,
    choices=st.dictionaries(st.sampled_from(FACETS), _values),
    single=st.fixed_dictionaries(
        {
            "born": _dates,
            "died": _dates,
            "certainty": st.sampled_from(("", *CERTAINTIES)),
            "sort": st.sampled_from(("", *SORTS)),
            "size": st.integers(1, SIZE_MOST).map(str),
            "page": st.integers(1, PAGE_MOST).map(str),
        }
    ),
    lang=st.sampled_from(("az", "en", "ru")),
)
def test_a_search_and_its_address_say_the_same(
    text: str, choices: dict[str, list[str]], single: dict[str, str], lang: str
) -> None:
    pairs = [(facet, value) for facet, values in choices.items() for value in values]
    query = query_from(Address(pairs, q=text, **single), lang)
    address = query.address()
    written = parse_qsl(urlencode(address), strict_parsing=bool(address))
    assert written == address
    again = query_from(Address(written), lang)
    assert again == query
    assert again.address() == address


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("page", value) for value in ("0", "-1", "1.5", "x", "1e3", "٣", "1" + "0" * 30)),
        ("page", str(PAGE_MOST + 1)),
        *(("size", value) for value in ("0", str(SIZE_MOST + 1), "many")),
        ("sort", "random"),
        ("sort", "Name"),
        ("certainty", "maybe"),
        ("profession", "x" * (VALUE_MOST + 1)),
    ],
)
def test_what_cannot_be_asked_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(BadQuery, match=f"^{name} takes") as error:
        query_from(Address([(name, value)]), "az")
    assert error.value.code == "bad_query"


def test_too_many_values_of_one_facet_are_refused() -> None:
    pairs = [("country", f"x{number}") for number in range(VALUES_MOST)]
    assert len(query_from(Address(pairs), "az").choices["country"].include) == VALUES_MOST
    with pytest.raises(BadQuery, match=r"^country takes"):
        query_from(Address([*pairs, ("country", "y")]), "az")


def test_a_question_of_six_hundred_characters_is_read_and_a_longer_one_refused() -> None:
    assert len(query_from(Address(q=f" {'я' * TEXT_MOST} "), "az").text) == TEXT_MOST
    with pytest.raises(BadQuery, match="601") as error:
        query_from(Address(q="я" * (TEXT_MOST + 1)), "az")
    assert error.value.code == "query_too_long"


@pytest.mark.parametrize("name", ["born", "died"])
@pytest.mark.parametrize(
    "value", ["yesterday", "1885-13", "1885-02-30", "1920..1880", "..", "<", "["]
)
def test_a_range_that_is_no_date_is_refused_with_its_name(name: str, value: str) -> None:
    with pytest.raises(BadQuery, match=f"^{name}: ") as error:
        query_from(Address([(name, value)]), "az")
    assert error.value.code == "bad_date"


@given(
    st.text(max_size=40), st.sampled_from(["born", "died", "page", "size", "sort", "gender", "q"])
)
def test_any_value_is_read_or_refused(value: str, name: str) -> None:
    with contextlib.suppress(BadQuery):
        query_from(Address([(name, value)]), "az").address()


def test_the_readers_language_is_one_of_three() -> None:
    assert reader_language(Address()) == "az"
    assert reader_language(Address(lang="ru")) == "ru"
    with pytest.raises(BadQuery, match=r"^lang takes"):
        reader_language(Address(lang="de"))


def test_suggestions_are_asked_for_with_a_beginning_a_language_and_a_size() -> None:
    assert suggestion_from(Address(q=" üz ", lang="en", size="3")) == ("üz", "en", 3)
    assert suggestion_from(Address()) == ("", "az", SUGGESTIONS_DEFAULT)
    with pytest.raises(BadQuery, match=r"^size takes"):
        suggestion_from(Address(size="1000"))
