"""Surnames and given names by the form of a name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biobank.names.alphabet import sort_key
from biobank.names.surnames import NameParts, find_surname, is_li_surname, match_surname, split_name


@pytest.mark.parametrize(
    ("text", "inverted"),
    [
        ("Üzeyir Hacıbəyov", "Hacıbəyov, Üzeyir"),
        ("Uzeyir Hajibeyov", "Hajibeyov, Uzeyir"),
        ("Узеир Гаджибеков", "Гаджибеков, Узеир"),
        ("Узеир Абдул-Гусейн оглы Гаджибеков", "Гаджибеков, Узеир Абдул-Гусейн оглы"),
        ("Гейдар Алиевич Алиев", "Алиев, Гейдар Алиевич"),
        ("Шовкет Мамедова", "Мамедова, Шовкет"),
        ("Зульфия Алиевская", "Алиевская, Зульфия"),
        ("Əhməd bəy Ağaoğlu", "Ağaoğlu, Əhməd bəy"),
        ("Fətəli xan Xoyski", "Xoyski, Fətəli xan"),
        ("Mirzə Bala Məmmədzadə", "Məmmədzadə, Mirzə Bala"),
        ("Franghiz Ali-Zadeh", "Ali-Zadeh, Franghiz"),
        ("Aziza Mustafa Zadeh", "Mustafa Zadeh, Aziza"),
        ("Lotfi A. Zadeh", "Zadeh, Lotfi A."),
        ("Lütfi Zadə", "Zadə, Lütfi"),
        ("İsa Hüseynov (Muğanna)", "Hüseynov, İsa (Muğanna)"),
        ("Hacıbəyov, Üzeyir", "Hacıbəyov, Üzeyir"),
        ("Hacıbəyov Üzeyir", "Hacıbəyov, Üzeyir"),
        ("Üzeyir Hacıbəyov Əbdülhüseyn oğlu", "Hacıbəyov, Üzeyir Əbdülhüseyn oğlu"),
    ],
)
def test_a_surname_is_found_by_its_ending(text: str, inverted: str) -> None:
    assert split_name(text).inverted == inverted


@pytest.mark.parametrize(
    "text",
    [
        *["Nizami Gəncəvi", "Низами Гянджеви", "Nizami Ganjavi", "Məhəmməd Füzuli", "Şah İsmayıl Xətai"],
        *["Səməd Vurğun", "Molla Pənah Vaqif", "Aşıq Ələsgər", "Banin", "Heyran xanım", "Səttar xan"],
        *["Heydər Əli oğlu", "Pənahəli xan", "Bəhmənyar əl-Azərbaycani", "Shah Ismail I (Khatai)"],
        *["Molla Əşrəf", "Şeyx Yusof", "Leyla Şahzadə", "Hacıbəyov", "عزیر حاجی‌بیوف", "", ",", "Əli ,"],
        *["Banin (", "Banin (a))", "(Banin)"],
        *["Мстислав Ростропович", "Andrew Matthew"],
    ],
)
def test_pen_names_nisbas_and_rulers_have_no_surname(text: str) -> None:
    parts = split_name(text)
    assert (parts.family, parts.inverted) == ("", text)


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        *[("Cabbarlı", True), ("Zeynallı", True), ("Kəngərli", True), ("Tağılı", True), ("Sübhanlu", False)],
        *[("Füzuli", False), ("Mirəli", False), ("Cəfərqulu", False), ("Cəmali", False), ("Vaqif", False)],
    ],
)
def test_li_of_surnames_has_vowel_harmony(word: str, expected: bool) -> None:
    assert is_li_surname(word) is expected


@pytest.mark.parametrize(
    ("text", "reference", "inverted"),
    [
        ("Asaf Zeynally", "Zeynallı", "Zeynally, Asaf"),
        ("Асаф Зейналлы", "Zeynallı", "Зейналлы, Асаф"),
        ("Гамида Джаваншир", "Cavanşir", "Джаваншир, Гамида"),
        ("Мир-Али Кашкай", "Qaşqay", "Кашкай, Мир-Али"),
        ("Lev Nussimbaum (Essad Bey)", "Nussimbaum", "Nussimbaum, Lev (Essad Bey)"),
        ("Mikayıl Müşfiq", "İsmayılzadə", "Mikayıl Müşfiq"),
        ("Banin", "Banin", "Banin"),
    ],
)
def test_a_surname_is_found_by_that_of_another_language(text: str, reference: str, inverted: str) -> None:
    assert match_surname(text, reference).inverted == inverted


def test_stated_parts_are_followed() -> None:
    assert split_name("Reza Deqati", "Deqati") == NameParts("Deqati", "Reza")
    assert split_name("Lev Nussimbaum (Əsəd bəy)", "Nussimbaum").inverted == "Nussimbaum, Lev (Əsəd bəy)"
    assert split_name("Ali Reza Khan Behrangi", "Khan Behrangi").inverted == "Khan Behrangi, Ali Reza"
    assert split_name("Azad Mirzayev (Azadov)", "Mirzayev", "Azad").inverted == "Mirzayev, Azad (Azadov)"
    # Without a surname the name is listed as written.
    assert split_name("Elçin Azadov", given="Elçin Azadov").inverted == "Elçin Azadov"


def test_names_of_one_surname_are_together() -> None:
    names = [
        "Əli Bayramov",
        "Zaur Əliyev",
        "Azər Əliyeva",
        "Əli Əliyev (Nəqqaş)",
        "Əli Əliyev",
        "Əliyevli Zal",
    ]
    ordered = sorted(map(split_name, names), key=lambda parts: sort_key(parts.sort_text))
    assert [parts.inverted for parts in ordered] == [
        *["Bayramov, Əli", "Əliyev, Əli", "Əliyev, Əli (Nəqqaş)", "Əliyev, Zaur", "Əliyeva, Azər"],
        "Əliyevli Zal",
    ]


WORDS = ("Əli", "zadə", "Zadə", "oğlu", "Hacıbəyov", ",", "Əliyev,", "(a)", "اوف", "Алиев")


@given(st.text() | st.lists(st.sampled_from(WORDS)).map(" ".join))
def test_every_word_of_a_name_is_in_one_part(text: str) -> None:
    parts = split_name(text)
    words = sorted(text.replace(",", " ").split())
    assert sorted(f"{parts.family} {parts.given} {parts.addition}".replace(",", " ").split()) == words
    assert find_surname(text).given or not text.strip()
