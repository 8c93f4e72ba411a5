"""The catalogue: labels in the reader's language, and hierarchies."""

import pytest

from biobank.records.catalogue import Catalogue, load_catalogue
from biobank.store.session import Database


@pytest.fixture
def catalogue(database: Database) -> Catalogue:
    with database.read() as session:
        return load_catalogue(session)


def test_a_term_has_a_label_in_the_requested_language(catalogue: Catalogue) -> None:
    assert catalogue.label("profession", "composer", "az") == "bəstəkar"
    assert catalogue.label("profession", "composer", "ru") == "композитор"
    assert catalogue.label("profession", "no-such-term", "en") == "no-such-term"


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
