"""Collation of names by the alphabet of a language, the same in every database."""

import os
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biobank.names.alphabet import ALPHABET, ALPHABETS, PART_SEPARATOR, index_letter, sort_key

SHARED = Path(__file__).parents[2].parent / "shared" / "data"

#: Sorted by hand according to the alphabet.
IN_ORDER = [
    *["3 Mart", "Abbas", "Abbasov", "Axundov Mirzə", "Axundova", "Azər", "Babək", "Bəhram"],
    *["Bülbül", "Cabbarlı", "Cəfər", "Cövdət", "Çingiz", "Dadaşov", "Dilarə", "Elan", "Élan"],
    *["Elçin", "Eyvazov", "Əbilov", "Əli", "Əzimzadə", "Fəttah", "Füzuli", "Gəray", "Günay"],
    *["Ğani", "Hacı Zeynalabdin", "Hacı-Murad", "Hacıbəyov", "Həsən", "Xaqani", "Xəlil"],
    *["xətai", "Xətai", "Ilqar", "Irmaq", "İbrahim", "İlham", "Jalə", "Jilə", "Kamal", "Kərim"],
    *["Qarabağ", "Qurban", "Lalə", "Lütfi", "Məmməd", "Müslüm", "Nəsimi", "Oqtay", "Orxan"],
    *["Ömər", "Pənah", "Rəşid", "Sabir", "Süleyman", "Şah", "Şuşinski", "Tağı", "Uğur"],
    *["Üzeyir", "Vaqif", "Yusif", "Zeynəb", "Wagner", "Абасов", "Ғәни", "Яшар", "احمد", "یوسف"],
]


def letter_ranks(name: str) -> list[int]:
    """Return the ranks of the letters of an Azerbaijani name.

    Raises:
        ValueError: If another letter occurs.
    """
    order = " -abcçdeəfgğhxıijkqlmnoöprsştuüvyz"
    return [order.index(c) for c in name.replace("I", "ı").replace("İ", "i").lower()]


def test_names_sort_by_azerbaijani_alphabet() -> None:
    shuffled = IN_ORDER.copy()
    random.Random(1885).shuffle(shuffled)
    assert sorted(shuffled, key=sort_key) == IN_ORDER


@pytest.mark.parametrize(
    ("lang", "in_order"),
    [
        (
            "en",
            [
                *["3 March", "al-Urmawi", "Ali Zadeh", "Ali-Zadeh", "Aliyev", "Alizadeh", "Čapek", "Cavid"],
                *["Chingiz", "Çingiz", "Edgar", "Élan", "Élan B", "Elan C", "Eldar", "Əhməd", "Əliyev"],
                *["Fuad", "Gani", "Ğani", "Guliyev", "Ilham", "İlham", "Irada", "Isa", "Ismail", "ısmail"],
                *["Ozan", "Öztürk", "Quliyev", "Samed", "Şamil", "Sərdar", "Shamil", "Tahir", "Ulvi"],
                *["Ünal", "Wagner", "Xalid", "Yusif", "Zahir", "Алиев", "علی"],
            ],
        ),
        (
            "ru",
            [
                *["3 марта", "Али Заде", "Али-заде", "Алиев", "ахундов", "Ахундов", "Әлијев", "Бакиханов"],
                *["Гаджибеков", "Ғәни", "Елкин", "Ёлкин", "Ельцин", "Жуковский", "Зардаби", "Иванов"],
                *["Игорь", "Йылмаз", "Низами", "Панах", "Хагани", "Цой", "Чобан-заде", "Шахов", "Щеглов"],
                *["Ыбраев", "Эльчибей", "Юсуф", "Яшар", "Aliyev", "Əliyev", "Zeynal", "علی"],
            ],
        ),
    ],
)
def test_names_sort_as_by_icu(lang: str, in_order: list[str]) -> None:
    """The order is that of ICU 78: `Intl.Collator(lang)` of Node."""
    shuffled = in_order.copy()
    random.Random(1885).shuffle(shuffled)
    assert sorted(shuffled, key=lambda name: sort_key(name, lang)) == in_order


def test_letters_sort_in_index_order() -> None:
    assert sorted(ALPHABET, key=sort_key) == list(ALPHABET)
    assert len(ALPHABET) == 33
    for lang, letters in ALPHABETS.items():
        assert sorted(letters, key=lambda letter: sort_key(letter, lang)) == list(letters)
        assert [index_letter(letter, lang) for letter in letters] == list(letters)


def test_names_with_one_surname_are_together() -> None:
    names = ["Əli Bayramlı", f"Əli{PART_SEPARATOR}Zaur", "Əli-zadə", f"Əli Bayramlı{PART_SEPARATOR}A", "Əli"]
    ordered = [
        "Əli",
        f"Əli{PART_SEPARATOR}Zaur",
        "Əli Bayramlı",
        f"Əli Bayramlı{PART_SEPARATOR}A",
        "Əli-zadə",
    ]
    assert sorted(names, key=sort_key) == ordered


def test_case_and_foreign_accents_only_break_ties() -> None:
    assert sorted(["Élan B", "Elan C", "elan a"], key=sort_key) == ["elan a", "Élan B", "Elan C"]
    assert sort_key("Gadzhi’ev") == sort_key("Gadzhi'ev") == sort_key("Gadzhiev")


@given(st.text() | st.text("aAçÇıIiİəé é-'ƏWwzяيʿ", max_size=8))
def test_a_key_is_digits_so_that_every_collation_agrees(text: str) -> None:
    for lang in ALPHABETS:
        key = sort_key(text, lang)
        assert key == "" or (key.isascii() and key.isdecimal())
        assert index_letter(text, lang) in (*ALPHABETS[lang], "#")


@given(st.text("aAbzwçıIiİəéÉ яي1", max_size=6), st.text("aÇə я-1", min_size=1, max_size=4))
def test_name_sorts_before_longer_names(name: str, more: str) -> None:
    assert sort_key(name.strip()) < sort_key(f"{name.strip()} {more.strip() or 'a'}")


@given(*[st.text(" -abcçdeəfgğhxıijkqlmnoöprsştuüvyz", max_size=6)] * 2)
def test_azerbaijani_words_sort_letter_by_letter(a: str, b: str) -> None:
    a, b = " ".join(a.split()), " ".join(b.split())
    assert (sort_key(a) < sort_key(b)) == (letter_ranks(a) < letter_ranks(b))


@pytest.mark.parametrize(
    ("name", "letter"),
    [
        *[("Üzeyir", "Ü"), ("ilham", "İ"), ("İlham", "İ"), ("Ilham", "I"), ("Élan", "E")],
        *[("Wagner", "W"), ("'Abd", "A"), ("ʿAli", "A"), ("“Əli", "Ə"), ("Ægir", "A")],
        *[("Пушкин", "#"), ("علی", "#"), ("3 Mart", "#"), ("", "#")],
    ],
)
def test_name_is_listed_under_initial_letter(name: str, letter: str) -> None:
    assert index_letter(name) == letter


@pytest.mark.parametrize(
    ("lang", "name", "letter"),
    [
        *[("en", "Əhməd", "E"), ("en", "Çingiz", "C"), ("en", "İlham", "I"), ("en", "ısmayıl", "I")],
        *[("en", "al-Khatib", "A"), ("en", "Алиев", "#"), ("en", "", "#"), ("ru", "Ёлкин", "Е")],
        *[("ru", "ахундов", "А"), ("ru", "Ғәни", "Г"), ("ru", "Әлијев", "А"), ("ru", "Aliyev", "#")],
    ],
)
def test_name_is_listed_under_a_letter_of_the_language(lang: str, name: str, letter: str) -> None:
    assert index_letter(name, lang) == letter


def test_six_thousand_names_sort_as_their_letters_do() -> None:
    source = SHARED / "names_distractors.txt"
    if not source.exists():
        assert "CI" not in os.environ, f"{source} is missing"
        pytest.skip(f"{source} is missing")
    names = [name for name in source.read_text(encoding="utf-8").splitlines() if name]
    assert len(names) > 5000
    by_key = sorted(names, key=lambda name: (sort_key(name), name))
    assert [letter_ranks(name) for name in by_key] == sorted(map(letter_ranks, names))
