"""Parsing of search URLs, and the canonical URL of a query."""

import contextlib
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biobank.errors import BadQuery
from biobank.search.query import (
    CERTAINTIES,
    DEFAULT_SUGGESTIONS,
    FACETS,
    MAX_FACET_VALUES,
    MAX_PAGE,
    MAX_PAGE_SIZE,
    MAX_QUERY_CHARS,
    SORT_ORDERS,
    FacetChoice,
    SearchQuery,
)
from biobank.search.request_args import (
    MAX_FACET_VALUE_CHARS,
    parse_language,
    parse_search_query,
    parse_suggestion_query,
)
from tests.support.query_arguments import QueryArguments


def test_empty_url_matches_everyone() -> None:
    assert parse_search_query(QueryArguments(), "ru") == SearchQuery(lang="ru")
    assert (
        parse_search_query(QueryArguments(q=" ", page="", sort="", born=" ", gender=" "), "ru").url_params()
        == []
    )


def test_complete_url_is_parsed() -> None:
    query = parse_search_query(
        QueryArguments(
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
    assert query.text == "opera"
    assert (query.page, query.size, query.offset) == (3, 50, 100)
    assert (query.sort, query.certainty) == ("-birth", "certain")
    assert query.choices == {"country": FacetChoice(("TR",), ("AZ",)), "gender": FacetChoice(("unknown",))}
    assert query.born
    assert query.died
    assert (query.born.text, query.died.text) == ("1880..1920", "18XX")
    assert query.born.earliest
    assert query.born.latest
    assert query.born.earliest < query.born.latest


def test_url_omits_defaults_and_has_fixed_order() -> None:
    pairs = [("page", "2"), ("gender", "-male"), ("q", "tar"), ("profession", "poet"), ("size", "20")]
    expected = [("q", "tar"), ("profession", "poet"), ("gender", "-male"), ("page", "2")]
    assert parse_search_query(QueryArguments(pairs), "az").url_params() == expected


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
            "sort": st.sampled_from(("", *SORT_ORDERS)),
            "size": st.integers(1, MAX_PAGE_SIZE).map(str),
            "page": st.integers(1, MAX_PAGE).map(str),
        }
    ),
    lang=st.sampled_from(("az", "en", "ru")),
)
def test_query_url_round_trip(
    text: str, choices: dict[str, list[str]], single: dict[str, str], lang: str
) -> None:
    pairs = [(facet, value) for facet, values in choices.items() for value in values]
    query = parse_search_query(QueryArguments(pairs, q=text, **single), lang)
    address = query.url_params()
    written = parse_qsl(urlencode(address), strict_parsing=bool(address))
    assert written == address
    reparsed = parse_search_query(QueryArguments(written), lang)
    assert reparsed == query
    assert reparsed.url_params() == address


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("page", value) for value in ("0", "-1", "1.5", "x", "1e3", "٣", "1" + "0" * 30)),
        ("page", str(MAX_PAGE + 1)),
        *(("size", value) for value in ("0", str(MAX_PAGE_SIZE + 1), "many")),
        ("sort", "random"),
        ("sort", "Name"),
        ("certainty", "maybe"),
        ("profession", "x" * (MAX_FACET_VALUE_CHARS + 1)),
    ],
)
def test_invalid_argument_is_rejected_by_name(name: str, value: str) -> None:
    with pytest.raises(BadQuery, match=f"^{name} takes") as error:
        parse_search_query(QueryArguments([(name, value)]), "az")
    assert error.value.code == "bad_query"


def test_too_many_values_of_one_facet_are_rejected() -> None:
    pairs = [("country", f"x{number}") for number in range(MAX_FACET_VALUES)]
    assert len(parse_search_query(QueryArguments(pairs), "az").choices["country"].include) == MAX_FACET_VALUES
    with pytest.raises(BadQuery, match=r"^country takes"):
        parse_search_query(QueryArguments([*pairs, ("country", "y")]), "az")


def test_query_longer_than_600_characters_is_rejected() -> None:
    assert (
        len(parse_search_query(QueryArguments(q=f" {'я' * MAX_QUERY_CHARS} "), "az").text) == MAX_QUERY_CHARS
    )
    with pytest.raises(BadQuery, match="601") as error:
        parse_search_query(QueryArguments(q="я" * (MAX_QUERY_CHARS + 1)), "az")
    assert error.value.code == "query_too_long"


@pytest.mark.parametrize("name", ["born", "died"])
@pytest.mark.parametrize("value", ["yesterday", "1885-13", "1885-02-30", "1920..1880", "..", "<", "["])
def test_invalid_date_range_is_rejected_by_name(name: str, value: str) -> None:
    with pytest.raises(BadQuery, match=f"^{name}: ") as error:
        parse_search_query(QueryArguments([(name, value)]), "az")
    assert error.value.code == "bad_date"


@given(st.text(max_size=40), st.sampled_from(["born", "died", "page", "size", "sort", "gender", "q"]))
def test_any_value_is_read_or_refused(value: str, name: str) -> None:
    with contextlib.suppress(BadQuery):
        assert parse_search_query(QueryArguments([(name, value)]), "az").url_params() is not None


def test_language_is_one_of_three() -> None:
    assert parse_language(QueryArguments()) == "az"
    assert parse_language(QueryArguments(lang="ru")) == "ru"
    with pytest.raises(BadQuery, match=r"^lang takes"):
        parse_language(QueryArguments(lang="de"))


def test_suggestion_arguments_are_parsed() -> None:
    assert parse_suggestion_query(QueryArguments(q=" üz ", lang="en", size="3")) == ("üz", "en", 3)
    assert parse_suggestion_query(QueryArguments()) == ("", "az", DEFAULT_SUGGESTIONS)
    with pytest.raises(BadQuery, match=r"^size takes"):
        parse_suggestion_query(QueryArguments(size="1000"))
