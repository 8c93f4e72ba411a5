"""A query, its URL and its query line are equivalent: each is derived from the others."""

from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from biobank.bootstrap import Services
from biobank.i18n import LANGUAGES
from biobank.search.args import query_from
from biobank.search.asking import asked, date_filter
from biobank.search.language.limits import CONDITIONS_MOST
from biobank.search.language.tree import leaves
from biobank.search.language.values import Labels
from biobank.search.query import (
    CERTAINTIES,
    PAGE_MOST,
    SIZE_MOST,
    SORTS,
    TEXT_MOST,
    UNKNOWN,
    Choice,
    SearchQuery,
)
from biobank.search.where import TIES, Area
from tests.support.addresses import Address
from tests.support.questions import sentences, texts

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
def labels(services: Services) -> Labels:
    return services.search.labels()


def _choices(values: dict[str, tuple[str, ...]]) -> st.SearchStrategy[dict[str, Choice]]:
    by_facet = {
        facet: st.lists(
            st.sampled_from([*some, *(f"-{value}" for value in some)]), min_size=1, max_size=3
        ).map(Choice.of)
        for facet, some in values.items()
    }
    return st.fixed_dictionaries({}, optional=by_facet)


_dates = st.none() | st.sampled_from(("1885", "188X", "1880..1920", "<1900", UNKNOWN)).map(
    date_filter
)
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
        page=st.integers(1, PAGE_MOST),
        size=st.integers(1, SIZE_MOST),
        sort=st.sampled_from(SORTS),
        choices=choices,
        born=_dates,
        died=_dates,
        certainty=st.sampled_from(CERTAINTIES),
        area=_areas,
        tie=st.sampled_from(TIES),
    ).map(lambda query: query if query.area else replace(query, tie=TIES[0]))


#: Any values that a URL may contain, unknown ids included.
_odd = {**KNOWN, "place": ("nonesuch", "a b", 'a"b', "<script>", "--x", "Bakı")}


#: With ids it exceeds the maximum length of a URL.
_LONG = " OR ".join(f"wwwwwwwww{number} peşə:şair" for number in range(10, 33))


@settings(max_examples=300)
@given(query=_queries(texts(), _choices(_odd)))
@example(query=SearchQuery(f"({_LONG}) cins:qadın -ölkə:TR"))
def test_the_address_of_a_question_is_that_question(labels: Labels, query: SearchQuery) -> None:
    found = asked(query, labels)
    assert _read(labels, found) == found
    assert _read(labels, found).address() == found.address()


@settings(max_examples=300)
@given(query=_queries(texts() | sentences(), _choices(KNOWN)))
@example(query=SearchQuery("profession:poet profession:composer"))
@example(query=SearchQuery("born:1885 born:1880..1890"))
@example(query=SearchQuery("opera OR musiqi", choices={"gender": Choice(("female",))}))
@example(query=SearchQuery('age:"opera OR musiqi"'))
@example(query=SearchQuery("-gender:male", choices={"gender": Choice((), ("female",))}))
def test_the_line_of_a_question_is_that_question_but_for_what_no_line_says(
    labels: Labels, query: SearchQuery
) -> None:
    found = asked(query, labels)
    if _conditions(found) > CONDITIONS_MOST:
        # A query line may hold less than a URL, which is reported.
        assert "too_many" in {it.code for it in asked(SearchQuery(found.line), labels).problems}
        return
    line = replace(
        found, text=found.line, choices={}, born=None, died=None, typed="", read=None, problems=()
    )
    assert asked(line, labels) == found
    assert asked(line, labels).line == found.line


def test_a_question_that_is_too_long_in_ids_has_what_was_typed_for_its_address(
    labels: Labels,
) -> None:
    found = asked(SearchQuery(_LONG), labels)
    assert len(found.text) > TEXT_MOST >= len(_LONG)
    assert found.address() == [("q", _LONG)]


@settings(max_examples=200)
@given(text=texts())
def test_a_question_in_its_one_form_is_asked_again_as_it_is(labels: Labels, text: str) -> None:
    found = asked(SearchQuery(text), labels)
    if len(found.text) <= TEXT_MOST:
        again = asked(replace(found, typed="", read=None), labels)
        assert (again, again.tree) == (found, found.tree)


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
def test_what_says_the_same_as_a_facet_or_a_date_stands_there(
    labels: Labels, typed: str, address: str
) -> None:
    found = asked(SearchQuery(typed), labels)
    assert urlencode(found.address(), safe=":.-~") == address


def _read(labels: Labels, query: SearchQuery) -> SearchQuery:
    """Return the query of a URL as a browser would send it."""
    pairs = parse_qsl(urlencode(query.address()), keep_blank_values=True)
    return asked(query_from(Address(pairs), query.lang), labels)


def _conditions(query: SearchQuery) -> int:
    chosen = sum(len(choice.values) for choice in query.choices.values())
    own = sum(1 for leaf in leaves(query.tree) if getattr(leaf, "field", "") or _strict(leaf))
    return chosen + own + bool(query.born) + bool(query.died)


def _strict(leaf: object) -> bool:
    return type(leaf).__name__ in ("Phrase", "Prefix")
