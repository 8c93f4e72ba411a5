"""Candidates for table rows: what raises and lowers scores, and what is certain."""

import json
from typing import Any

import pytest

from biobank.bootstrap import Services
from biobank.exchange.reconciling.batches import Batches
from tests.exchange.reconciling.conftest import (
    DRAFT,
    ELDER,
    MERGED,
    OTHER,
    WITHDRAWN,
    YOUNGER,
    ask,
    features,
    first,
    given,
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
def test_every_spelling_finds_its_person_and_is_certain(
    told: Services, text: str, reading: str | None
) -> None:
    found = first(told, text)
    assert (found["id"], found["match"]) == ("uzeyir-hacibeyov", True)
    assert found["score"] > 90
    if reading:
        assert features(found)[f"read_as_{reading}"] is True


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
def test_poets_are_found_by_the_one_name_they_are_known_by(
    told: Services, pen: str, meant: str
) -> None:
    assert first(told, pen, type="person")["id"] == meant


def test_a_town_called_like_a_poet_is_not_certain(told: Services) -> None:
    """Neither of two entities of the same name may be matched automatically."""
    found = ask(told, "Физули")["result"]
    assert {one["id"] for one in found[:2]} == {"mehemmed-fuzuli", "place/fuzuli"}
    assert not any(one["match"] for one in found)


@pytest.mark.parametrize("text", ["Baghdad", "Ismayilli", "aşıq"])
def test_a_thing_whose_name_stands_in_a_persons_is_not_certain_unless_asked_for(
    told: Services, text: str
) -> None:
    """Füzuli came from Baghdad, and a table of people may contain only that word."""
    found = ask(told, text)["result"]
    assert "/" in found[0]["id"]
    assert not any(one["match"] for one in found)
    kind = found[0]["type"][0]["id"]
    asked_for = first(told, text, type=kind)
    assert (asked_for["id"], asked_for["match"]) == (found[0]["id"], True)
    both = first(told, text, type=[kind, "person"])
    assert (both["id"], both["match"]) == (found[0]["id"], False)


def test_a_place_is_not_certain_for_a_row_that_tells_of_a_person(told: Services) -> None:
    """Places have no year of birth."""
    row = given(birth_year=1885)
    assert not first(told, "Shusha", properties=row)["match"]
    assert first(told, "Shusha", properties=row, type="place")["match"]
    assert not first(told, "Shusha", properties=row, type="place", type_strict="should")["match"]


def test_two_namesakes_share_the_score_and_neither_is_certain(told: Services) -> None:
    both = ask(told, ALI)["result"][:2]
    assert {one["id"] for one in both} == {ELDER, YOUNGER}
    assert [one["match"] for one in both] == [False, False]
    assert all(40 < one["score"] < 50 for one in both)


@pytest.mark.parametrize(
    ("properties", "meant"),
    [
        (given(birth_year=1880), ELDER),
        (given(birth_year="1920"), YOUNGER),
        (given(birth="28.05.1880"), ELDER),
        (given(birth_date="1880-05-28T00:00:00Z"), ELDER),
        (given(death_year=1937.0), ELDER),
        (given(birthplace="Шуша", profession="şair"), YOUNGER),
        (given(birthplace={"id": "place/susa"}, profession={"id": "profession/poet"}), YOUNGER),
        (given(profession=["musician"], country="Azerbaijan"), ELDER),
        (given(profession="poet, translator", country=["TR", "DE"]), YOUNGER),
        (given(wikidata="https://www.wikidata.org/wiki/Q900000001"), ELDER),
        (given(viaf=123), ELDER),
    ],
)
def test_what_agrees_raises_and_makes_certain(
    told: Services, properties: list[dict[str, Any]], meant: str
) -> None:
    found = first(told, ALI, properties=properties)
    assert (found["id"], found["match"]) == (meant, True)
    assert 1 in features(found).values()


@pytest.mark.parametrize(
    "properties",
    [given(birth_year=1850), given(gender="female"), given(viaf="999"), given(death=1990)],
)
def test_what_contradicts_lowers_and_is_told(
    told: Services, properties: list[dict[str, Any]]
) -> None:
    def elder(**query: Any) -> dict[str, Any]:
        return next(one for one in ask(told, ALI, **query)["result"] if one["id"] == ELDER)

    assert elder(properties=properties)["score"] < elder()["score"]
    assert not elder(properties=properties)["match"]
    assert -1 in features(elder(properties=properties)).values()


def test_a_perfect_name_with_another_life_is_not_certain(told: Services) -> None:
    found = first(told, "Uzeyir Hajibeyov", properties=given(birth_year=1930))
    assert not found["match"]
    assert features(found)["property_birth_year"] == -1


def test_a_year_beside_the_true_one_tells_nothing(told: Services) -> None:
    found = ask(told, ALI, properties=given(birth_year=1881))["result"]
    values = {one["id"]: features(one).get("property_birth_year") for one in found}
    assert (values[ELDER], values[YOUNGER]) == (0, -1)


def test_year_and_day_of_one_birth_count_once(told: Services) -> None:
    year = first(told, "Yoxlamazadə", properties=given(birth_year=1880))
    both = first(told, "Yoxlamazadə", properties=given(birth_year=1880, birth_date="1880"))
    assert year["score"] == both["score"]


@pytest.mark.parametrize("text", ["Hacıbəyov", "Гаджибеков", "Əli", "Yoxlamazadə"])
def test_a_name_alone_is_never_certain(told: Services, text: str) -> None:
    assert not any(one["match"] for one in ask(told, text)["result"])


def test_a_surname_with_a_year_is_likely_and_not_certain(told: Services) -> None:
    """Many people outside the bank share the name, and one in sixty was born that year."""
    found = first(told, "Гаджибеков", properties=given(birth_year=1885))
    assert found["id"] == "uzeyir-hacibeyov"
    assert 50 < found["score"] < 90


def test_a_surname_with_a_year_and_a_profession_may_be(told: Services) -> None:
    found = first(told, "Гаджибеков", properties=given(birth_year=1885, profession="composer"))
    assert (found["id"], found["match"]) == ("uzeyir-hacibeyov", True)


def test_types_leave_others_out_narrower_ones_counting(told: Services) -> None:
    assert first(told, ALI, type="profession/musician")["id"] == ELDER
    assert first(told, ALI, type=["profession/poet"])["match"]
    assert {one["id"] for one in ask(told, ALI, type="person")["result"]} >= {ELDER, YOUNGER}
    both = ["profession/poet", "profession/composer"]
    assert ask(told, ALI, type=both, type_strict="all")["result"] == []
    assert len(ask(told, ALI, type=both, type_strict="any")["result"]) >= 2


def test_types_that_are_preferred_leave_nobody_out(told: Services) -> None:
    found = ask(told, ALI, type="profession/poet", type_strict="should")["result"]
    assert [one["id"] for one in found[:2]] == [YOUNGER, ELDER]
    assert [features(one)["type_fits"] for one in found[:2]] == [True, False]
    assert found[0]["score"] > found[1]["score"] > 0


def test_a_type_or_property_that_is_none_is_told(told: Services) -> None:
    answer = ask(told, ALI, type="planet", properties=given(star_sign="virgo", headline="x"))
    assert answer["result"] == []
    assert {(one["path"], one["code"]) for one in answer["problems"]} == {
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
    told: Services, text: str, type_: str, meant: str
) -> None:
    found = first(told, text, **({"type": type_} if type_ else {}))
    assert (found["id"], found["match"]) == (meant, True)


def test_people_are_not_mixed_with_things_that_are_only_alike(told: Services) -> None:
    ids = [one["id"] for one in ask(told, "Uzeyir Hajibeyov")["result"]]
    assert not any("/" in id_ for id_ in ids)


def test_without_a_name_the_facts_are_asked(told: Services) -> None:
    by_id = first(told, properties=given(wikidata="q900000001"))
    assert (by_id["id"], by_id["match"]) == (ELDER, True)
    by_facts = ask(told, properties=given(profession="composer", birth_year=1885))["result"]
    assert "uzeyir-hacibeyov" in {one["id"] for one in by_facts}
    assert not any(one["match"] for one in by_facts)
    assert ask(told, properties=given(profession="no such thing"))["result"] == []


def test_an_id_of_a_catalogue_brings_up_whom_the_name_does_not(told: Services) -> None:
    found = ask(told, "Kimsə Başqası", properties=given(wikidata="Q900000001"))["result"]
    assert found[0]["id"] == ELDER


@pytest.mark.parametrize("text", ["Gizli Sınaqov", "Gedən Sınaqov", "İki Sınaqlı"])
def test_who_is_not_public_is_no_candidate(told: Services, text: str) -> None:
    ids = {one["id"] for one in ask(told, text, limit=50)["result"]}
    assert not ids & {DRAFT, WITHDRAWN, MERGED}


def test_a_date_that_is_not_sure_raises_a_little(told: Services) -> None:
    text = "Sınaq Yoxlamazadə"
    agreeing = first(told, text, properties=given(birth_year=1888))
    plain = first(told, text)
    assert (agreeing["id"], features(agreeing)["property_birth_year"]) == (OTHER, 1)
    assert plain["score"] < agreeing["score"] < 100


def test_names_and_descriptions_are_in_the_language_asked_for(told: Services) -> None:
    names = {lang: ask(told, "Uzeyir Hajibeyov", lang)["result"][0] for lang in ("az", "en", "ru")}
    assert [names[lang]["name"] for lang in names] == [
        "Üzeyir Hacıbəyov",
        "Uzeyir Hajibeyov",
        "Узеир Гаджибеков",
    ]
    assert names["ru"]["description"].startswith("1885–1948 · Композитор")
    assert {"id": "profession/composer", "name": "bəstəkar"} in names["az"]["type"]


def test_a_batch_that_takes_too_long_answers_what_it_reached(told: Services) -> None:
    its = (told.database, told.names, told.search, told.values, told.catalogue)
    batches = Batches(*its, told.reconciling.things, seconds_most=0)
    sent = json.dumps({key: {"query": "Uzeyir Hajibeyov"} for key in "abc"})
    answer = batches.answer(sent, "en")
    assert answer["a"]["result"][0]["match"]
    for key in "bc":
        assert answer[key]["result"] == []
        assert [one["code"] for one in answer[key]["problems"]] == ["late"]


def test_the_limit_is_kept(told: Services) -> None:
    assert len(ask(told, "Əliyev", limit=1)["result"]) == 1
    assert len(ask(told, "Məmməd", limit=3)["result"]) <= 3
