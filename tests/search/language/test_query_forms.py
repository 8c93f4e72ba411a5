"""A query, its URL and its query line are equivalent: each is derived from the others."""

from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from biobank.bootstrap import Services
from biobank.common.i18n import LANGUAGES
from biobank.search.geo import TIE_KINDS, Area
from biobank.search.language.label_index import LabelIndex
from biobank.search.language.tree import MAX_CONDITIONS, leaves
from biobank.search.normalize import date_filter, normalize_query
from biobank.search.query import (
    CERTAINTIES,
    MAX_PAGE,
    MAX_PAGE_SIZE,
    MAX_QUERY_CHARS,
    SORT_ORDERS,
    UNKNOWN,
    FacetChoice,
    SearchQuery,
)
from biobank.search.request_args import parse_search_query
from tests.support.profiles import scaled
from tests.support.query_arguments import QueryArguments
from tests.support.query_texts import sentences, texts

#: Existing values by facet.
KNOWN = {
    "profession": ("composer", "poet", UNKNOWN),
    "country": ("AZ", "TR", "IR"),
    "birthplace": ("baku", "susa"),
    "century": ("19", "1bce"),
    "gender": ("female", "male", UNKNOWN),
    "language": ("az", "ru"),
}


@pytest.fixture(scope="module")
def labels(services: Services) -> LabelIndex:
    return services.search.labels()


def _choices(values: dict[str, tuple[str, ...]]) -> st.SearchStrategy[dict[str, FacetChoice]]:
    by_facet = {
        facet: st.lists(
            st.sampled_from([*some, *(f"-{value}" for value in some)]), min_size=1, max_size=3
        ).map(FacetChoice.from_values)
        for facet, some in values.items()
    }
    return st.fixed_dictionaries({}, optional=by_facet)


_dates = st.none() | st.sampled_from(("1885", "188X", "1880..1920", "<1900", UNKNOWN)).map(date_filter)
_degrees = st.floats(-90, 90)
_areas = st.none() | st.builds(
    lambda west, east, lats: Area(west * 2, min(lats), east * 2, max(lats)),
    _degrees,
    _degrees,
    st.tuples(_degrees, _degrees),
)


def _queries(text: st.SearchStrategy[str], choices: Any) -> st.SearchStrategy[SearchQuery]:
    return st.builds(
        SearchQuery,
        text=text.map(str.strip),
        lang=st.sampled_from(LANGUAGES),
        page=st.integers(1, MAX_PAGE),
        size=st.integers(1, MAX_PAGE_SIZE),
        sort=st.sampled_from(SORT_ORDERS),
        choices=choices,
        born=_dates,
        died=_dates,
        certainty=st.sampled_from(CERTAINTIES),
        area=_areas,
        tie=st.sampled_from(TIE_KINDS),
    ).map(lambda query: query if query.area else replace(query, tie=TIE_KINDS[0]))


#: Any values that a URL may contain, unknown ids included.
_odd = {**KNOWN, "place": ("nonesuch", "a b", 'a"b', "<script>", "--x", "Bakı")}


#: With ids it exceeds the maximum length of a URL.
_LONG = " OR ".join(f"wwwwwwwww{number} peşə:şair" for number in range(10, 33))


@settings(max_examples=scaled(300))
@given(query=_queries(texts(), _choices(_odd)))
@example(query=SearchQuery(f"({_LONG}) cins:qadın -ölkə:TR"))
def test_url_parses_to_same_query(labels: LabelIndex, query: SearchQuery) -> None:
    normalized = normalize_query(query, labels)
    assert parse_url(labels, normalized) == normalized
    assert parse_url(labels, normalized).url_params() == normalized.url_params()


@settings(max_examples=scaled(300))
@given(query=_queries(texts() | sentences(), _choices(KNOWN)))
@example(query=SearchQuery("profession:poet profession:composer"))
@example(query=SearchQuery("born:1885 born:1880..1890"))
@example(query=SearchQuery("opera OR musiqi", choices={"gender": FacetChoice(("female",))}))
@example(query=SearchQuery('age:"opera OR musiqi"'))
@example(query=SearchQuery("-gender:male", choices={"gender": FacetChoice((), ("female",))}))
def test_query_line_parses_to_same_query(labels: LabelIndex, query: SearchQuery) -> None:
    normalized = normalize_query(query, labels)
    if _conditions(normalized) > MAX_CONDITIONS:
        # A query line may hold less than a URL, which is reported.
        assert "too_many" in {
            problem.code for problem in normalize_query(SearchQuery(normalized.query_line), labels).problems
        }
        return
    line = replace(
        normalized,
        text=normalized.query_line,
        choices={},
        born=None,
        died=None,
        typed="",
        parsed=None,
        problems=(),
    )
    assert normalize_query(line, labels) == normalized
    assert normalize_query(line, labels).query_line == normalized.query_line


def test_url_uses_typed_text_if_ids_are_too_long(labels: LabelIndex) -> None:
    normalized = normalize_query(SearchQuery(_LONG), labels)
    assert len(normalized.text) > MAX_QUERY_CHARS >= len(_LONG)
    assert normalized.url_params() == [("q", _LONG)]


@settings(max_examples=scaled(200))
@given(text=texts())
def test_normalization_is_idempotent(labels: LabelIndex, text: str) -> None:
    normalized = normalize_query(SearchQuery(text), labels)
    if len(normalized.text) <= MAX_QUERY_CHARS:
        renormalized = normalize_query(replace(normalized, typed="", parsed=None), labels)
        assert (renormalized, renormalized.tree) == (normalized, normalized.tree)


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("profession:composer", "profession=composer"),
        ("peşə:bəstəkar", "profession=composer"),
        ("(профессия:поэт ИЛИ профессия:композитор)", "profession=poet&profession=composer"),
        ("opera -gender:female", "q=opera&gender=-female"),
        ("-(gender:female OR gender:male)", "gender=-female&gender=-male"),
        ("born:1880-1920", "born=1880..1920"),
        ("died:unknown", "died=unknown"),
        ("-born:1885", "q=-born:1885"),
        ("profession:composer OR opera", "q=profession:composer+OR+opera"),
        ("award:stalin-prize", "q=award:stalin-prize"),
        ("age:>90", "q=age:91.."),
        ("near:Şuşa", "q=near:susa~50km"),
        ("opera  və   ((musiqi))", "q=opera+v%C9%99+musiqi"),
        ("-(-opera)", "q=opera"),
        ("opera OR opera", "q=opera"),
        ('"Molla  Nəsrəddin"', "q=%22Molla+N%C9%99sr%C9%99ddin%22"),
        ("( )", ""),
    ],
)
def test_facet_and_date_conditions_are_moved_from_text(labels: LabelIndex, typed: str, address: str) -> None:
    normalized = normalize_query(SearchQuery(typed), labels)
    assert urlencode(normalized.url_params(), safe=":.-~") == address


def parse_url(labels: LabelIndex, query: SearchQuery) -> SearchQuery:
    """Return the query of a URL as a browser would send it."""
    pairs = parse_qsl(urlencode(query.url_params()), keep_blank_values=True)
    return normalize_query(parse_search_query(QueryArguments(pairs), query.lang), labels)


def _conditions(query: SearchQuery) -> int:
    chosen = sum(len(choice.values) for choice in query.choices.values())
    own = sum(1 for leaf in leaves(query.tree) if getattr(leaf, "field", "") or _strict(leaf))
    return chosen + own + bool(query.born) + bool(query.died)


def _strict(leaf: object) -> bool:
    return type(leaf).__name__ in ("Phrase", "Prefix")
