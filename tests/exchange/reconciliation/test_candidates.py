"""Candidates for table rows: what raises and lowers scores, and what is certain."""

import json
from typing import Any

import pytest

from biobank.bootstrap import Services
from biobank.exchange.reconciliation.batches import BatchProcessor
from tests.exchange.reconciliation.conftest import (
    DRAFT,
    ELDER,
    MERGED,
    THIRD,
    WITHDRAWN,
    YOUNGER,
    best_candidate,
    features,
    property_list,
    reconcile,
)

ALI = "Əli Yoxlamazadə"


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("Узеир Гаджибеков", None),
        ("Usejir Hadschibejow", "de"),
        ("Uzeir Gadzhibekov", "en"),
        ("عزیر حاجی‌بیوف", None),
        ("HACIBƏYOV, Üzeyir", None),
    ],
)
def test_every_spelling_is_a_certain_match(
    services_with_people: Services, text: str, reading: str | None
) -> None:
    result = best_candidate(services_with_people, text)
    assert (result["id"], result["match"]) == ("uzeyir-hacibeyov", True)
    assert result["score"] > 90
    if reading:
        assert features(result)[f"read_as_{reading}"] is True


@pytest.mark.parametrize(
    ("pen", "meant"),
    [
        ("Nizami", "nizami-gencevi"),
        ("Низами", "nizami-gencevi"),
        ("Nəsimi", "imadeddin-nesimi"),
        ("Физули", "mehemmed-fuzuli"),
        ("Vagif", "molla-penah-vaqif"),
        ("Натаван", "xursidbanu-natevan"),
    ],
)
def test_poets_are_found_by_pen_name(services_with_people: Services, pen: str, meant: str) -> None:
    assert best_candidate(services_with_people, pen, type="person")["id"] == meant


def test_town_named_like_a_poet_is_not_certain(services_with_people: Services) -> None:
    """Neither of two entities of the same name may be matched automatically."""
    result = reconcile(services_with_people, "Физули")["result"]
    assert {item["id"] for item in result[:2]} == {"mehemmed-fuzuli", "place/fuzuli"}
    assert not any(item["match"] for item in result)


@pytest.mark.parametrize("text", ["Baghdad", "Ismayilli", "aşıq"])
def test_entity_named_within_a_person_is_certain_only_by_type(
    services_with_people: Services, text: str
) -> None:
    """Füzuli came from Baghdad, and a table of people may contain only that word."""
    result = reconcile(services_with_people, text)["result"]
    assert "/" in result[0]["id"]
    assert not any(item["match"] for item in result)
    kind = result[0]["type"][0]["id"]
    by_type = best_candidate(services_with_people, text, type=kind)
    assert (by_type["id"], by_type["match"]) == (result[0]["id"], True)
    both = best_candidate(services_with_people, text, type=[kind, "person"])
    assert (both["id"], both["match"]) == (result[0]["id"], False)


def test_place_is_not_certain_for_a_row_about_a_person(services_with_people: Services) -> None:
    """Places have no year of birth."""
    row = property_list(birth_year=1885)
    assert not best_candidate(services_with_people, "Shusha", properties=row)["match"]
    assert best_candidate(services_with_people, "Shusha", properties=row, type="place")["match"]
    assert not best_candidate(
        services_with_people, "Shusha", properties=row, type="place", type_strict="should"
    )["match"]


def test_two_namesakes_share_the_score_and_neither_is_certain(services_with_people: Services) -> None:
    both = reconcile(services_with_people, ALI)["result"][:2]
    assert {item["id"] for item in both} == {ELDER, YOUNGER}
    assert [item["match"] for item in both] == [False, False]
    assert all(40 < item["score"] < 50 for item in both)


@pytest.mark.parametrize(
    ("properties", "meant"),
    [
        (property_list(birth_year=1880), ELDER),
        (property_list(birth_year="1920"), YOUNGER),
        (property_list(birth="28.05.1880"), ELDER),
        (property_list(birth_date="1880-05-28T00:00:00Z"), ELDER),
        (property_list(death_year=1937.0), ELDER),
        (property_list(birthplace="Шуша", profession="şair"), YOUNGER),
        (property_list(birthplace={"id": "place/susa"}, profession={"id": "profession/poet"}), YOUNGER),
        (property_list(profession=["musician"], country="Azerbaijan"), ELDER),
        (property_list(profession="poet, translator", country=["TR", "DE"]), YOUNGER),
        (property_list(wikidata="https://www.wikidata.org/wiki/Q900000001"), ELDER),
        (property_list(viaf=123), ELDER),
    ],
)
def test_agreeing_properties_make_certain(
    services_with_people: Services, properties: list[dict[str, Any]], meant: str
) -> None:
    result = best_candidate(services_with_people, ALI, properties=properties)
    assert (result["id"], result["match"]) == (meant, True)
    assert 1 in features(result).values()


@pytest.mark.parametrize(
    "properties",
    [
        property_list(birth_year=1850),
        property_list(gender="female"),
        property_list(viaf="999"),
        property_list(death=1990),
    ],
)
def test_contradicting_properties_lower_the_score(
    services_with_people: Services, properties: list[dict[str, Any]]
) -> None:
    def elder(**query: Any) -> dict[str, Any]:
        return next(
            item for item in reconcile(services_with_people, ALI, **query)["result"] if item["id"] == ELDER
        )

    assert elder(properties=properties)["score"] < elder()["score"]
    assert not elder(properties=properties)["match"]
    assert -1 in features(elder(properties=properties)).values()


def test_perfect_name_with_other_dates_is_not_certain(services_with_people: Services) -> None:
    result = best_candidate(
        services_with_people, "Uzeyir Hajibeyov", properties=property_list(birth_year=1930)
    )
    assert not result["match"]
    assert features(result)["property_birth_year"] == -1


def test_adjacent_year_is_no_evidence(services_with_people: Services) -> None:
    result = reconcile(services_with_people, ALI, properties=property_list(birth_year=1881))["result"]
    values = {item["id"]: features(item).get("property_birth_year") for item in result}
    assert (values[ELDER], values[YOUNGER]) == (0, -1)


def test_year_and_day_of_birth_count_once(services_with_people: Services) -> None:
    year = best_candidate(services_with_people, "Yoxlamazadə", properties=property_list(birth_year=1880))
    both = best_candidate(
        services_with_people, "Yoxlamazadə", properties=property_list(birth_year=1880, birth_date="1880")
    )
    assert year["score"] == both["score"]


@pytest.mark.parametrize("text", ["Hacıbəyov", "Гаджибеков", "Əli", "Yoxlamazadə"])
def test_single_name_is_never_certain(services_with_people: Services, text: str) -> None:
    assert not any(item["match"] for item in reconcile(services_with_people, text)["result"])


def test_surname_with_year_is_likely_but_not_certain(services_with_people: Services) -> None:
    """Many people outside the bank share the name, and one in sixty was born that year."""
    result = best_candidate(services_with_people, "Гаджибеков", properties=property_list(birth_year=1885))
    assert result["id"] == "uzeyir-hacibeyov"
    assert 50 < result["score"] < 90


def test_surname_with_year_and_profession_is_certain(services_with_people: Services) -> None:
    result = best_candidate(
        services_with_people, "Гаджибеков", properties=property_list(birth_year=1885, profession="composer")
    )
    assert (result["id"], result["match"]) == ("uzeyir-hacibeyov", True)


def test_types_filter_including_narrower_ones(services_with_people: Services) -> None:
    assert best_candidate(services_with_people, ALI, type="profession/musician")["id"] == ELDER
    assert best_candidate(services_with_people, ALI, type=["profession/poet"])["match"]
    assert {item["id"] for item in reconcile(services_with_people, ALI, type="person")["result"]} >= {
        ELDER,
        YOUNGER,
    }
    both = ["profession/poet", "profession/composer"]
    assert reconcile(services_with_people, ALI, type=both, type_strict="all")["result"] == []
    assert len(reconcile(services_with_people, ALI, type=both, type_strict="any")["result"]) >= 2


def test_preferred_types_do_not_filter(services_with_people: Services) -> None:
    result = reconcile(services_with_people, ALI, type="profession/poet", type_strict="should")["result"]
    assert [item["id"] for item in result[:2]] == [YOUNGER, ELDER]
    assert [features(item)["type_fits"] for item in result[:2]] == [True, False]
    assert result[0]["score"] > result[1]["score"] > 0


def test_unknown_types_and_properties_are_reported(services_with_people: Services) -> None:
    response = reconcile(
        services_with_people, ALI, type="planet", properties=property_list(star_sign="virgo", headline="x")
    )
    assert response["result"] == []
    assert {(item["path"], item["code"]) for item in response["problems"]} == {
        ("type", "unknown"),
        ("properties[0].pid", "unknown"),
        ("properties[1].pid", "not_compared"),
    }


@pytest.mark.parametrize(
    ("text", "type_", "meant"),
    [
        ("Шуша", "place", "place/susa"),
        ("Shusha", "", "place/susa"),
        ("Baku Academy of Music", "organisation", "organisation/baku-music-academy"),
        ("bəstəkar", "term/profession", "term/profession/composer"),
        ("poetess", "term", "term/profession/poet"),
    ],
)
def test_organisations_places_and_terms_are_reconciled_too(
    services_with_people: Services, text: str, type_: str, meant: str
) -> None:
    result = best_candidate(services_with_people, text, **({"type": type_} if type_ else {}))
    assert (result["id"], result["match"]) == (meant, True)


def test_similar_entities_are_not_mixed_with_people(services_with_people: Services) -> None:
    ids = [item["id"] for item in reconcile(services_with_people, "Uzeyir Hajibeyov")["result"]]
    assert not any("/" in id_ for id_ in ids)


def test_query_without_name_uses_properties(services_with_people: Services) -> None:
    by_id = best_candidate(services_with_people, properties=property_list(wikidata="q900000001"))
    assert (by_id["id"], by_id["match"]) == (ELDER, True)
    by_facts = reconcile(
        services_with_people, properties=property_list(profession="composer", birth_year=1885)
    )["result"]
    assert "uzeyir-hacibeyov" in {item["id"] for item in by_facts}
    assert not any(item["match"] for item in by_facts)
    assert (
        reconcile(services_with_people, properties=property_list(profession="no such thing"))["result"] == []
    )


def test_catalogue_id_finds_people_of_another_name(services_with_people: Services) -> None:
    result = reconcile(
        services_with_people, "Kimsə Başqası", properties=property_list(wikidata="Q900000001")
    )["result"]
    assert result[0]["id"] == ELDER


@pytest.mark.parametrize("text", ["Gizli Sınaqov", "Gedən Sınaqov", "İki Sınaqlı"])
def test_non_public_people_are_no_candidates(services_with_people: Services, text: str) -> None:
    ids = {item["id"] for item in reconcile(services_with_people, text, limit=50)["result"]}
    assert not ids & {DRAFT, WITHDRAWN, MERGED}


def test_uncertain_date_raises_the_score_slightly(services_with_people: Services) -> None:
    text = "Sınaq Yoxlamazadə"
    agreeing = best_candidate(services_with_people, text, properties=property_list(birth_year=1888))
    plain = best_candidate(services_with_people, text)
    assert (agreeing["id"], features(agreeing)["property_birth_year"]) == (THIRD, 1)
    assert plain["score"] < agreeing["score"] < 100


def test_names_and_descriptions_are_localized(services_with_people: Services) -> None:
    names = {
        lang: reconcile(services_with_people, "Uzeyir Hajibeyov", lang)["result"][0]
        for lang in ("az", "en", "ru")
    }
    assert [names[lang]["name"] for lang in names] == [
        "Üzeyir Hacıbəyov",
        "Uzeyir Hajibeyov",
        "Узеир Гаджибеков",
    ]
    assert names["ru"]["description"].startswith("1885–1948 · Композитор")
    assert {"id": "profession/composer", "name": "bəstəkar"} in names["az"]["type"]


def test_slow_batch_is_answered_partially(services_with_people: Services) -> None:
    dependencies = (
        services_with_people.database,
        services_with_people.names,
        services_with_people.search,
        services_with_people.facet_values,
        services_with_people.catalogue,
    )
    batches = BatchProcessor(*dependencies, max_seconds=0)
    batch_json = json.dumps({key: {"query": "Uzeyir Hajibeyov"} for key in "abc"})
    response = batches.reconcile(batch_json, "en")
    assert response["a"]["result"][0]["match"]
    for key in "bc":
        assert response[key]["result"] == []
        assert [item["code"] for item in response[key]["problems"]] == ["late"]


def test_limit_is_respected(services_with_people: Services) -> None:
    assert len(reconcile(services_with_people, "Əliyev", limit=1)["result"]) == 1
    assert len(reconcile(services_with_people, "Məmməd", limit=3)["result"]) <= 3
