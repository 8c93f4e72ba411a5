"""The conditions themselves, on known records and places."""

from datetime import date

import pytest

from tests.relevance.date_conditions import certainly_born, lived_years, possibly_born, years_between
from tests.relevance.fact_conditions import has_profession, has_relation, has_text, is_related_to
from tests.relevance.oracle import Condition, RecordBank, matching_ids, none_of
from tests.relevance.place_conditions import born_in, great_circle_km, has_place, in_box


def test_distances_are_those_of_an_atlas() -> None:
    baku, tbilisi, london = (40.3777, 49.892), (41.6941, 44.8337), (51.5085, -0.1257)
    assert great_circle_km(baku, baku) == 0
    assert great_circle_km(baku, tbilisi) == pytest.approx(449, abs=5)
    assert great_circle_km(london, (51.5085, 179.8743)) == pytest.approx(8562, abs=10)  # over the pole


def test_year_is_complete_on_birthday() -> None:
    birth = date(1900, 6, 15).toordinal()
    assert years_between(birth, date(1950, 6, 14).toordinal()) == 49
    assert years_between(birth, date(1950, 6, 15).toordinal()) == 50


@pytest.mark.parametrize(
    ("person", "meets", "fails"),
    [
        # Born 1483–1494, died about 1556.
        ("mehemmed-fuzuli", possibly_born(1490, 1500), certainly_born(1490, 1500)),
        ("mehemmed-fuzuli", lived_years(70, 70), lived_years(80, 90)),
        # A poet is a writer, but a writer is not a poet; Shusha lies in Karabakh, not the reverse.
        ("semed-vurgun", has_profession("writer"), has_profession("novelist")),
        ("bulbul", born_in("qarabag"), born_in("baku")),
        ("bulbul", has_place("italy"), born_in("italy")),
        ("bulbul", in_box(8, 45, 10, 46, "activity"), in_box(8, 45, 10, 46, "birth")),
        # Relations count from both sides: Uzeyir's record does not list his pupils.
        ("uzeyir-hacibeyov", has_relation("student"), has_relation("teacher")),
        ("uzeyir-hacibeyov", is_related_to("bulbul"), is_related_to("nizami-gencevi")),
        # Consecutive words, ignoring case, accents and citation marks.
        ("qara-qarayev", has_text("moscow CONSERVATORY"), has_text("conservatory Moscow")),
    ],
)
def test_conditions_distinguish_people(
    record_bank: RecordBank, person: str, meets: Condition, fails: Condition
) -> None:
    assert person in matching_ids(record_bank, meets, none_of(fails))
