"""Identifying tokens: names, numbers and e-mail addresses are extracted and matched."""

import pytest

from biobank.editorial.redaction.identifying_tokens import (
    RareNameMatcher,
    extract_names,
    extract_numbers,
)


@pytest.mark.parametrize(
    ("text", "numbers"),
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
def test_numbers_ignore_spacing_and_dates_are_skipped(text: str, numbers: set[str]) -> None:
    assert extract_numbers(text) == numbers


def test_names_are_capitalized_words_pairs_and_house_numbers() -> None:
    assert extract_names("he met Ramiz Quliyev at Nizami 14") == {
        ("ramiz",),
        ("quliyev",),
        ("ramiz", "quliyev"),
        ("nizami",),
        ("nizami", "14"),
    }


@pytest.mark.parametrize(
    ("text", "expected"),
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
def test_name_matches_with_suffix_and_in_other_script(text: str, *, expected: bool) -> None:
    assert RareNameMatcher({("quliyev",), ("nizami", "14")}).matches(text) is expected
