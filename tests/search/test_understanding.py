"""Query explanation: every condition once, in the reader's language."""

import pytest

from biobank.bootstrap import Services
from biobank.records.dates import date_range
from biobank.search.language.values import Labels
from biobank.search.query import UNKNOWN, Choice, DateFilter, SearchQuery
from biobank.search.understanding import understood


@pytest.fixture(scope="module")
def known(services: Services) -> Labels:
    return services.search.labels()


def test_every_condition_is_told_once_words_first(known: Labels) -> None:
    query = SearchQuery(
        "the operas of qwertyuiop",
        "en",
        choices={
            "gender": Choice(exclude=(UNKNOWN,)),
            "profession": Choice(include=("composer",)),
            "country": Choice(("AZ",), ("TR",)),
        },
        born=DateFilter("188X", *date_range("188X")),
        died=DateFilter("..1950", *date_range("..1950")),
        certainty="certain",
    )
    found = list(understood(query, known, let_go=[3]))
    assert [(part.kind, part.label, part.facet, part.value, part.exclude) for part in found] == [
        ("stopword", "the", "", "", False),
        ("word", "operas", "", "", False),
        ("stopword", "of", "", "", False),
        ("let_go", "qwertyuiop", "", "", False),
        ("facet", "composer", "profession", "composer", False),
        ("facet", "Azerbaijan", "country", "AZ", False),
        ("facet", "Türkiye", "country", "TR", True),
        ("facet", "not known", "gender", UNKNOWN, True),
        ("born", "born: 1880s", "", "188X", False),
        ("died", "died: 1950 or earlier", "", "..1950", False),
        ("certainty", "certain dates only", "", "certain", False),
    ]
    for part in found[:4]:
        assert query.text[part.start : part.end] == part.text


def test_nothing_asked_is_nothing_understood(known: Labels) -> None:
    assert list(understood(SearchQuery(), known, ())) == []


@pytest.mark.parametrize(
    ("facet", "value", "az", "en", "ru"),
    [
        ("profession", "composer", "bəstəkar", "composer", "композитор"),
        ("place", "baku", "Bakı", "Baku", "Баку"),
        ("birthplace", "agcabedi", "Ağcabədi", "Aghjabadi", "Агджабеди"),
        ("century", "19", "XIX əsr", "19th century", "XIX век"),
        ("century", "12", "XII əsr", "12th century", "XII век"),
        ("century", "21", "XXI əsr", "21st century", "XXI век"),
        ("century", "1bce", "e.ə. I əsr", "1st century BCE", "I век до н. э."),
        ("gender", "female", "qadın", "female", "женский"),
        ("language", "az", "azərbaycanca", "Azerbaijani", "азербайджанский"),
        ("deathplace", UNKNOWN, "məlum deyil", "not known", "неизвестно"),
    ],
)
def test_a_value_is_labelled_in_the_readers_language(
    known: Labels, facet: str, value: str, az: str, en: str, ru: str
) -> None:
    labels = [known.label(facet, value, lang) for lang in ("az", "en", "ru")]
    assert labels == [az, en, ru]


@pytest.mark.parametrize("facet", ["profession", "place", "century", "gender", "organisation"])
@pytest.mark.parametrize("value", ["nonesuch", "0", "999", "<b>", ""])
def test_a_value_without_a_label_stands_as_it_is(known: Labels, facet: str, value: str) -> None:
    assert known.label(facet, value, "ru") == value
