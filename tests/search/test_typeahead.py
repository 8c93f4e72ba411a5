"""Typeahead: people matched by a partly typed query, within filters."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biobank.bootstrap import Services
from biobank.search.query import FacetChoice, SearchQuery

UZEYIR, SOLTAN, CEYHUN = "uzeyir-hacibeyov", "soltan-hacibeyov", "ceyhun-hacibeyli"


def complete(services: Services, text: str, lang: str = "az", size: int = 5, **facets: Any) -> Any:
    choices = {name: FacetChoice.from_values([value]) for name, value in facets.items()}
    query = SearchQuery(text=text, lang=lang, size=size, choices=choices)
    return services.search.complete(query).people


@pytest.mark.parametrize("text", ["haci", "Hacıb", "hadji", "гаджи", "haji", "u haci"])
def test_name_prefix_matches_within_filter(services: Services, text: str) -> None:
    people = complete(services, text, profession="composer")
    assert next(iter(people)) == UZEYIR
    assert CEYHUN not in people
    assert people[UZEYIR]


def test_best_documented_come_first_up_to_limit(services: Services) -> None:
    all_people = list(complete(services, "m", size=100))
    assert len(all_people) > 8
    assert list(complete(services, "m", size=3)) == all_people[:3]


def test_words_are_searched_if_no_name_matches_prefix(services: Services) -> None:
    people = complete(services, "opera", profession="composer")
    assert UZEYIR in people
    assert people[UZEYIR] == ""


def test_misspelled_name_finds_similar_person(services: Services) -> None:
    assert next(iter(complete(services, "hacibeyof"))) == UZEYIR


def test_empty_text_matches_everyone_in_filter(services: Services) -> None:
    assert next(iter(complete(services, "", profession="composer"))) == UZEYIR


def test_conditions_in_text_apply(services: Services) -> None:
    people = complete(services, "profession:poet ni", "en")
    assert next(iter(people)) == "nizami-gencevi"
    assert "niyazi" not in people


def test_what_has_only_some_of_the_words_is_left_to_the_search(services: Services) -> None:
    assert complete(services, "opera qqqxyzzy") == {}


@given(st.text(max_size=60), st.sampled_from(["az", "en", "ru"]))
def test_any_text_respects_filter_and_limit(services: Services, text: str, lang: str) -> None:
    people = complete(services, text, lang, 4, gender="female")
    women = set(complete(services, "", lang, 100, gender="female"))
    assert set(people) <= women
    assert len(people) <= 4
