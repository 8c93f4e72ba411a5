"""Index documents contain what the record says and nothing else."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biobank.bootstrap import Services
from biobank.common.i18n import LANGUAGES
from biobank.names.alphabet import sort_key
from biobank.records.catalogue import Catalogue
from biobank.records.dates import parse_date
from biobank.records.people.schemas import person_schema
from biobank.records.validation import load_validated
from biobank.search.document import (
    MAX_INDEXED_CENTURIES,
    RelatedData,
    century_id,
    documentation_score,
    make_document,
)
from biobank.search.labels import CENTURY_ID_PATTERN
from biobank.search.query import INDEXED_FIELDS, UNKNOWN
from tests.support import seed
from tests.support.profiles import scaled
from tests.support.records import records

UZEYIR = "uzeyir-hacibeyov"


@pytest.fixture(scope="module")
def catalogue(services: Services) -> Catalogue:
    return services.catalogue()


def record(person_id: str = UZEYIR, **changes: Any) -> dict[str, Any]:
    loaded = load_validated(person_schema, seed.person(person_id))
    loaded.update(changes)
    return {key: value for key, value in loaded.items() if value is not None}


def bare(**parts: Any) -> dict[str, Any]:
    """Return a minimal record with `parts`."""
    return {"id": "p", "names": [{"text": "Üzeyir", "lang": "az", "kind": "preferred"}], **parts}


def test_every_name_form_is_indexed(catalogue: Catalogue) -> None:
    indexed = make_document(record(), catalogue)
    assert indexed.names == tuple(name["text"] for name in seed.person(UZEYIR)["names"])
    assert indexed.sort_keys == {
        "az": sort_key("Hacıbəyov\ufffeÜzeyir"),
        "en": sort_key("Hajibeyov\ufffeUzeyir", "en"),
        "ru": sort_key("Гаджибеков\ufffeУзеир", "ru"),
    }


def test_broader_professions_and_places_are_included(catalogue: Catalogue) -> None:
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


def test_missing_values_are_unknown(catalogue: Catalogue) -> None:
    indexed = make_document(bare(), catalogue)
    lacks = (*LANGUAGES, "relation", "portrait", "identifier")
    assert indexed.facets == {**dict.fromkeys(INDEXED_FIELDS, (UNKNOWN,)), "lacks": lacks}
    assert (indexed.born, indexed.died) == ((None, None), (None, None))
    assert indexed.headline == {}
    assert not any(indexed.text.values())
    assert not any(indexed.labels.values())


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


def test_very_imprecise_birth_has_few_centuries(catalogue: Catalogue) -> None:
    indexed = make_document(bare(birth={"date": "[0100..1900]"}), catalogue)
    assert len(indexed.facets["century"]) == MAX_INDEXED_CENTURIES


@given(st.integers(-99, 99).filter(bool))
def test_a_century_can_be_chosen_and_never_excludes(century: int) -> None:
    assert CENTURY_ID_PATTERN.fullmatch(century_id(century))


def test_days_are_those_of_the_dates(catalogue: Catalogue) -> None:
    indexed = make_document(
        bare(birth={"date": "1141~"}, death={"date": "[1202..]", "place": "ganja"}), catalogue
    )
    birth = parse_date("1141~")
    assert indexed.born == (birth.earliest, birth.latest)
    assert indexed.died[0] == parse_date("1202").earliest
    assert indexed.died[1] is None


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


def test_feminine_labels_apply_to_women_only(catalogue: Catalogue) -> None:
    labels = {
        gender: make_document(bare(professions=["poet"], gender=gender), catalogue).labels
        for gender in ("female", "male")
    }
    for lang, word, absent in (
        ("az", "şairə", "şair"),
        ("en", "poetess", "poet"),
        ("ru", "поэтесса", "поэт"),
    ):
        assert word in labels["female"][lang].split("\n")
        assert word not in labels["male"][lang].split("\n")
        assert all(absent in texts_by_language[lang].split("\n") for texts_by_language in labels.values())


def test_country_adjectives_are_indexed(catalogue: Catalogue) -> None:
    labels = make_document(bare(countries=["IR"]), catalogue).labels
    assert "Iranian" in labels["en"]
    assert "иранский" in labels["ru"]
    assert "iranlı" in labels["az"]


def test_text_contains_all_texts_without_citation_marks(catalogue: Catalogue) -> None:
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


def test_works_are_indexed_with_type(catalogue: Catalogue) -> None:
    indexed = make_document(
        bare(works=[{"title": {"az": "Koroğlu", "ru": "Кёроглы"}, "type": "opera"}]), catalogue
    )
    assert indexed.works == {"az": "Koroğlu opera", "en": "opera", "ru": "Кёроглы опера"}
    assert indexed.facets["work"] == ("opera",)


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
    indexed = make_document(bare(**{key: part for key, part in parts.items() if part}), catalogue)
    assert indexed.lived == years


def test_relations_are_indexed_from_both_sides(catalogue: Catalogue) -> None:
    indexed = make_document(
        bare(relations=[{"type": "teacher", "person": "a"}]),
        catalogue,
        related_data=RelatedData([("b", "teacher"), ("c", "sibling")]),
    )
    assert indexed.facets["relation"] == ("a", "b", "c")
    assert indexed.facets["tie"] == ("teacher", "student", "sibling")


def test_relation_roles_are_indexed_as_words(catalogue: Catalogue) -> None:
    tie_lines = make_document(
        bare(relations=[{"type": "teacher", "person": "a"}], death={"place": "baku"}),
        catalogue,
        related_data=RelatedData([("b", "parent")]),
    ).ties
    died, pupil, parent = tie_lines["en"].split("\n")
    assert died == "died Baku"
    assert "pupil" in pupil.split()
    assert "father" in parent.split()
    assert "teacher" not in tie_lines["en"]
    assert "ученик" in tie_lines["ru"]
    assert "şagirdi" in tie_lines["az"]


def test_recorded_places_exclude_broader_places(catalogue: Catalogue) -> None:
    facets = make_document(record(), catalogue).facets
    assert facets["at_birth"] == ("agcabedi",)
    assert facets["at_death"] == ("baku",)
    assert "azerbaijan" not in facets["at_activity"]
    assert "gori" in facets["at_activity"]


def test_documentation_score_increases_with_sources_relations_and_text() -> None:
    complete = record()
    for part in ("sources", "relations", "works", "names", "awards", "events", "memberships"):
        fewer = {**complete, part: complete[part][:-1]}
        assert documentation_score(fewer, 0) < documentation_score(complete, 0), part
    assert documentation_score(complete, 2) > documentation_score(complete, 0)
    assert documentation_score({**complete, "biography": {}}, 0) < documentation_score(complete, 0)
    assert documentation_score(bare(), 0) == 1


@settings(max_examples=scaled(60))
@given(source_record=records())
def test_any_record_has_a_document(catalogue: Catalogue, source_record: dict[str, Any]) -> None:
    loaded = load_validated(person_schema, source_record)
    document = make_document(loaded, catalogue)
    assert document.id == loaded["id"]
    assert set(document.facets) == set(INDEXED_FIELDS)
    for facet, values in document.facets.items():
        assert values, facet
        assert len(values) == len(set(values)), facet
        assert not any(value.startswith("-") for value in values), facet
        assert len(values) == 1 or UNKNOWN not in values, facet
    assert set(document.text) == set(document.labels) == set(LANGUAGES)
    assert document.documented > 0
    for days in (document.born, document.died):
        assert None in days or days[0] <= days[1]  # type: ignore[operator]
