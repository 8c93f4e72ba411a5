"""Recognition in any text: no error, positions within the text, and an address that finds the same."""

from dataclasses import replace
from itertools import product

from hypothesis import example, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from biobank.bootstrap import Services
from biobank.common.i18n import LANGUAGES
from biobank.search.language.parser import parse
from biobank.search.language.tree import render, tidy
from biobank.search.query import SearchQuery
from biobank.search.request_args import parse_search_query
from tests.support.profiles import scaled
from tests.support.query_texts import texts

#: Phrases of every kind, which together make sentences and nonsense.
PHRASES = (
    *(
        "women",
        "qadın",
        "женщины",
        "poets",
        "şairlər",
        "поэтессы",
        "painter",
        "rəssam",
        "композитор",
        "teachers",
    ),
    *("born in", "doğulmuş", "родился в", "died", "ölən", "умерли", "lived in", "yaşamış", "работали в"),
    *("Tiflis", "Bakıda", "Шуше", "Azerbaijan", "Turkish", "gəncəli", "бакинские", "Sorbonne", "Lenin Prize"),
    *(
        "1885",
        "before 1914",
        "1914-cü ilə qədər",
        "до 1914 года",
        "XII əsr",
        "19th century",
        "1880s",
        "1900–1910",
    ),
    *(
        "students of",
        "tələbələri",
        "ученики",
        "who taught",
        "Üzeyir Hacıbəyov",
        "Qara Qarayevin",
        "Узеира Гаджибекова",
    ),
    *("author of", "operasının müəllifi", "автор оперы", "Koroğlu", "members of the union of composers"),
    *(
        "repressed",
        "güllələnmiş",
        "эмигранты",
        "and",
        "və ya",
        "или",
        "of",
        "the",
        "-",
        "OR",
        "opera",
        "нефть",
        ",",
    ),
    *('"poets"', "profession:composer", "-gender:male", "(", ")", "born:1885", "name:Nizami"),
)
sentences = st.lists(st.sampled_from(PHRASES), min_size=1, max_size=9).map(" ".join)
any_text = (texts() | sentences).map(str.strip)


@settings(max_examples=scaled(300))
@given(text=any_text, lang=st.sampled_from(LANGUAGES))
@example(text=("poets " * 40).strip(), lang="en")
@example(text=" ".join(f"{first} {second}" for first, second in product("ab", "cd")), lang="az")
@example(text="poets born in Baku " * 20, lang="en")
@example(text='WOMEN:0""TURKISH', lang="az")
def test_positions_are_within_the_text_and_hold_the_words(services: Services, text: str, lang: str) -> None:
    query = services.search.normalize(SearchQuery(text=text, lang=lang))
    for condition in (*query.recognised, *query.doubtful):
        if condition.start is not None and condition.end is not None:
            assert 0 <= condition.start < condition.end <= len(text)
            typed = text[condition.start : condition.end]
            assert condition.text.split()[0].casefold() in typed.casefold()


@settings(max_examples=scaled(300))
@given(text=any_text, lang=st.sampled_from(LANGUAGES))
@example(text="Baku poets oil", lang="en")
@example(text="composer poet ruler general", lang="en")
def test_address_is_the_same_query(services: Services, text: str, lang: str) -> None:
    query = services.search.normalize(SearchQuery(text=text, lang=lang))
    reopened = services.search.normalize(parse_search_query(MultiDict(query.url_params()), lang))
    assert reopened == query
    assert reopened.url_params() == query.url_params()
    assert not reopened.recognised or len(query.text) > 600


@settings(max_examples=scaled(300))
@given(text=any_text)
def test_language_of_the_reader_does_not_change_the_conditions(services: Services, text: str) -> None:
    az, en, ru = (services.search.normalize(SearchQuery(text=text, lang=lang)) for lang in LANGUAGES)
    assert az.url_params() == en.url_params() == ru.url_params()


@settings(max_examples=scaled(300))
@given(text=any_text)
def test_conditions_are_part_of_the_query_language(services: Services, text: str) -> None:
    for condition in services.search.normalize(SearchQuery(text=text)).recognised:
        assert tidy(parse(condition.condition).tree) == tidy(condition.node)
        assert render(condition.node) == condition.condition


@settings(max_examples=scaled(300))
@given(text=any_text)
def test_literal_query_has_no_recognised_conditions(services: Services, text: str) -> None:
    query = services.search.normalize(SearchQuery(text=text, literal=True))
    assert not query.recognised
    assert services.search.normalize(replace(query, typed="")).url_params() == query.url_params()


@settings(max_examples=scaled(60))
@given(text=any_text)
def test_question_that_finds_people_as_words_finds_people(services: Services, text: str) -> None:
    literal = services.search.search(SearchQuery(text=text, literal=True, size=1))
    response = services.search.search(SearchQuery(text=text, size=1))
    assert bool(response.total) >= (literal.total > 0 and literal.match == "found")
