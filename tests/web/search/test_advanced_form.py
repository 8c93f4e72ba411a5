"""Conversion between the fields of the advanced search and its query."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from biobank.bootstrap import Services
from biobank.names.folding import tokens
from biobank.search.geo import Area
from biobank.search.language.tree import AllOf, AnyOf, Not, QueryNode, Value, Words, top_parts
from biobank.search.normalize import date_filter
from biobank.search.query import UNKNOWN, DateFilter, FacetChoice, SearchQuery
from biobank.search.query_context import resolve_person
from biobank.search.request_args import parse_search_query
from biobank.web.search.advanced.forms import (
    FORM_FIELDS,
    AdvancedFieldError,
    AdvancedForm,
    form_from_args,
    form_from_query,
)
from biobank.web.search.advanced.query import query_from_form, with_literal_words
from tests.support.profiles import scaled

WORDS = " ".join(f"word{number}" for number in range(20))
LANGS = ("az", "en", "ru")
IDS = {
    "birthplace": ("susa", "gence", "baku", UNKNOWN),
    "deathplace": ("baku", "paris", UNKNOWN),
    "place": ("susa", "tbilisi", "qarabag"),
    "country": ("AZ", "TR", UNKNOWN),
    "profession": ("composer", "poet", "scientist", UNKNOWN),
    "organisation": ("baku-music-academy", UNKNOWN),
    "gender": ("female", "male", UNKNOWN),
    "century": ("19", "1bce", "20", UNKNOWN),
    "language": ("az", "ru", UNKNOWN),
}
DATES = ("1885", "188X", "1880..1920", "..1900", "1900..", "<1900", ">1900", "[1483..1494]", "1141~")
PARTS = (
    *(
        "opera",
        "bəstəkar",
        "Шуша",
        "И.",
        "al-Tusi",
        "12:30",
        "kino:rejissor",
        "“xalq musiqisi”",
        '"opera"',
        "kom*",
    ),
    *("(opera OR muğam)", "(xalq musiqisi OR opera)", "-opera", "-(xalq musiqisi)", "-(a OR b)"),
    *("name:hacıbəyov", 'name:"Üzeyir Hacıbəyov"', "text:(opera muğam)", "text:unknown"),
    *("work:koroğlu", 'work:"Arşın mal alan"', "text:kom*", "source:azint", "-work:koroğlu"),
    *("award:ussr-peoples-artist", "award:(ussr-peoples-artist OR unknown)", "-award:unknown"),
    *("relation:teacher", "relation:uzeyir-hacibeyov", "relation:(teacher OR student)"),
    *('relation:"Üzeyir Hacıbəyov"', "-relation:teacher", "age:60..70", "age:>90", "age:unknown"),
    *("near:Şuşa~80km", "near:Gəncə", "-near:Bakı", "born:1880..1920", "died:unknown", "-born:1885"),
    *("profession:(poet OR composer)", "profession:şair", "-gender:female", "(a (b OR c)) OR d"),
)


def _choices() -> st.SearchStrategy[Mapping[str, FacetChoice]]:
    def choice(ids: tuple[str, ...]) -> st.SearchStrategy[FacetChoice]:
        some = st.lists(st.sampled_from(ids), unique=True, max_size=2).map(tuple)
        return st.builds(FacetChoice, some, some)

    return st.fixed_dictionaries({}, optional={facet: choice(ids) for facet, ids in IDS.items()})


_dates = st.none() | st.sampled_from((*DATES, UNKNOWN)).map(date_filter)
_queries = st.builds(
    SearchQuery,
    text=st.lists(st.sampled_from(PARTS), max_size=5).map(" ".join),
    lang=st.sampled_from(LANGS),
    choices=_choices().map(lambda choices: {key: choice for key, choice in choices.items() if choice.values}),
    born=_dates,
    died=_dates,
    certainty=st.sampled_from(("possible", "certain")),
    sort=st.sampled_from(("relevance", "birth")),
    area=st.sampled_from((None, Area(44, 38, 51, 42))),
)
_typed = st.sampled_from(
    [*PARTS, *DATES, "Şuşa", "Шуша; Баку", "poet, composer", "teacher", "60", "", "OR -a", "“", "a,b"]
) | st.text(max_size=30)


@given(query=_queries)
@example(query=SearchQuery("born:1880..1920", lang="az", born=date_filter(UNKNOWN)))
@settings(max_examples=scaled(200))
def test_query_round_trips_through_the_form(services: Services, query: SearchQuery) -> None:
    query = services.search.normalize(query)
    form = form_from_query(query, services.facet_values)
    reparsed, errors = query_from_form(form, services.facet_values)
    assert errors == ()
    assert _meaning(services, reparsed) == _meaning(services, query)


@given(query=_queries.filter(lambda query: bool(query.text)))
@settings(max_examples=scaled(25))
def test_round_tripped_query_has_the_same_results(services: Services, query: SearchQuery) -> None:
    reparsed, _ = query_from_form(
        form_from_query(services.search.normalize(query), services.facet_values), services.facet_values
    )
    assert sorted(services.search.all_ids(reparsed)) == sorted(services.search.all_ids(query))


@given(texts=st.dictionaries(st.sampled_from(FORM_FIELDS), _typed), lang=st.sampled_from(LANGS))
@settings(max_examples=scaled(200))
def test_arbitrary_input_is_parsed_or_reported(services: Services, texts: dict[str, str], lang: str) -> None:
    form = form_from_args(MultiDict(texts), lang)
    query, errors = query_from_form(form, services.facet_values)
    # A distance without a place is ignored.
    assert {error.path for error in errors} <= {*form.texts, "", "near"}
    if not errors:
        query = with_literal_words(query, services.search)
        address = parse_search_query(MultiDict(query.url_params()), lang)
        # The words of the form stay words; the search page recognises conditions in them.
        assert services.search.normalize(address, recognise=False) == query
        filled = form_from_query(query, services.facet_values)
        reparsed, none = query_from_form(filled, services.facet_values)
        assert none == ()
        assert _meaning(services, reparsed) == _meaning(services, query)


@pytest.mark.parametrize(
    ("texts", "line"),
    [
        ({"words": "opera muğam"}, "opera muğam"),
        ({"words": "-opera OR (muğam)"}, "opera or muğam"),
        ({"any": "opera muğam"}, "(opera OR muğam)"),
        ({"any": "xalq musiqisi, opera"}, "(xalq musiqisi OR opera)"),
        ({"words": "bakı", "any": "opera muğam"}, "bakı (opera OR muğam)"),
        ({"none": "opera muğam"}, "-opera -muğam"),
        ({"phrase": "“xalq  musiqisi”"}, '"xalq musiqisi"'),
        ({"name": "Üzeyir Hacıbəyov"}, 'name:"Üzeyir Hacıbəyov"'),
        ({"text": "xalq mahnıları", "work": "opera"}, "text:(xalq mahnıları) work:opera"),
        ({"born_from": "1880", "born_to": "1920"}, "born:1880..1920"),
        ({"born_from": "1885", "born_to": "1885"}, "born:1885"),
        ({"died_to": "1937-12-31"}, "died:..1937-12-31"),
        ({"died_from": "1880s"}, "died:188X.."),
        ({"born_from": "1880-1920"}, "born:1880..1920"),
        ({"age_from": "60", "age_to": "70"}, "age:60..70"),
        ({"age_from": "90"}, "age:90.."),
        ({"near": "Шуша"}, "near:susa~50km"),
        ({"near": "Shusha", "km": "80"}, "near:susa~80km"),
        ({"birthplace": "Şuşa; Гянджа"}, "(birthplace:susa OR birthplace:gence)"),
        (
            {"profession": "poet, composer", "not_profession": "şair"},
            "(profession:poet OR profession:composer) -profession:poet",
        ),
        ({"award": "unknown", "not_relation": "teacher"}, "award:unknown -relation:teacher"),
        ({"birthplace": "məlum deyil"}, "birthplace:unknown"),
        ({"words": "opera", "rest": "(a b) OR c"}, "opera (a b OR c)"),
    ],
)
def test_fields_to_query(services: Services, texts: dict[str, str], line: str) -> None:
    query, errors = query_from_form(AdvancedForm(texts, SearchQuery(lang="az")), services.facet_values)
    assert errors == ()
    assert query.query_line == line


@pytest.mark.parametrize(
    ("texts", "field", "code"),
    [
        ({"birthplace": "Şuşya"}, "birthplace", "unknown_value"),
        ({"not_profession": "poet; qqqxyz"}, "not_profession", "unknown_value"),
        ({"relation": "Qqqxyzzy"}, "relation", "unknown_value"),
        ({"near": "Şuşya"}, "near", "unknown_value"),
        ({"km": "20"}, "near", "no_place"),
        ({"near": "Şuşa", "km": "5000"}, "km", "bad_number"),
        ({"born_from": "long ago"}, "born_from", "bad_date"),
        ({"born_from": "1920", "born_to": "1880"}, "born_to", "reversed"),
        ({"died_from": "1880..1900", "died_to": "1920"}, "died_to", "bad_date"),
        ({"age_from": "old"}, "age_from", "bad_number"),
        ({"age_from": "70", "age_to": "60"}, "age_to", "reversed"),
        ({"words": "…"}, "words", "nothing"),
        ({"any": ", ;"}, "any", "nothing"),
        ({"words": "a " * 41}, "words", "too_many_words"),
        ({"words": "a" * 601}, "", "too_long"),
        ({"rest": '"open'}, "rest", "unclosed"),
        ({"rest": "x:y"}, "rest", "unknown_field"),
        ({"rest": "opera OR"}, "rest", "misplaced"),
        ({"rest": "birthplace:qqqxyz"}, "rest", "unknown_value"),
        ({"rest": " ".join(f"age:{n}" for n in range(30))}, "rest", "too_many"),
        ({"none": WORDS, "words": f"ab {WORDS}"}, "", "too_many"),
    ],
)
def test_invalid_value_is_reported_at_its_field(
    services: Services, texts: dict[str, str], field: str, code: str
) -> None:
    _, errors = query_from_form(AdvancedForm(texts, SearchQuery(lang="az")), services.facet_values)
    reported = [(error.path, error.code) for error in errors]
    assert reported == [(field, code)]


@pytest.mark.parametrize(("lang", "label"), [("az", "Şuşa"), ("en", "Shusha"), ("ru", "Шуша")])
def test_similar_labels_are_suggested_in_the_page_language(services: Services, lang: str, label: str) -> None:
    _, errors = query_from_form(
        AdvancedForm({"place": "Şuşya"}, SearchQuery(lang=lang)), services.facet_values
    )
    assert errors == (
        AdvancedFieldError("place", "unknown_value", value="Şuşya", suggestions=errors[0].suggestions),
    )
    assert label in errors[0].suggestions


@pytest.mark.parametrize("lang", LANGS)
def test_values_are_shown_by_label(services: Services, lang: str) -> None:
    query = SearchQuery(
        text="relation:uzeyir-hacibeyov near:susa~80km",
        lang=lang,
        choices={"profession": FacetChoice(("composer", UNKNOWN), ("poet",))},
        born=date_filter("<1900"),
    )
    texts = form_from_query(services.search.normalize(query), services.facet_values).texts
    assert texts == {
        "az": {
            "profession": "bəstəkar; məlum deyil",
            "not_profession": "şair",
            "relation": "Üzeyir Hacıbəyov",
            "near": "Şuşa",
        },
        "en": {
            "profession": "composer; unknown",
            "not_profession": "poet",
            "relation": "Uzeyir Hajibeyov",
            "near": "Shusha",
        },
        "ru": {
            "profession": "композитор; неизвестно",
            "not_profession": "поэт",
            "relation": "Узеир Гаджибеков",
            "near": "Шуша",
        },
    }[lang] | {"km": "80", "born_to": "1899"}


def _meaning(services: Services, query: SearchQuery) -> tuple[object, ...]:
    """Return the conditions of a query in normal form, from its text and filters."""
    other_conditions = replace(query, text="", choices={}, born=None, died=None, typed="", problems=())
    date_filters = (("born", query.born), ("died", query.died))
    parts = {_part(services, part) for part in top_parts(query.tree)}
    parts |= {_date(name, value) for name, value in date_filters if value}
    return frozenset(parts), dict(query.choices), replace(other_conditions, parsed=None)


def _date(name: str, value: DateFilter) -> object:
    return name, value.earliest, value.latest, value.is_unknown


def _part(services: Services, node: QueryNode) -> object:
    """Return a query part with ids of people instead of their names."""
    if isinstance(node, Not):
        return "not", _part(services, node.part)
    if isinstance(node, AllOf | AnyOf):
        return type(node), tuple(_part(services, part) for part in node.parts)
    if isinstance(node, Value) and node.field == "relation":
        return resolve_person(services.names.matcher(), node.value) or node
    if isinstance(node, Value) and node.field in ("born", "died"):
        return _date(node.field, date_filter(node.value))
    if isinstance(node, Words):
        return "words", node.field, tuple(token.text for token in tokens(node.text))
    return node
