"""The conditions themselves, on known records and places."""

from datetime import date

import pytest

from tests.relevance.bank import Bank, Condition, neither, who
from tests.relevance.facts import has_a, has_profession, in_text, tied_to_person
from tests.relevance.when import born, certainly_born, lived_years, years_between
from tests.relevance.where import born_in, in_box, kilometres, tied_to


def test_distances_are_those_of_an_atlas() -> None:
    baku, tbilisi, london = (40.3777, 49.892), (41.6941, 44.8337), (51.5085, -0.1257)
    assert kilometres(baku, baku) == 0
    assert kilometres(baku, tbilisi) == pytest.approx(449, abs=5)
    assert kilometres(london, (51.5085, 179.8743)) == pytest.approx(8562, abs=10)  # over the pole


def test_a_year_is_whole_on_the_birthday() -> None:
    birth = date(1900, 6, 15).toordinal()
    assert years_between(birth, date(1950, 6, 14).toordinal()) == 49
    assert years_between(birth, date(1950, 6, 15).toordinal()) == 50


@pytest.mark.parametrize(
    ("person", "meets", "does_not"),
    [
        # Born 1483–1494, died about 1556.
        ("mehemmed-fuzuli", born(1490, 1500), certainly_born(1490, 1500)),
        ("mehemmed-fuzuli", lived_years(70, 70), lived_years(80, 90)),
        # A poet is a writer, but a writer is not a poet; Shusha lies in Karabakh, not the reverse.
        ("semed-vurgun", has_profession("writer"), has_profession("novelist")),
        ("bulbul", born_in("qarabag"), born_in("baku")),
        ("bulbul", tied_to("italy"), born_in("italy")),
        ("bulbul", in_box(8, 45, 10, 46, "activity"), in_box(8, 45, 10, 46, "birth")),
        # Relations count from both sides: Uzeyir's record does not list his pupils.
        ("uzeyir-hacibeyov", has_a("student"), has_a("teacher")),
        ("uzeyir-hacibeyov", tied_to_person("bulbul"), tied_to_person("nizami-gencevi")),
        # Consecutive words, ignoring case, accents and citation marks.
        ("qara-qarayev", in_text("moscow CONSERVATORY"), in_text("conservatory Moscow")),
    ],
)
def test_conditions_hold_of_one_side_only(
    store: Bank, person: str, meets: Condition, does_not: Condition
) -> None:
    assert person in who(store, meets, neither(does_not))
