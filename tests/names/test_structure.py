"""Parsing of names."""

import pytest

from biobank.names.folding import fold
from biobank.names.structure import ROLE_NAMES, parse
from biobank.names.suffixes import of_other_gender


def shown(text: str) -> str:
    return " ".join(f"{word.text}:{ROLE_NAMES[word.role]}" for word in parse(text).words)


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
    assert shown(text) == words


@pytest.mark.parametrize(
    ("surname", "other"),
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
def test_a_surname_with_a_womans_ending_has_a_mans_and_the_other_way(
    surname: str, other: str
) -> None:
    assert of_other_gender(surname) == other
    assert not other or of_other_gender(other) == fold(surname)
