"""Parsing of names."""

import pytest

from biobank.names.folding import fold
from biobank.names.structure import ROLE_NAMES, parse_name
from biobank.names.suffixes import other_gender_surname


def format_structure(text: str) -> str:
    return " ".join(f"{word.text}:{ROLE_NAMES[word.role]}" for word in parse_name(text).words)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Üzeyir Hacıbəyov", "üzeyir:name hacıbəyov:name"),
        (
            "Гаджибеков, Узеир Абдул-Гусейн оглы",
            "гаджибеков:name узеир:name абдул:patronymic гусейн:patronymic",
        ),
        ("Гейдар Алиевич Алиев", "гейдар:name алиевич:patronymic алиев:name"),
        ("Əhməd bəy Ağa oğlu", "əhməd:name bəy:title ağaoğlu:name"),
        ("Mstislav Rostropoviç", "mstislav:name rostropoviç:name"),
        ("Aziza Mustafa Zadeh", "aziza:name mustafazadeh:name"),
        ("Püstəxanım Əzizbəyova", "püstə:name xanım:title əzizbəyova:name"),
        ("Nasir al-Din al-Tusi", "nasireddin:name al:particle tusi:name"),
        ("Abd al-Rahim Talibov", "abdulrahim:name talibov:name"),
        ("Zeyn al-Abedin Maraghei", "zeynalabedin:name maraghei:name"),
        ("Lotfi A. Zadeh", "lotfi:name a:initial zadeh:name"),
        ("ویوین لی", "ویوین:name لی:name"),
        ("Ибрагимов, Мирза Аждар оглы", "ибрагимов:name мирза:title аждар:patronymic"),
        ("Бюль-Бюль оглы, Полад", "бюль:name бюльоглы:name полад:name"),
        ("مهدی قلی‌خان جوانشیر", "مهدی:name قلی:name خان:title جوانشیر:name"),
        ("Шейх-уль-ислам Пашазаде", "шейх:title пашазаде:name"),
        ("Ü. Hacıbəyov", "ü:initial hacıbəyov:name"),
        ("Ü.Hacıbəyov", "ü:initial hacıbəyov:name"),
        ("Александр VIII", "александр:name viii:number"),
        ("", ""),
    ],
)
def test_words_of_a_name_have_roles(text: str, words: str) -> None:
    assert format_structure(text) == words


@pytest.mark.parametrize(
    ("surname", "expected"),
    [
        ("Məmmədov", "memmedova"),
        ("Məmmədova", "memmedov"),
        ("Гаджибеков", "гаджибекова"),
        ("Əliyeva", "eliyev"),
        ("Nizami", ""),
        ("Əliyevskaya", ""),
        ("معمدوف", ""),
        ("", ""),
    ],
)
def test_surname_has_form_of_other_gender(surname: str, expected: str) -> None:
    assert other_gender_surname(surname) == expected
    assert not expected or other_gender_surname(expected) == fold(surname)
