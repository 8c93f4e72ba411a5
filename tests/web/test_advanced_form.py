"""Conversion between the fields of the advanced search and its query."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from biobank.bootstrap import Services
from biobank.names.folding import tokens
from biobank.search.args import query_from
from biobank.search.asking import date_filter
from biobank.search.knowing import people_called
from biobank.search.language.tree import AllOf, AnyOf, Node, Not, Value, Words, top_parts
from biobank.search.query import UNKNOWN, Choice, DateFilter, SearchQuery
from biobank.search.where import Area
from biobank.web.advanced.fields import TEXTS
from biobank.web.advanced.form import Form, form_of, typed_form
from biobank.web.advanced.mistakes import Mistake
from biobank.web.advanced.query import query_of

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
DATES = (
    "1885",
    "188X",
    "1880..1920",
    "..1900",
    "1900..",
    "<1900",
    ">1900",
    "[1483..1494]",
    "1141~",
)
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
    *(
        "near:Şuşa~80km",
        "near:Gəncə",
        "-near:Bakı",
        "born:1880..1920",
        "died:unknown",
        "-born:1885",
    ),
    *("profession:(poet OR composer)", "profession:şair", "-gender:female", "(a (b OR c)) OR d"),
)


def _choices() -> st.SearchStrategy[Mapping[str, Choice]]:
    def choice(ids: tuple[str, ...]) -> st.SearchStrategy[Choice]:
        some = st.lists(st.sampled_from(ids), unique=True, max_size=2).map(tuple)
        return st.builds(Choice, some, some)

    return st.fixed_dictionaries({}, optional={facet: choice(ids) for facet, ids in IDS.items()})


_dates = st.none() | st.sampled_from((*DATES, UNKNOWN)).map(date_filter)
_queries = st.builds(
    SearchQuery,
    text=st.lists(st.sampled_from(PARTS), max_size=5).map(" ".join),
    lang=st.sampled_from(LANGS),
    choices=_choices().map(lambda it: {key: made for key, made in it.items() if made.values}),
    born=_dates,
    died=_dates,
    certainty=st.sampled_from(("possible", "certain")),
    sort=st.sampled_from(("relevance", "birth")),
    area=st.sampled_from((None, Area(44, 38, 51, 42))),
)
_typed = st.sampled_from(
    [
        *PARTS,
        *DATES,
        "Şuşa",
        "Шуша; Баку",
        "poet, composer",
        "teacher",
        "60",
        "",
        "OR -a",
        "“",
        "a,b",
    ]
) | st.text(max_size=30)


@given(query=_queries)
@example(query=SearchQuery("born:1880..1920", lang="az", born=date_filter(UNKNOWN)))
@settings(max_examples=200)
def test_a_question_put_into_the_form_is_asked_again(
    services: Services, query: SearchQuery
) -> None:
    query = services.search.understand(query)
    form = form_of(query, services.values)
    again, mistakes = query_of(form, services.values)
    assert mistakes == ()
    assert _meaning(services, again) == _meaning(services, query)


@given(query=_queries.filter(lambda query: bool(query.text)))
@settings(max_examples=25)
def test_it_has_the_same_answer(services: Services, query: SearchQuery) -> None:
    again, _ = query_of(
        form_of(services.search.understand(query), services.values), services.values
    )
    assert sorted(services.search.everybody(again)) == sorted(services.search.everybody(query))


@given(texts=st.dictionaries(st.sampled_from(TEXTS), _typed), lang=st.sampled_from(LANGS))
@settings(max_examples=200)
def test_whatever_is_typed_is_read_or_told(
    services: Services, texts: dict[str, str], lang: str
) -> None:
    form = typed_form(MultiDict(texts), lang)
    query, mistakes = query_of(form, services.values)
    # A distance without a place is ignored.
    assert {mistake.field for mistake in mistakes} <= {*form.texts, "", "near"}
    if not mistakes:
        address = query_from(MultiDict(query.address()), lang)
        assert services.search.understand(address) == query
        filled = form_of(query, services.values)
        again, none = query_of(filled, services.values)
        assert none == ()
        assert _meaning(services, again) == _meaning(services, query)


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
def test_what_the_fields_ask(services: Services, texts: dict[str, str], line: str) -> None:
    query, mistakes = query_of(Form(texts, SearchQuery(lang="az")), services.values)
    assert mistakes == ()
    assert query.line == line


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
def test_what_cannot_be_read_is_told_at_its_field(
    services: Services, texts: dict[str, str], field: str, code: str
) -> None:
    _, mistakes = query_of(Form(texts, SearchQuery(lang="az")), services.values)
    told = [(mistake.field, mistake.code) for mistake in mistakes]
    assert told == [(field, code)]


@pytest.mark.parametrize(("lang", "label"), [("az", "Şuşa"), ("en", "Shusha"), ("ru", "Шуша")])
def test_near_labels_are_offered_in_the_readers_language(
    services: Services, lang: str, label: str
) -> None:
    _, mistakes = query_of(Form({"place": "Şuşya"}, SearchQuery(lang=lang)), services.values)
    assert mistakes == (Mistake("place", "unknown_value", "Şuşya", mistakes[0].near),)
    assert label in mistakes[0].near


@pytest.mark.parametrize("lang", LANGS)
def test_values_are_shown_as_their_readers_call_them(services: Services, lang: str) -> None:
    asked = SearchQuery(
        text="relation:uzeyir-hacibeyov near:susa~80km",
        lang=lang,
        choices={"profession": Choice(("composer", UNKNOWN), ("poet",))},
        born=date_filter("<1900"),
    )
    texts = form_of(services.search.understand(asked), services.values).texts
    assert texts == {
        "az": {
            "profession": "bəstəkar; məlum deyil",
            "not_profession": "şair",
            "relation": "Üzeyir Hacıbəyov",
            "near": "Şuşa",
        },
        "en": {
            "profession": "composer; not known",
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
    rest = replace(query, text="", choices={}, born=None, died=None, typed="", problems=())
    beside = (("born", query.born), ("died", query.died))
    parts = {_part(services, part) for part in top_parts(query.tree)}
    parts |= {_date(name, found) for name, found in beside if found}
    return frozenset(parts), dict(query.choices), replace(rest, read=None)


def _date(name: str, found: DateFilter) -> object:
    return name, found.earliest, found.latest, found.unknown


def _part(services: Services, node: Node) -> object:
    """Return a query part with ids of people instead of their names."""
    if isinstance(node, Not):
        return "not", _part(services, node.part)
    if isinstance(node, AllOf | AnyOf):
        return type(node), tuple(_part(services, part) for part in node.parts)
    if isinstance(node, Value) and node.field == "relation":
        return people_called(services.names.matcher(), node.value) or node
    if isinstance(node, Value) and node.field in ("born", "died"):
        return _date(node.field, date_filter(node.value))
    if isinstance(node, Words):
        return "words", node.field, tuple(token.text for token in tokens(node.text))
    return node
