"""Recognised conditions that find nobody together, and words between conditions."""

import pytest

from biobank.bootstrap import Services
from biobank.search.query import SearchQuery

HEYDER_HUSEYNOV = "heyder-huseynov"


@pytest.mark.parametrize(
    ("text", "lang", "named"),
    [
        ("sisters of Vagif Mustafazadeh", "en", "vaqif-mustafazade"),
        ("сёстры Кара Караева", "ru", "qara-qarayev"),
        ("Qara Qarayevin bacıları", "az", "qara-qarayev"),
    ],
)
def test_gender_implied_by_a_relation_is_given_up_with_it(
    services: Services, text: str, lang: str, named: str
) -> None:
    response = services.search.search(SearchQuery(text, lang))
    assert response.match == "partial"
    assert response.hits[0].id == named
    assert len(response.dropped) == 2


@pytest.mark.parametrize("verb", ["olmuş", "olan"])
def test_auxiliary_verb_between_conditions_is_not_searched(services: Services, verb: str) -> None:
    text = f"Bakı Dövlət Universitetinin professoru {verb} filosof"
    response = services.search.search(SearchQuery(text, "az"))
    assert (response.match, [hit.id for hit in response.hits]) == ("found", [HEYDER_HUSEYNOV])


def test_verb_of_death_still_governs_its_place(services: Services) -> None:
    query = services.search.normalize(SearchQuery("Tiflisdə ölmüş şairlər", "az"))
    assert query.choices["deathplace"].include == ("tbilisi",)
