"""Identifying tokens: names, numbers and e-mail addresses are extracted and matched."""

import pytest

from biobank.editorial.word_signs import Names, names_of, numbers_of


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Call +994 50 123 45 67 now", {"#1234567"}),
        ("(050) 123-45-67", {"#1234567"}),
        ("0501234567", {"#1234567"}),
        ("Write to A.Reader@Example.az, please", {"@a.reader@example.az"}),
        ("050 123 45 67 / 055 765 43 21", {"#1234567", "#7654321"}),
        ("050/123-45-67", {"#1234567"}),
        ("Sat there 1918-12-07/1920-04-27", set()),
        ("His passport AZE12345", {"#aze12345"}),
        ("Born 1885-09-18, or 18.09.1885; there 1920-1922, p. 1234", set()),
    ],
)
def test_numbers_are_one_however_they_are_spaced_and_days_are_none(
    text: str, found: set[str]
) -> None:
    assert numbers_of(text) == found


def test_names_are_words_with_a_capital_alone_in_twos_and_with_a_house() -> None:
    assert names_of("he met Ramiz Quliyev at Nizami 14") == {
        ("ramiz",),
        ("quliyev",),
        ("ramiz", "quliyev"),
        ("nizami",),
        ("nizami", "14"),
    }


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("QULİYEV", True),
        ("Quliyevin evi", True),
        ("Кулиев", True),
        ("Qulam", False),
        ("nizami, 14", True),
        ("nizami", False),
        ("Nizami 15", False),
    ],
)
def test_a_name_is_found_with_an_ending_and_in_another_script(text: str, *, holds: bool) -> None:
    assert Names({("quliyev",), ("nizami", "14")}).stand_in(text) is holds
