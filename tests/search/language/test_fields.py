"""Fields are recognized by their names in three languages, in any notation."""

import unicodedata
from collections.abc import Callable

import pytest

from biobank.search.language.fields import KINDS, NAMES, Kind, field_called
from biobank.search.language.parsing import parse
from biobank.search.language.tree import Value, Words

ALL_NAMES = [
    (name, field) for names in NAMES.values() for field, some in names.items() for name in some
]


@pytest.mark.parametrize(("name", "field"), ALL_NAMES)
def test_a_name_is_read_in_capitals_without_hyphens_and_decomposed(name: str, field: str) -> None:
    ways: list[Callable[[str], str]] = [
        str,
        str.upper,
        str.title,
        lambda text: text.replace("-", ""),
        lambda text: text.replace("-", "_"),
        lambda text: unicodedata.normalize("NFD", text),
    ]
    for way in ways:
        assert field_called(way(name)) == field, way(name)
        expected = Words if KINDS[field] is Kind.WORDS else Value
        found = parse(f"{way(name)}:unknownish").tree
        assert isinstance(found, expected), way(name)
        assert found.field == field


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("pese", "profession"),
        ("metn", "text"),
        ("eser", "work"),
        ("menbe", "source"),
        ("dogum-yeri", "birthplace"),
        ("vefat-yeri", "deathplace"),
        ("olke", "country"),
        ("teskilat", "organisation"),
        ("mukafat", "award"),
        ("elaqe", "relation"),
        ("esr", "century"),
        ("dogulub", "born"),
        ("vefat", "died"),
        ("yas", "age"),
        ("yaxin", "near"),
        ("YAXIN", "near"),
        ("PEŞƏ", "profession"),
    ],
)
def test_accents_may_be_left_out(name: str, field: str) -> None:
    assert field_called(name) == field


def test_no_name_means_two_fields_and_every_field_has_one_in_each_language() -> None:
    meanings: dict[str, set[str]] = {}
    for name, field in ALL_NAMES:
        meanings.setdefault(name, set()).add(field)
    assert [name for name, fields in meanings.items() if len(fields) > 1] == []
    for names in NAMES.values():
        assert set(names) == set(KINDS)


@pytest.mark.parametrize("name", ["", "x", "titles", "professions", "имена", "q", "bbox", "sort"])
def test_other_words_are_no_fields(name: str) -> None:
    assert field_called(name) is None
