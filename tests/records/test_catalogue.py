"""The catalogue: labels in the reader's language, and hierarchies."""

import pytest

from biobank.records.catalogue import Catalogue, load_catalogue
from biobank.records.vocabulary.gendered_labels import is_feminine
from biobank.store.session import Database


@pytest.fixture
def catalogue(database: Database) -> Catalogue:
    with database.read() as session:
        return load_catalogue(session)


def test_a_term_has_a_label_in_the_requested_language(catalogue: Catalogue) -> None:
    assert catalogue.label("profession", "composer", "az") == "bəstəkar"
    assert catalogue.label("profession", "composer", "ru") == "композитор"
    assert catalogue.label("profession", "no-such-term", "en") == "no-such-term"


def test_a_term_has_a_label_for_women_where_one_is_usual(catalogue: Catalogue) -> None:
    labels = {lang: catalogue.term_label("profession", "poet", lang, "female") for lang in ("az", "en", "ru")}
    assert labels == {"az": "şairə", "en": "poet", "ru": "поэтесса"}
    assert catalogue.term_label("profession", "poet", "ru", "male") == "поэт"
    assert catalogue.main_professions(["composer", "pianist"], "ru", "female") == ("композитор", "пианистка")


def test_every_label_for_women_is_recognised_as_feminine(catalogue: Catalogue) -> None:
    feminine = [
        (label, lang) for term in catalogue.terms.values() for lang, label in term.get("feminine", {}).items()
    ]
    assert len(feminine) > 20
    assert all(is_feminine(label, lang) for label, lang in feminine)


def test_a_place_has_its_current_name(catalogue: Catalogue) -> None:
    assert catalogue.label("birthplace", "gence", "en") == "Ganja"
    assert catalogue.label("place", "gence", "ru") == "Гянджа"
    former = [name["text"] for name in catalogue.places["gence"]["names"] if "period" in name]
    assert "Kirovabad" in former


def test_an_organisation_and_a_country_are_labelled(catalogue: Catalogue) -> None:
    label = catalogue.label("organisation", "baku-music-academy", "az")
    assert label == "Üzeyir Hacıbəyli adına Bakı Musiqi Akademiyası"
    assert catalogue.label("country", "TR", "az") == "Türkiyə"
    assert catalogue.label("century", "19", "az") == "19"


def test_broader_terms_and_places_have_no_repeats(catalogue: Catalogue) -> None:
    broader = catalogue.broader_terms("profession", ["poet", "composer"])
    assert {"poet", "writer", "composer"} <= set(broader)
    assert len(set(broader)) == len(broader)
    containing = catalogue.broader_places(["baku", "baku"])
    assert containing[0] == "baku"
    assert len(set(containing)) == len(containing)
    assert catalogue.places[containing[-1]]["kind"] == "country"
