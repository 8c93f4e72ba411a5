"""Fields are recognized by their names in three languages, in any notation."""

import unicodedata
from collections.abc import Callable

import pytest

from biobank.search.language.fields import FIELD_KINDS, FIELD_NAMES, QueryFieldKind, find_field
from biobank.search.language.parser import parse
from biobank.search.language.tree import Value, Words

ALL_NAMES = [
    (name, field) for names in FIELD_NAMES.values() for field, some in names.items() for name in some
]


@pytest.mark.parametrize(("name", "field"), ALL_NAMES)
def test_field_name_matches_in_upper_case_without_hyphens_and_decomposed(name: str, field: str) -> None:
    notations: list[Callable[[str], str]] = [
        str,
        str.upper,
        str.title,
        lambda text: text.replace("-", ""),
        lambda text: text.replace("-", "_"),
        lambda text: unicodedata.normalize("NFD", text),
    ]
    for notation in notations:
        assert find_field(notation(name)) == field, notation(name)
        expected = Words if FIELD_KINDS[field] is QueryFieldKind.WORDS else Value
        tree = parse(f"{notation(name)}:unknownish").tree
        assert isinstance(tree, expected), notation(name)
        assert tree.field == field


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
    assert find_field(name) == field


def test_field_names_are_unique_and_complete_in_each_language() -> None:
    meanings: dict[str, set[str]] = {}
    for name, field in ALL_NAMES:
        meanings.setdefault(name, set()).add(field)
    assert [name for name, fields in meanings.items() if len(fields) > 1] == []
    for names in FIELD_NAMES.values():
        assert set(names) == set(FIELD_KINDS)


@pytest.mark.parametrize("name", ["", "x", "titles", "professions", "имена", "q", "bbox", "sort"])
def test_other_words_are_no_fields(name: str) -> None:
    assert find_field(name) is None
