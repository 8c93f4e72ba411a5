"""Typeahead: people matched by a partly typed query, within filters."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biobank.bootstrap import Services
from biobank.search.query import Choice, SearchQuery

UZEYIR, SOLTAN, CEYHUN = "uzeyir-hacibeyov", "soltan-hacibeyov", "ceyhun-hacibeyli"


def begun(services: Services, text: str, lang: str = "az", size: int = 5, **facets: Any) -> Any:
    choices = {name: Choice.of([value]) for name, value in facets.items()}
    query = SearchQuery(text=text, lang=lang, size=size, choices=choices)
    return services.search.begun(query).people


@pytest.mark.parametrize("text", ["haci", "Hacıb", "hadji", "гаджи", "haji", "u haci"])
def test_the_beginning_of_a_name_finds_within_a_filter(services: Services, text: str) -> None:
    found = begun(services, text, profession="composer")
    assert next(iter(found)) == UZEYIR
    assert CEYHUN not in found
    assert found[UZEYIR]


def test_the_best_documented_come_first_up_to_the_limit(services: Services) -> None:
    everybody = list(begun(services, "m", size=100))
    assert len(everybody) > 8
    assert list(begun(services, "m", size=3)) == everybody[:3]


def test_where_no_name_begins_so_words_are_sought(services: Services) -> None:
    found = begun(services, "opera", profession="composer")
    assert UZEYIR in found
    assert found[UZEYIR] == ""


def test_a_name_with_a_slip_finds_whom_it_is_like(services: Services) -> None:
    assert next(iter(begun(services, "hacibeyof"))) == UZEYIR


def test_nothing_typed_finds_everybody_of_the_filter(services: Services) -> None:
    assert next(iter(begun(services, "", profession="composer"))) == UZEYIR


def test_conditions_in_the_text_hold_too(services: Services) -> None:
    found = begun(services, "profession:poet ni", "en")
    assert next(iter(found)) == "nizami-gencevi"
    assert "niyazi" not in found


def test_what_has_only_some_of_the_words_is_left_to_the_search(services: Services) -> None:
    assert begun(services, "opera qqqxyzzy") == {}


@given(st.text(max_size=60), st.sampled_from(["az", "en", "ru"]))
def test_whatever_is_typed_stays_within_filter_and_limit(
    services: Services, text: str, lang: str
) -> None:
    found = begun(services, text, lang, 4, gender="female")
    women = set(begun(services, "", lang, 100, gender="female"))
    assert set(found) <= women
    assert len(found) <= 4
