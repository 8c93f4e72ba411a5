"""Query explanation: every condition once, in the reader's language."""

import pytest

from biobank.bootstrap import Services
from biobank.records.dates import parse_date_range
from biobank.search.language.label_index import LabelIndex
from biobank.search.query import UNKNOWN, DateFilter, FacetChoice, SearchQuery
from biobank.search.query_explanation import explain_query


@pytest.fixture(scope="module")
def label_index(services: Services) -> LabelIndex:
    return services.search.labels()


def test_every_condition_is_listed_once_words_first(label_index: LabelIndex) -> None:
    query = SearchQuery(
        "the operas of qwertyuiop",
        "en",
        choices={
            "gender": FacetChoice(exclude=(UNKNOWN,)),
            "profession": FacetChoice(include=("composer",)),
            "country": FacetChoice(("AZ",), ("TR",)),
        },
        born=DateFilter("188X", *parse_date_range("188X")),
        died=DateFilter("..1950", *parse_date_range("..1950")),
        certainty="certain",
    )
    parts = list(explain_query(query, label_index, dropped_positions=[3]))
    assert [(part.kind, part.label, part.facet, part.value, part.exclude) for part in parts] == [
        ("stopword", "the", "", "", False),
        ("word", "operas", "", "", False),
        ("stopword", "of", "", "", False),
        ("let_go", "qwertyuiop", "", "", False),
        ("facet", "composer", "profession", "composer", False),
        ("facet", "Azerbaijan", "country", "AZ", False),
        ("facet", "Türkiye", "country", "TR", True),
        ("facet", "unknown", "gender", UNKNOWN, True),
        ("born", "born: 1880s", "", "188X", False),
        ("died", "died: before 1951", "", "..1950", False),
        ("certainty", "certain dates only", "", "certain", False),
    ]
    for part in parts[:4]:
        assert query.text[part.start : part.end] == part.text


def test_empty_query_has_no_parts(label_index: LabelIndex) -> None:
    assert list(explain_query(SearchQuery(), label_index, ())) == []


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
        ("deathplace", UNKNOWN, "məlum deyil", "unknown", "неизвестно"),
    ],
)
def test_a_value_is_labelled_in_the_readers_language(
    label_index: LabelIndex, facet: str, value: str, az: str, en: str, ru: str
) -> None:
    labels = [label_index.label(facet, value, lang) for lang in ("az", "en", "ru")]
    assert labels == [az, en, ru]


@pytest.mark.parametrize("facet", ["profession", "place", "century", "gender", "organisation"])
@pytest.mark.parametrize("value", ["nonesuch", "0", "999", "<b>", ""])
def test_value_without_label_is_shown_as_is(label_index: LabelIndex, facet: str, value: str) -> None:
    assert label_index.label(facet, value, "ru") == value
