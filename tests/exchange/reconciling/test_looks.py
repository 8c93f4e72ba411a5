"""Suggestions, data extension and previews."""

import json
from typing import Any

import pytest

from biobank.bootstrap import Services
from biobank.errors import BadQuery, NotFound
from biobank.exchange.reconciling.properties import BY_ID
from biobank.exchange.reconciling.suggesting import Typed
from biobank.exchange.reconciling.words import PROPERTIES, TYPES
from biobank.i18n import LANGUAGES
from tests.exchange.reconciling.conftest import DRAFT, ELDER, KEPT, MERGED, WITHDRAWN, YOUNGER

UZEYIR = "uzeyir-hacibeyov"


def suggested(
    services: Services, what: Any, prefix: str, lang: str = "en", **more: Any
) -> list[str]:
    typed = Typed(prefix, more.get("cursor", 0), tuple(more.get("types", ())), lang)
    return [one["id"] for one in services.reconciling.suggest(what, typed)["result"]]


def fetched(services: Services, ids: list[str], *columns: Any, lang: str = "en") -> dict[str, Any]:
    properties = [one if isinstance(one, dict) else {"id": one} for one in columns]
    sent = json.dumps({"ids": ids, "properties": properties})
    return services.reconciling.extend(sent, lang, "https://bank.example{}".format)


@pytest.mark.parametrize("prefix", ["Üzeyir H", "Узеир Г", "Uzeyir Ha", "Hajib", UZEYIR])
def test_people_are_suggested_in_any_script_and_by_their_id(told: Services, prefix: str) -> None:
    assert suggested(told, "entity", prefix)[0] == UZEYIR


def test_things_are_suggested_what_more_people_have_first(told: Services) -> None:
    assert suggested(told, "entity", "Ba", types=["place"])[0] == "place/baku"
    assert suggested(told, "entity", "place/baku") == ["place/baku"]
    only = suggested(told, "entity", "a", types=["profession/composer"])
    assert only
    assert not any("/" in id_ for id_ in only)


def test_a_cursor_goes_on_where_the_page_ended(told: Services) -> None:
    pages = [suggested(told, "entity", "a", cursor=at) for at in (0, 10, 20)]
    assert [len(page) for page in pages] == [10, 10, 10]
    assert len({id_ for page in pages for id_ in page}) == 30


def test_types_and_properties_are_suggested_in_every_language(told: Services) -> None:
    assert suggested(told, "type", "bəstə")[0] == "profession/composer"
    assert "person" in suggested(told, "type", "челов")
    assert suggested(told, "type", "profession/composer") == ["profession/composer"]
    assert suggested(told, "property", "birth_year") == ["birth_year"]
    assert suggested(told, "property", "год рожд") == ["birth_year"]
    assert "birth_date" in suggested(told, "property", "birth")
    assert suggested(told, "property", "") == []


def test_nobody_who_is_not_public_is_suggested(told: Services) -> None:
    for prefix in ("Gizli", "Gedən", "İki Sın", DRAFT, WITHDRAWN):
        assert not {DRAFT, WITHDRAWN, MERGED} & set(suggested(told, "entity", prefix))


def test_values_come_as_numbers_days_and_entities(told: Services) -> None:
    row = fetched(told, [ELDER], "birth_date", "birth_year", "death_date", "birthplace", "gender")
    assert row["rows"][ELDER] == {
        "birth_date": [{"date": "1880-05-28T00:00:00"}],
        "birth_year": [{"int": 1880}],
        "death_date": [{"str": "1937"}],
        "birthplace": [{"id": "place/baku", "name": "Baku"}],
        "gender": [{"str": "male"}],
    }
    assert row["meta"][3] == {
        "id": "birthplace",
        "name": "place of birth",
        "type": {"id": "place", "name": "place"},
    }


def test_ids_of_wikidata_are_entities_of_its_own_service(told: Services) -> None:
    found = fetched(told, [ELDER], "wikidata", "viaf")
    assert found["meta"][0]["service"].startswith("https://wikidata.")
    assert found["rows"][ELDER]["wikidata"] == [{"id": "Q900000001", "name": "Əli Yoxlamazadə"}]
    assert found["rows"][ELDER]["viaf"] == [{"str": "123"}]


def test_a_limit_and_a_language_hold_for_their_column(told: Services) -> None:
    one = {"id": "profession", "settings": {"limit": "1", "lang": "ru"}}
    found = fetched(told, [UZEYIR], one, "name_ru", "country_name", lang="az")["rows"][UZEYIR]
    assert found["profession"] == [{"id": "term/profession/composer", "name": "композитор"}]
    assert found["country_name"][0] == {"str": "Azərbaycan"}


def test_a_setting_that_is_none_is_told_and_left_out(told: Services) -> None:
    odd = {"id": "profession", "settings": {"limit": "many", "lang": "de"}}
    found = fetched(told, [UZEYIR], odd, "no_such")
    assert [(one["path"], one["code"]) for one in found["problems"]] == [
        ("properties[0].settings.limit", "type"),
        ("properties[0].settings.lang", "choice"),
        ("properties[1].id", "unknown"),
    ]
    assert len(found["rows"][UZEYIR]["profession"]) > 1
    assert found["rows"][UZEYIR]["no_such"] == []


def test_who_was_merged_has_the_values_of_whom_it_led_to(told: Services) -> None:
    found = fetched(told, [MERGED, KEPT], "url", "birth_year")["rows"]
    assert found[MERGED] == found[KEPT]
    assert found[KEPT]["url"] == [{"str": f"https://bank.example/people/{KEPT}"}]


def test_who_is_not_public_has_no_values(told: Services) -> None:
    ids = [DRAFT, WITHDRAWN, "nobody", "x\0y", "place/", "term/none/x"]
    rows = fetched(told, ids, *BY_ID)["rows"]
    assert len(rows) == len(ids)
    assert not any(cells for row in rows.values() for cells in row.values())


@pytest.mark.parametrize(
    "sent",
    [
        "[]",
        "{}",
        '{"ids": [1], "properties": []}',
        '{"ids": [], "properties": [{}]}',
        '{"ids": [], "properties": [{"id": "name", "settings": []}]}'.replace("[]}]", "[1]}]"),
        json.dumps({"ids": ["x"] * 101, "properties": []}),
        json.dumps({"ids": [], "properties": [{"id": "name"}] * 41}),
    ],
)
def test_an_extension_that_cannot_be_read_is_refused(told: Services, sent: str) -> None:
    with pytest.raises(BadQuery, match="extend"):
        told.reconciling.extend(sent, "en", str)


def test_a_preview_tells_who_is_meant(told: Services) -> None:
    preview = told.reconciling.preview(UZEYIR, "ru")
    assert (preview.status, preview.name, preview.years) == (200, "Узеир Гаджибеков", "1885–1948")
    assert preview.types[0] == "композитор"
    assert told.reconciling.preview(MERGED, "az").ref == KEPT
    place = told.reconciling.preview("place/susa", "en")
    assert (place.name, place.path) == ("Shusha", "/places/susa")


def test_a_preview_of_the_withdrawn_says_so_and_no_name(told: Services) -> None:
    preview = told.reconciling.preview(WITHDRAWN, "en")
    assert preview.status == 410
    assert preview.absent.startswith("This record was withdrawn on ")
    assert preview.name == ""
    for ref in (DRAFT, "nobody", "x" * 500, "place/nowhere", "a/b/c"):
        assert told.reconciling.preview(ref, "en").status == 404


def test_every_word_is_there_in_three_languages() -> None:
    assert set(PROPERTIES) == set(BY_ID)
    for words in (*PROPERTIES.values(), *TYPES.values()):
        assert set(words) == set(LANGUAGES)


def test_properties_are_proposed_by_type(told: Services) -> None:
    propose = told.reconciling.propose
    assert propose("place", 2, "en") == {
        "type": "place",
        "limit": 2,
        "properties": [
            {"id": "name", "name": "name"},
            {"id": "name_az", "name": BY_ID["name_az"].name("en")},
        ],
    }
    people = [propose(type_, 0, "az")["properties"] for type_ in ("", "person", "profession/poet")]
    assert people[0] == people[1] == people[2]
    with pytest.raises(NotFound, match="planet"):
        propose("planet", 0, "az")


def test_both_namesakes_are_offered(told: Services) -> None:
    assert {ELDER, YOUNGER} <= set(suggested(told, "entity", "Əli Yox"))
