"""The search service over the seed data: results, explanations and invariants."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biobank.accounts.identity import OPERATOR
from biobank.bootstrap import Services
from biobank.common.i18n import LANGUAGES
from biobank.editorial.revisions.bulk_save import save_records
from biobank.records.catalogue import Catalogue
from biobank.records.dates import parse_date_range
from biobank.records.people.schemas import person_schema
from biobank.records.validation import load_validated
from biobank.search.query import (
    FACETS,
    MAX_QUERY_CHARS,
    SORT_ORDERS,
    UNKNOWN,
    DateFilter,
    FacetChoice,
    SearchQuery,
)
from biobank.search.response import SearchResponse
from tests.support import seed
from tests.support.profiles import scaled

UZEYIR, CEYHUN, SOLTAN = "uzeyir-hacibeyov", "ceyhun-hacibeyli", "soltan-hacibeyov"
NIZAMI, MEHSETI, NATEVAN = "nizami-gencevi", "mehseti-gencevi", "xursidbanu-natevan"


def search(services: Services, text: str = "", lang: str = "az", **query: Any) -> SearchResponse:
    for role in ("born", "died"):
        if isinstance(query.get(role), str):
            query[role] = DateFilter(query[role], *parse_date_range(query[role]))
    choices = query.pop("choices", {})
    chosen = {facet: FacetChoice.from_values(values) for facet, values in choices.items()}
    return services.search.search(SearchQuery(text=text, lang=lang, choices=chosen, **query))


def ids(response: SearchResponse) -> list[str]:
    return [hit.id for hit in response.hits]


def publish(services: Services, **record: Any) -> None:
    with services.database.write() as session:
        save_records(session, [load_validated(person_schema, record)], OPERATOR, "", publish=True)
    services.indexer.sync()


# Results


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("text", ["hacibeyov", "Hacıbəyov", "HACIBƏYOV", "Гаджибеков", "hajibeyov"])
def test_surname_ranks_best_documented_first(services: Services, text: str, lang: str) -> None:
    response = search(services, text, lang)
    assert ids(response)[0] == UZEYIR
    assert {SOLTAN, CEYHUN} & set(ids(response))
    assert response.match == "found"


def test_both_gencevi_rank_before_mentions(services: Services) -> None:
    assert set(ids(search(services, "gencevi"))[:2]) == {NIZAMI, MEHSETI}
    assert set(ids(search(services, "Gəncəvi"))[:2]) == {NIZAMI, MEHSETI}


def test_dotted_capital_i_matches_any_typing(own_services: Services) -> None:
    name = {"text": "İsmayıl bəy Qutqaşınlı", "lang": "az", "kind": "preferred"}
    publish(own_services, id="ismayil-bey-qutqasinli", names=[name])
    for text in ("ismayil", "İsmayıl", "ISMAYIL", "ismayıl", "İSMAYIL", "i̇smayil"):
        response = search(own_services, f"{text} qutqasinli")
        assert ids(response)[0] == "ismayil-bey-qutqasinli", text
        assert response.match == "found"
    suggested = own_services.search.suggest("ism qut", "az", 5)
    assert [suggestion.id for suggestion in suggested] == ["ismayil-bey-qutqasinli"]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("text", ["композитор", "композиторы", "bəstəkar", "bestekar", "composer"])
def test_profession_matches_in_any_language(services: Services, text: str, lang: str) -> None:
    composers = {hit.id for hit in search(services, choices={"profession": ["composer"]}, size=100).hits}
    assert UZEYIR in composers
    response = search(services, text, lang, size=100)
    assert composers <= set(ids(response))
    assert ids(response)[0] in composers


@pytest.mark.parametrize("text", ["Şuşa", "susa", "Shusha", "Шуша"])
def test_place_matches_in_any_language(services: Services, text: str) -> None:
    filtered = search(services, choices={"place": ["susa"]}, size=100)
    assert filtered.total
    assert set(ids(filtered)) <= set(ids(search(services, text, "ru", size=100)))


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Гаджибеков опера", UZEYIR),
        ("опера Гаджибеков", UZEYIR),
        ("natəvan şairə", NATEVAN),
        ("şairə Natəvan", NATEVAN),
        ("nizami gəncəvi", NIZAMI),
        ("nizami poet", NIZAMI),
    ],
)
def test_names_and_topics_are_sought_together(services: Services, text: str, first: str) -> None:
    response = search(services, text)
    assert ids(response)[0] == first
    assert response.match == "found"


@pytest.mark.parametrize(
    ("text", "expected", "unexpected"),
    [
        ("ученики Узеира Гаджибекова", "asef-zeynalli", NIZAMI),
        ("муж Зарифы Алиевой", "heyder-eliyev", NATEVAN),
        ("wife of Heydar Aliyev", "zerife-eliyeva", NATEVAN),
        ("Uzeir Gadzhibekov brother", CEYHUN, NIZAMI),
    ],
)
def test_relation_matches_any_spelling_of_name(
    services: Services, text: str, expected: str, unexpected: str
) -> None:
    response = search(services, text, "ru", size=100)
    assert expected in ids(response)
    assert unexpected not in ids(response)


def test_name_query_is_not_treated_as_inflected(services: Services) -> None:
    response = search(services, "Нариманова Узеира", "ru")
    assert not [match for hit in response.hits for match in hit.matched if match.query.count(" ")]


def test_stopwords_only_change_explanation(services: Services) -> None:
    plain = search(services, "poets Baku", "en", size=100, literal=True)
    response = search(services, "the poets of Baku", "en", size=100, literal=True)
    assert ids(response) == ids(plain)
    assert [(part.text, part.kind) for part in response.understood] == [
        ("the", "stopword"),
        ("poets", "word"),
        ("of", "stopword"),
        ("Baku", "word"),
    ]


def test_unmatched_word_is_dropped_and_reported(services: Services) -> None:
    response = search(services, "hacıbəyov qwertyuiop")
    assert (response.match, ids(response)[0]) == ("partial", UZEYIR)
    assert [part.text for part in response.understood if part.kind == "let_go"] == ["qwertyuiop"]
    assert response.total == search(services, "hacıbəyov").total


# Presentation


def test_hit_is_in_reader_language(services: Services) -> None:
    for lang, name, word in (
        ("az", "Üzeyir Hacıbəyov", "Leyli"),
        ("en", "Uzeyir Hajibeyov", "Leyli"),
        ("ru", "Узеир Гаджибеков", "Лейли"),
    ):
        record = seed.person(UZEYIR)
        hit = next(hit for hit in search(services, "hacibeyov", lang).hits if hit.id == UZEYIR)
        assert (hit.name, hit.headline) == (name, record["headline"][lang])
        assert word in hit.headline
        assert hit.birth
        assert hit.birth["date"] == record["birth"]["date"]
        assert hit.professions == tuple(record["professions"])
        assert hit.score > 0


def test_matched_name_form_is_reported_if_different(services: Services) -> None:
    hit = next(hit for hit in search(services, "гаджибеков", "az").hits if hit.id == UZEYIR)
    assert [(m.query, m.name, m.quality, m.why("az")) for m in hit.matched] == [
        ("гаджибеков", "Узеир Гаджибеков", "equal", "adın yazılışı")
    ]
    hit_ = next(hit for hit in search(services, "hacıbəyov", "az").hits if hit.id == UZEYIR)
    assert [(m.name, m.why("az")) for m in hit_.matched] == [("Üzeyir Hacıbəyov", "")]


def test_snippets_are_in_the_best_language_that_has_the_word(services: Services) -> None:
    hit = next(hit for hit in search(services, "опера", "az").hits if hit.id == UZEYIR)
    assert {snippet.lang for snippet in hit.snippets} == {"ru"}
    assert all("<mark>" in snippet.html for snippet in hit.snippets)
    own = next(hit for hit in search(services, "opera", "az").hits if hit.id == UZEYIR)
    assert {snippet.lang for snippet in own.snippets} == {"az"}


def test_no_marks_without_words(services: Services) -> None:
    response = search(services, sort="name")
    assert response.total == services.people_count()
    assert not any(hit.snippets or hit.matched for hit in response.hits)
    assert response.understood == ()


def test_facets_are_labelled_ordered_and_keep_selection(services: Services) -> None:
    response = search(services, "opera", "en", choices={"profession": ["composer", "-x"]})
    values = response.facets["profession"]
    assert tuple(response.facets) == FACETS
    chosen = {value.id: value for value in values if value.selected}
    assert chosen["composer"].selected == "include"
    assert chosen["composer"].label == "composer"
    assert chosen["composer"].count == response.total
    assert (chosen["x"].selected, chosen["x"].count, chosen["x"].label) == ("exclude", 0, "x")
    known = [value for value in values if value.id != UNKNOWN]
    assert [value.count for value in known] == sorted((v.count for v in known), reverse=True)
    centuries = search(services, lang="en").facets["century"]
    numbers = [int(value.id) for value in centuries if value.id.isdecimal()]
    assert numbers == sorted(numbers)
    assert next(v for v in centuries if v.id == "19").label == "19th century"
    genders = {value.id: value.label for value in search(services, lang="ru").facets["gender"]}
    assert genders["female"] == "женский"


def test_facet_counts_equal_filtered_totals(services: Services) -> None:
    response = search(services, "bakı", choices={"gender": ["female"]}, born="1850..1950")
    for facet in ("profession", "century", "gender", "country"):
        for value in response.facets[facet][:4]:
            choices = {"gender": ["female"], facet: [value.id]}
            assert search(services, "bakı", choices=choices, born="1850..1950").total == value.count


# No results


@pytest.mark.parametrize(
    ("text", "expected", "first"),
    [
        ("nizmai", "Nizami Gəncəvi", NIZAMI),
        ("Natevn", "Xurşidbanu Natəvan", NATEVAN),
        ("Üzeyir Hacıbəvov", "Üzeyir Hacıbəyov", UZEYIR),
    ],
)
def test_misspelled_name_shows_similar_people(
    services: Services, text: str, expected: str, first: str
) -> None:
    response = search(services, text)
    assert response.match == "did_you_mean"
    assert ids(response)[0] == first
    assert {reason.quality for hit in response.hits for reason in hit.matched} == {"similar"}
    assert expected in response.did_you_mean
    assert search(services, expected).match == "found"


def test_suggested_spelling_keeps_other_words(services: Services) -> None:
    response = search(services, "Natevn, qwertyuiop!")
    assert "Xurşidbanu Natəvan, qwertyuiop!" in response.did_you_mean


def test_similar_names_are_not_mixed_with_equal_ones(services: Services) -> None:
    response = search(services, "Natəvan")
    assert response.match == "found"
    assert not any(reason.quality == "similar" for hit in response.hits for reason in hit.matched)


@pytest.mark.parametrize(
    ("text", "lang", "first", "reasons"),
    [
        ("Şeyx Nizami Gəncəvi", "en", NIZAMI, [("Şeyx Nizami Gəncəvi", "şeyx · not in this name")]),
        (
            "Üzeyir Hacıbəyova",
            "az",
            UZEYIR,
            [("Üzeyir", ""), ("Hacıbəyova", "Hacıbəyova · soyadın digər cins üçün forması")],
        ),
    ],
)
def test_name_with_an_unconfirmed_title_or_of_the_other_gender_is_only_similar(
    services: Services, text: str, lang: str, first: str, reasons: list[tuple[str, str]]
) -> None:
    hit = search(services, text, lang).hits[0]
    assert hit.id == first
    assert [(matched.query, matched.why(lang)) for matched in hit.matched] == reasons
    assert {matched.quality for matched in hit.matched} == {"similar"}


def test_surname_in_an_oblique_case_is_not_reported_as_of_the_other_gender(services: Services) -> None:
    hits = search(services, "сёстры Кара Караева", "ru").hits
    assert "фамилия в форме другого рода" not in [
        matched.why("ru").rpartition(" · ")[2] for hit in hits for matched in hit.matched
    ]


@pytest.mark.parametrize(
    ("text", "lang", "name", "reading", "description"),
    [
        ("Hadschibejow", "en", "Üzeyir Hacıbəyov", "de", "hadschibejow → hacıbəyov · German"),
        ("Hadschibejow", "az", "Üzeyir Hacıbəyov", "de", "hadschibejow → hacıbəyov · alman"),
        ("Hadschibejow", "ru", "Üzeyir Hacıbəyov", "de", "hadschibejow → hacıbəyov · немецкое"),
    ],
)
def test_hit_reports_transliteration(
    services: Services, text: str, lang: str, name: str, reading: str, description: str
) -> None:
    hit = next(hit for hit in search(services, f"{text} 1908", lang).hits if hit.id == UZEYIR)
    (reason,) = hit.matched
    assert (reason.query, reason.name, reason.reading) == (text, name, reading)
    assert reason.quality == "reading"
    assert reason.why(lang).startswith(description)


@pytest.mark.parametrize(
    "text",
    [
        "Гаджибеков, Узеир Абдул-Гусейн оглы",
        "Ü. Hacıbəyov",
        "Hacıbəyov Üzeyir",
        "Uzeir Gajibekof",
        "عزیر حاجی‌بیوف",
        "Һаҹыбәјов Үзејир",
    ],
)
def test_full_name_matches_in_any_spelling_and_order(services: Services, text: str) -> None:
    response = search(services, text)
    assert (ids(response)[0], response.match) == (UZEYIR, "found")


def test_no_spelling_offered_if_condition_excludes_everyone(services: Services) -> None:
    response = search(services, "hacıbəyov", choices={"century": ["12"]})
    assert (response.total, response.did_you_mean) == (0, ())
    assert (response.relax[0].facet, response.relax[0].kind) == ("century", "facet")


def test_empty_result_suggests_relaxations_with_counts(services: Services) -> None:
    response = search(
        services, "nizami", "en", choices={"gender": ["female"]}, born="1900..1910", died="..1100"
    )
    assert response.total == 0
    assert list(response.relax) == sorted(response.relax, key=lambda part: -part.count)
    response = search(services, "Nizami Gəncəvi", "en", choices={"gender": ["male"]}, born="1900..1910")
    parts = {part.kind: part for part in response.relax}
    assert parts["born"].label == "born: 1900–1910"
    assert parts["born"].count == search(services, "Nizami Gəncəvi", choices={"gender": ["male"]}).total
    assert parts["text"].label == "Nizami Gəncəvi"
    assert "facet" not in parts


def test_nonsense_matches_nothing_and_offers_nothing(services: Services) -> None:
    response = search(services, "qwertyuiop")
    assert (response.total, response.hits, response.did_you_mean, response.relax) == (0, (), (), ())


# Suggestions


def test_suggestion_has_name_years_and_matched_form(services: Services) -> None:
    (first, *_) = services.search.suggest("гаджиб уз", "az", 5)
    assert (first.id, first.name, first.matched) == (UZEYIR, "Üzeyir Hacıbəyov", "Узеир Гаджибеков")
    assert "1885" in first.years
    assert "1948" in first.years
    (suggestion, *_) = services.search.suggest("üzeyir hac", "az", 5)
    assert (suggestion.id, suggestion.matched) == (UZEYIR, "")


def test_suggestions_respect_size(services: Services) -> None:
    assert len(services.search.suggest("m", "ru", 4)) == 4
    assert services.search.suggest("", "az", 5) == services.search.suggest("qwerty", "az", 5) == []


# Any input

HOSTILE = [
    *("*", "b*", "*a*", "(", ")", '"', "'", "~", "[", "]", "[ a TO z ]", "{a TO z}", "NOT *"),
    *("a:b", "id:*", "x~9", "AND OR NOT", "&&", "||", "+-!^?\\/", "((((((((((", '"""""', "..", "<x>"),
    *(
        "(" * MAX_QUERY_CHARS,
        "a " * (MAX_QUERY_CHARS // 2),
        "я" * MAX_QUERY_CHARS,
        "*a" * (MAX_QUERY_CHARS // 2),
    ),
    " ".join(f"söz{number}" for number in range(80))[:MAX_QUERY_CHARS],
    " ".join(f"hacibeyo{chr(97 + number % 26)}" for number in range(80))[:MAX_QUERY_CHARS],
    " ".join(["hacıbəyov", "opera", "Bakı", "və"] * 40)[:MAX_QUERY_CHARS],
    *("🎼🎹🪕", "👨‍👩‍👧‍👦 opera", "عزیر حاجی‌بیوف", "‏‎‮opera‬", "\u202eavarepo", "אוזאיר"),
    *("\ud800", "opera \udfff şair", "\ud83d", "\ufffe\uffff", "\u0301\u0301opera", "ﬁ ﷺ ½ ²"),
    *("I\u0307" * 300, "e" + "\u0301" * 599, "\u200b" * 600, "İİİ", "ß", "Ǆ", "𝔬𝔭𝔢𝔯𝔞", "०१२३"),
    *("'; DROP TABLE people; --", "<script>alert(1)</script>", "%00", "../../etc/passwd", "${x}"),
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_questions_are_answered(services: Services, text: str) -> None:
    response = search(services, text, "ru")
    suggestions = services.search.suggest(text, "ru", 20)
    assert response.total >= len(response.hits)
    assert len(suggestions) <= 20
    for hit in response.hits:
        for snippet in hit.snippets:
            assert "<script" not in snippet.html


@settings(max_examples=scaled(60))
@given(
    text=st.text(st.characters(), max_size=MAX_QUERY_CHARS) | st.text("ab*~\"'()[]:-+ ", max_size=100),
    query=st.builds(
        SearchQuery,
        lang=st.sampled_from(LANGUAGES),
        page=st.integers(1, 1_000_000),
        size=st.integers(1, 100),
        sort=st.sampled_from(SORT_ORDERS),
        choices=st.dictionaries(
            st.sampled_from(FACETS),
            st.lists(st.text(max_size=5), max_size=3).map(FacetChoice.from_values),
            max_size=2,
        ),
    ),
)
def test_any_question_is_answered(services: Services, text: str, query: SearchQuery) -> None:
    response = services.search.search(replace(query, text=text))
    assert response.text == text
    assert response.match in ("found", "partial", "did_you_mean")
    for part in response.understood:
        plain = part.kind in ("word", "stopword", "let_go") and not part.exclude
        if part.start is not None and plain:
            assert text[part.start : part.end] == part.text


def test_labels_use_current_catalogue(services: Services) -> None:
    assert isinstance(services.catalogue(), Catalogue)
    assert services.catalogue() is services.catalogue()
