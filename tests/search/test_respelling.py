"""Spelling correction: the corrected query, and its indication in the response."""

from typing import Any

import pytest

from biobank.bootstrap import Services
from biobank.search.answer import SearchAnswer
from biobank.search.query import Choice, SearchQuery


def ask(services: Services, text: str, lang: str = "az", **query: Any) -> SearchAnswer:
    return services.search.search(SearchQuery(text=text, lang=lang, size=100, **query))


@pytest.mark.parametrize(
    ("text", "lang", "meant"),
    [
        ("композитр", "ru", "композитор"),
        ("bestekr", "az", "bəstəkar"),
        ("olimpic champion", "en", "olympic champion"),
        ("compozer -died:1900..1999", "en", "composer"),
    ],
)
def test_a_word_that_nobody_has_is_asked_as_it_is_perhaps_meant_and_said_so(
    services: Services, text: str, lang: str, meant: str
) -> None:
    answer = ask(services, text, lang)
    assert answer.match == "did_you_mean"
    assert [text.split(" -")[0] for text in answer.did_you_mean] == [meant]
    right = ask(services, answer.did_you_mean[0], lang)
    assert (right.match, right.total) == ("found", answer.total)
    assert [hit.id for hit in answer.hits] == [hit.id for hit in right.hits]
    assert answer.facets == right.facets
    assert answer.text == text
    assert not [part for part in answer.understood if part.kind == "let_go"]


def test_passages_are_marked_where_the_word_stands_as_it_is_meant(services: Services) -> None:
    marked = [s.html for hit in ask(services, "композитр", "ru").hits for s in hit.snippets]
    assert any("<mark>композитор" in html for html in marked)


def test_everybody_of_the_answer_is_those_who_are_shown(services: Services) -> None:
    query = SearchQuery(text="композитр", lang="ru", size=100)
    assert services.search.everybody(query) == [hit.id for hit in ask(services, "композитр").hits]
    assert services.search.ties(query)


def test_what_is_found_is_never_respelt(services: Services) -> None:
    for text in ("bestekar", "composer", "Гаджибеков", "опера"):
        answer = ask(services, text)
        assert (answer.match, answer.did_you_mean) == ("found", ()), text


def test_a_name_with_a_slip_is_read_as_a_name_before_it_is_read_as_a_word(
    services: Services,
) -> None:
    answer = ask(services, "Hacıbeyzov", "az")
    assert answer.match == "did_you_mean"
    assert answer.hits[0].matched[0].quality == "similar"


def test_other_conditions_are_not_to_blame_on_a_word(services: Services) -> None:
    nobody = {"choices": {"gender": Choice(("other",))}}
    answer = ask(services, "composer", "en", **nobody)
    assert (answer.total, answer.did_you_mean) == (0, ())
    assert answer.relax
