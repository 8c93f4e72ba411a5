"""Suggestions, data extension and previews."""

import json
from typing import Any

import pytest

from biobank.bootstrap import Services
from biobank.errors import BadQuery, NotFound
from biobank.exchange.reconciliation.entity_types import TYPE_LABELS
from biobank.exchange.reconciliation.properties import PROPERTIES_BY_ID
from biobank.exchange.reconciliation.suggestions import SuggestRequest
from tests.exchange.reconciliation.conftest import DRAFT, ELDER, MERGE_TARGET, MERGED, WITHDRAWN, YOUNGER

UZEYIR = "uzeyir-hacibeyov"


def suggest(services: Services, target: Any, prefix: str, lang: str = "en", **options: Any) -> list[str]:
    request = SuggestRequest(prefix, options.get("cursor", 0), tuple(options.get("types", ())), lang)
    return [item["id"] for item in services.reconciliation.suggest(target, request)["result"]]


def fetch_rows(services: Services, ids: list[str], *columns: Any, lang: str = "en") -> dict[str, Any]:
    properties = [column if isinstance(column, dict) else {"id": column} for column in columns]
    request = json.dumps({"ids": ids, "properties": properties})
    return services.reconciliation.extend(request, lang, "https://bank.example{}".format)


@pytest.mark.parametrize("prefix", ["Üzeyir H", "Узеир Г", "Uzeyir Ha", "Hajib", UZEYIR])
def test_people_are_suggested_in_any_script_and_by_their_id(
    services_with_people: Services, prefix: str
) -> None:
    assert suggest(services_with_people, "entity", prefix)[0] == UZEYIR


def test_common_entities_are_suggested_first(services_with_people: Services) -> None:
    assert suggest(services_with_people, "entity", "Ba", types=["place"])[0] == "place/baku"
    assert suggest(services_with_people, "entity", "place/baku") == ["place/baku"]
    only = suggest(services_with_people, "entity", "a", types=["profession/composer"])
    assert only
    assert not any("/" in id_ for id_ in only)


def test_cursor_continues_after_the_page(services_with_people: Services) -> None:
    pages = [suggest(services_with_people, "entity", "a", cursor=cursor) for cursor in (0, 10, 20)]
    assert [len(page) for page in pages] == [10, 10, 10]
    assert len({id_ for page in pages for id_ in page}) == 30


def test_types_and_properties_are_suggested_in_every_language(services_with_people: Services) -> None:
    assert suggest(services_with_people, "type", "bəstə")[0] == "profession/composer"
    assert "person" in suggest(services_with_people, "type", "челов")
    assert suggest(services_with_people, "type", "profession/composer") == ["profession/composer"]
    assert suggest(services_with_people, "property", "birth_year") == ["birth_year"]
    assert suggest(services_with_people, "property", "год рожд") == ["birth_year"]
    assert "birth_date" in suggest(services_with_people, "property", "birth")
    assert suggest(services_with_people, "property", "") == []


def test_non_public_people_are_not_suggested(services_with_people: Services) -> None:
    for prefix in ("Gizli", "Gedən", "İki Sın", DRAFT, WITHDRAWN):
        assert not {DRAFT, WITHDRAWN, MERGED} & set(suggest(services_with_people, "entity", prefix))


def test_values_are_typed(services_with_people: Services) -> None:
    row = fetch_rows(
        services_with_people, [ELDER], "birth_date", "birth_year", "death_date", "birthplace", "gender"
    )
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


def test_wikidata_ids_are_entities_of_wikidata(services_with_people: Services) -> None:
    result = fetch_rows(services_with_people, [ELDER], "wikidata", "viaf")
    assert result["meta"][0]["service"].startswith("https://wikidata.")
    assert result["rows"][ELDER]["wikidata"] == [{"id": "Q900000001", "name": "Əli Yoxlamazadə"}]
    assert result["rows"][ELDER]["viaf"] == [{"str": "123"}]


def test_column_settings_apply_to_their_column(services_with_people: Services) -> None:
    column = {"id": "profession", "settings": {"limit": "1", "lang": "ru"}}
    result = fetch_rows(services_with_people, [UZEYIR], column, "name_ru", "country_name", lang="az")["rows"][
        UZEYIR
    ]
    assert result["profession"] == [{"id": "term/profession/composer", "name": "композитор"}]
    assert result["country_name"][0] == {"str": "Azərbaycan"}


def test_invalid_settings_are_reported_and_ignored(services_with_people: Services) -> None:
    column = {"id": "profession", "settings": {"limit": "many", "lang": "de"}}
    result = fetch_rows(services_with_people, [UZEYIR], column, "no_such")
    assert [(problem["path"], problem["code"]) for problem in result["problems"]] == [
        ("properties[0].settings.limit", "type"),
        ("properties[0].settings.lang", "choice"),
        ("properties[1].id", "unknown"),
    ]
    assert len(result["rows"][UZEYIR]["profession"]) > 1
    assert result["rows"][UZEYIR]["no_such"] == []


def test_merged_person_has_the_values_of_the_target(services_with_people: Services) -> None:
    result = fetch_rows(services_with_people, [MERGED, MERGE_TARGET], "url", "birth_year")["rows"]
    assert result[MERGED] == result[MERGE_TARGET]
    assert result[MERGE_TARGET]["url"] == [{"str": f"https://bank.example/people/{MERGE_TARGET}"}]


def test_non_public_people_have_no_values(services_with_people: Services) -> None:
    ids = [DRAFT, WITHDRAWN, "nobody", "x\0y", "place/", "term/none/x"]
    rows = fetch_rows(services_with_people, ids, *PROPERTIES_BY_ID)["rows"]
    assert len(rows) == len(ids)
    assert not any(cells for row in rows.values() for cells in row.values())


@pytest.mark.parametrize(
    "extend_request",
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
def test_malformed_extension_is_rejected(services_with_people: Services, extend_request: str) -> None:
    with pytest.raises(BadQuery, match="extend"):
        services_with_people.reconciliation.extend(extend_request, "en", str)


def test_preview_identifies_the_entity(services_with_people: Services) -> None:
    preview = services_with_people.reconciliation.preview(UZEYIR, "ru")
    assert (preview.status, preview.name, preview.years) == (200, "Узеир Гаджибеков", "1885–1948")
    assert preview.types[0] == "композитор"
    assert services_with_people.reconciliation.preview(MERGED, "az").ref == MERGE_TARGET
    place = services_with_people.reconciliation.preview("place/susa", "en")
    assert (place.name, place.path) == ("Shusha", "/places/susa")


def test_preview_of_a_withdrawn_person_has_no_name(services_with_people: Services) -> None:
    preview = services_with_people.reconciliation.preview(WITHDRAWN, "en")
    assert preview.status == 410
    assert preview.absent.startswith("This record was withdrawn on ")
    assert preview.name == ""
    for ref in (DRAFT, "nobody", "x" * 500, "place/nowhere", "a/b/c"):
        assert services_with_people.reconciliation.preview(ref, "en").status == 404


def test_labels_are_in_three_languages() -> None:
    property_labels = (property_.label for property_ in PROPERTIES_BY_ID.values())
    for label in (*property_labels, *TYPE_LABELS.values()):
        assert all(label.translations().values())


def test_properties_are_proposed_by_type(services_with_people: Services) -> None:
    propose = services_with_people.reconciliation.propose
    assert propose("place", 2, "en") == {
        "type": "place",
        "limit": 2,
        "properties": [
            {"id": "name", "name": "name"},
            {"id": "name_az", "name": PROPERTIES_BY_ID["name_az"].name("en")},
        ],
    }
    people = [propose(type_, 0, "az")["properties"] for type_ in ("", "person", "profession/poet")]
    assert people[0] == people[1] == people[2]
    with pytest.raises(NotFound, match="planet"):
        propose("planet", 0, "az")


def test_both_namesakes_are_suggested(services_with_people: Services) -> None:
    assert {ELDER, YOUNGER} <= set(suggest(services_with_people, "entity", "Əli Yox"))
