"""Spelling correction: the corrected query, and its indication in the response."""

from typing import Any

import pytest

from biobank.bootstrap import Services
from biobank.search.query import FacetChoice, SearchQuery
from biobank.search.response import SearchResponse


def search(services: Services, text: str, lang: str = "az", **query: Any) -> SearchResponse:
    return services.search.search(SearchQuery(text=text, lang=lang, size=100, **query))


@pytest.mark.parametrize(
    ("text", "lang", "expected"),
    [
        ("композитр", "ru", "композитор"),
        ("bestekr", "az", "bəstəkar"),
        ("olimpic champion", "en", "olympic champion"),
        ("compozer -died:1900..1999", "en", "composer"),
    ],
)
def test_unknown_word_is_corrected_and_reported(
    services: Services, text: str, lang: str, expected: str
) -> None:
    response = search(services, text, lang)
    assert response.match == "did_you_mean"
    assert [text.split(" -")[0] for text in response.did_you_mean] == [expected]
    # The correction is searched as words, in which no condition was recognised.
    right = search(services, response.did_you_mean[0], lang, literal=True)
    assert (right.match, right.total) == ("found", response.total)
    assert [hit.id for hit in response.hits] == [hit.id for hit in right.hits]
    assert response.facets == right.facets
    assert response.text == text
    assert not [part for part in response.understood if part.kind == "let_go"]


def test_snippets_mark_corrected_word(services: Services) -> None:
    marked = [s.html for hit in search(services, "композитр", "ru").hits for s in hit.snippets]
    assert any("<mark>композитор" in html for html in marked)


def test_all_ids_match_displayed_hits(services: Services) -> None:
    query = SearchQuery(text="композитр", lang="ru", size=100)
    assert services.search.all_ids(query) == [hit.id for hit in search(services, "композитр", "ru").hits]
    assert services.search.people_by_place(query)


def test_matching_query_is_not_corrected(services: Services) -> None:
    for text in ("bestekar", "composer", "Гаджибеков", "опера"):
        response = search(services, text)
        assert (response.match, response.did_you_mean) == ("found", ()), text


def test_misspelled_name_is_matched_as_name_first(services: Services) -> None:
    response = search(services, "Hacıbeyzov", "az")
    assert response.match == "did_you_mean"
    assert response.hits[0].matched[0].quality == "similar"


def test_no_correction_if_other_condition_excludes_everyone(services: Services) -> None:
    excluding = {"choices": {"gender": FacetChoice(("other",))}}
    response = search(services, "composer", "en", **excluding)
    assert (response.total, response.did_you_mean) == (0, ())
    assert response.relax
