"""Index documents contain what the record says and nothing else."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biobank.bootstrap import Services
from biobank.i18n import LANGUAGES
from biobank.names.alphabet import sort_key
from biobank.records.catalogue import Catalogue
from biobank.records.dates import parse_date
from biobank.records.people.schemas import person_schema
from biobank.records.problems import load
from biobank.search.document import CENTURIES_MOST, Around, century_id, documented, make_document
from biobank.search.labels import CENTURY
from biobank.search.query import INDEXED, UNKNOWN
from tests.support import seed
from tests.support.records import records

UZEYIR = "uzeyir-hacibeyov"


@pytest.fixture(scope="module")
def catalogue(services: Services) -> Catalogue:
    return services.catalogue()


def record(person_id: str = UZEYIR, **changes: Any) -> dict[str, Any]:
    found = load(person_schema, seed.person(person_id))
    found.update(changes)
    return {key: value for key, value in found.items() if value is not None}


def bare(**parts: Any) -> dict[str, Any]:
    """Return a minimal record with `parts`."""
    return {"id": "p", "names": [{"text": "Üzeyir", "lang": "az", "kind": "preferred"}], **parts}


def test_every_written_form_of_the_name_is_there(catalogue: Catalogue) -> None:
    found = make_document(record(), catalogue)
    assert found.names == tuple(name["text"] for name in seed.person(UZEYIR)["names"])
    assert found.sort_key == sort_key("Üzeyir Hacıbəyov")


def test_broader_professions_and_places_stand_with_the_narrower(catalogue: Catalogue) -> None:
    facets = make_document(record(), catalogue).facets
    assert {"composer", "musician"} <= set(facets["profession"])
    assert set(facets["birthplace"]) >= {"agcabedi", "azerbaijan"}
    assert {"baku", "azerbaijan"} <= set(facets["deathplace"])
    assert set(facets["place"]) > set(facets["birthplace"]) | set(facets["deathplace"])
    assert "gori" in facets["place"]
    for values in facets.values():
        assert len(values) == len(set(values))


def test_a_membership_of_two_periods_counts_once(catalogue: Catalogue) -> None:
    organisations = make_document(record(), catalogue).facets["organisation"]
    assert organisations.count("baku-music-academy") == 1


def test_what_is_not_told_is_unknown_and_not_left_out(catalogue: Catalogue) -> None:
    found = make_document(bare(), catalogue)
    lacks = (*LANGUAGES, "relation", "portrait", "identifier")
    assert found.facets == {**dict.fromkeys(INDEXED, (UNKNOWN,)), "lacks": lacks}
    assert (found.born, found.died) == ((None, None), (None, None))
    assert found.headline == {}
    assert not any(found.text.values())
    assert not any(found.labels.values())


@pytest.mark.parametrize(
    ("parts", "centuries"),
    [
        ({"birth": {"date": "1885-09-18"}}, ("19",)),
        ({"birth": {"date": "[1899..1901]"}}, ("19", "20")),
        ({"birth": {"date": "18XX"}}, ("19",)),
        ({"birth": {"date": "1141~"}}, ("12",)),
        ({"birth": {"date": "-0043"}}, ("1bce",)),
        ({"birth": {"date": "[-0050..0050]"}}, ("1bce", "1")),
        ({"birth": {"date": "1885"}, "floruit": {"date": "1750"}}, ("19",)),
        ({"birth": {"place": "baku"}, "floruit": {"date": "1750"}}, ("18",)),
        ({"floruit": {"date": "[1650..1750]"}}, ("17", "18")),
        ({"birth": {"date": "[..1500]"}}, (UNKNOWN,)),
        ({"death": {"date": "1948"}}, (UNKNOWN,)),
    ],
)
def test_a_person_is_of_every_century_of_the_birth_else_of_the_floruit(
    catalogue: Catalogue, parts: dict[str, Any], centuries: tuple[str, ...]
) -> None:
    assert make_document(bare(**parts), catalogue).facets["century"] == centuries


def test_a_birth_that_may_be_of_any_time_is_of_few_centuries(catalogue: Catalogue) -> None:
    found = make_document(bare(birth={"date": "[0100..1900]"}), catalogue)
    assert len(found.facets["century"]) == CENTURIES_MOST


@given(st.integers(-99, 99).filter(bool))
def test_a_century_can_be_chosen_and_never_excludes(century: int) -> None:
    assert CENTURY.fullmatch(century_id(century))


def test_days_are_those_of_the_dates(catalogue: Catalogue) -> None:
    found = make_document(
        bare(birth={"date": "1141~"}, death={"date": "[1202..]", "place": "ganja"}), catalogue
    )
    birth = parse_date("1141~")
    assert found.born == (birth.earliest, birth.latest)
    assert found.died[0] == parse_date("1202").earliest
    assert found.died[1] is None


def test_labels_are_those_of_the_vocabularies_in_each_language(catalogue: Catalogue) -> None:
    labels = make_document(record(), catalogue).labels
    for lang, words in {
        "az": ("bəstəkar", "Ağcabədi", "Azərbaycan"),
        "en": ("composer", "Aghjabadi", "Azerbaijan"),
        "ru": ("композитор", "Агджабеди", "Азербайджан"),
    }.items():
        for word in words:
            assert word.casefold() in labels[lang].casefold(), (lang, word)
    assert "composer" not in labels["az"].casefold()


def test_words_for_women_are_labels_of_women_alone(catalogue: Catalogue) -> None:
    labels = {
        gender: make_document(bare(professions=["poet"], gender=gender), catalogue).labels
        for gender in ("female", "male")
    }
    for lang, word, other in (
        ("az", "şairə", "şair"),
        ("en", "poetess", "poet"),
        ("ru", "поэтесса", "поэт"),
    ):
        assert word in labels["female"][lang].split("\n")
        assert word not in labels["male"][lang].split("\n")
        assert all(other in of[lang].split("\n") for of in labels.values())


def test_people_of_a_country_are_called_so(catalogue: Catalogue) -> None:
    labels = make_document(bare(countries=["IR"]), catalogue).labels
    assert "Iranian" in labels["en"]
    assert "иранский" in labels["ru"]
    assert "iranlı" in labels["az"]


def test_text_is_everything_told_in_a_language_without_the_marks_of_citations(
    catalogue: Catalogue,
) -> None:
    text = make_document(
        bare(
            biography={"az": "Opera yazıb. [@ency-music, p. 12]", "en": "Wrote an opera."},
            connection={"az": "Bakıda yaşayıb."},
            events=[{"text": {"az": "İlk tamaşa"}}, {"date": "1908"}],
            memberships=[{"organisation": "baku-music-academy", "role": {"az": "Rektor"}}],
            works=[{"title": {"az": "Koroğlu", "ru": "Кёроглы"}}],
        ),
        catalogue,
    ).text
    assert text["az"].split("\n") == [*("Opera yazıb.", "Bakıda yaşayıb.", "İlk tamaşa", "Rektor")]
    assert text["en"] == "Wrote an opera."
    assert text["ru"] == ""


def test_works_stand_apart_with_their_kind(catalogue: Catalogue) -> None:
    found = make_document(
        bare(works=[{"title": {"az": "Koroğlu", "ru": "Кёроглы"}, "type": "opera"}]), catalogue
    )
    assert found.works == {"az": "Koroğlu opera", "en": "opera", "ru": "Кёроглы опера"}
    assert found.facets["work"] == ("opera",)


@pytest.mark.parametrize(
    ("birth", "death", "years"),
    [
        ("1885-09-18", "1948-11-23", (63, 63)),
        ("1885-11-23", "1948-11-23", (63, 63)),
        ("1885-11-24", "1948-11-23", (62, 62)),
        ("1880-06-01", "1970-06-01", (90, 90)),
        ("1141~", "1209", (62, 73)),
        ("-0043", "0020", (62, 63)),
        ("1885", "[1900..]", (14, None)),
        ("1885", None, (None, None)),
        (None, "1948", (None, None)),
    ],
)
def test_years_lived_are_those_between_birthdays(
    catalogue: Catalogue, birth: str | None, death: str | None, years: tuple[int | None, ...]
) -> None:
    parts = {"birth": birth and {"date": birth}, "death": death and {"date": death}}
    found = make_document(bare(**{key: part for key, part in parts.items() if part}), catalogue)
    assert found.lived == years


def test_ties_are_told_from_both_ends(catalogue: Catalogue) -> None:
    found = make_document(
        bare(relations=[{"type": "teacher", "person": "a"}]),
        catalogue,
        around=Around([("b", "teacher"), ("c", "sibling")]),
    )
    assert found.facets["relation"] == ("a", "b", "c")
    assert found.facets["tie"] == ("teacher", "student", "sibling")


def test_what_somebody_is_to_others_is_told_in_words(catalogue: Catalogue) -> None:
    ties = make_document(
        bare(relations=[{"type": "teacher", "person": "a"}], death={"place": "baku"}),
        catalogue,
        around=Around([("b", "parent")]),
    ).ties
    died, pupil, parent = ties["en"].split("\n")
    assert died == "died Baku"
    assert "pupil" in pupil.split()
    assert "father" in parent.split()
    assert "teacher" not in ties["en"]
    assert "ученик" in ties["ru"]
    assert "şagirdi" in ties["az"]


def test_the_very_places_stand_without_those_they_lie_in(catalogue: Catalogue) -> None:
    facets = make_document(record(), catalogue).facets
    assert facets["at_birth"] == ("agcabedi",)
    assert facets["at_death"] == ("baku",)
    assert "azerbaijan" not in facets["at_activity"]
    assert "gori" in facets["at_activity"]


def test_more_sources_ties_and_text_document_better() -> None:
    whole = record()
    for part in ("sources", "relations", "works", "names", "awards", "events", "memberships"):
        fewer = {**whole, part: whole[part][:-1]}
        assert documented(fewer, 0) < documented(whole, 0), part
    assert documented(whole, 2) > documented(whole, 0)
    assert documented({**whole, "biography": {}}, 0) < documented(whole, 0)
    assert documented(bare(), 0) == 1


@settings(max_examples=60)
@given(found=records())
def test_any_record_has_a_document(catalogue: Catalogue, found: dict[str, Any]) -> None:
    loaded = load(person_schema, found)
    document = make_document(loaded, catalogue)
    assert document.id == loaded["id"]
    assert set(document.facets) == set(INDEXED)
    for facet, values in document.facets.items():
        assert values, facet
        assert len(values) == len(set(values)), facet
        assert not any(value.startswith("-") for value in values), facet
        assert len(values) == 1 or UNKNOWN not in values, facet
    assert set(document.text) == set(document.labels) == set(LANGUAGES)
    assert document.documented > 0
    for days in (document.born, document.died):
        assert None in days or days[0] <= days[1]  # type: ignore[operator]
