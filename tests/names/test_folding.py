"""Folding: one form for every way to type a name, and words stay words."""

import itertools
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from biobank.names.folding import fold, has_letter, iter_tokens, lower, normalise, tokens

#: Letters, accents, joiners and controls that occur in names, and any other text.
TEXTS = st.text() | st.text(
    "aİIıiəйиёе\u0306\u0307\u0308'’ʿ- \u200c\u200d\u200f\u0640\u064eيىﻻ½", max_size=12
)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Üzeyir HACIBƏYOV", "uzeyir hacibeyov"),
        ("İLHAM", "ilham"),
        ("ILHAM", "ilham"),
        ("ılham", "ilham"),
        ("I\u0307lham", "ilham"),
        ("şəçöüğ", "secoug"),
        ("Nezâmî é ø Łódź ß", "nezami e o lodz ss"),
        ("Ёлка, Йод", "елка, йод"),
        ("и\u0306од", "йод"),
        ("Үзејир Һаҹыбәјов", "үзејир һаҹыбәјов"),
        ("Khata'i Khata’i Khataʾi", "khatai khatai khatai"),
        ("يوسف ىوسف یوسف", "یوسف یوسف یوسف"),
        ("كمال أحمد إسلام آخوند مدرسة", "کمال احمد اسلام اخوند مدرسه"),
        ("مُحَمَّد مـحمد", "محمد محمد"),
        ("حاجی\u200cبیوف", "حاجیبیوف"),
        ("۱۸۸۵ ١٨٨٥", "1885 1885"),
        ("Abdul‐Guseyn Abdul–Guseyn", "abdul-guseyn abdul-guseyn"),
    ],
)
def test_spellings_of_one_word_fold_to_one_form(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(TEXTS)
def test_folding_and_normalising_are_idempotent(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert normalise(normalise(text)) == normalise(text)


@given(TEXTS)
# Thai and Lao sara am decompose into a mark and a letter.
@example("\u0e33")
@example("a\u0e33 \u0eb3\u0eb3")
def test_a_word_folds_to_one_word(text: str) -> None:
    for token in tokens(text):
        assert [folded_token.text for folded_token in tokens(fold(token.text))] == [fold(token.text)]


@given(TEXTS)
def test_tokens_are_slices_of_the_text_in_order(text: str) -> None:
    text_tokens = tokens(text)
    assert all(text[token.start : token.end] == token.text for token in text_tokens)
    assert all(a.end <= b.start for a, b in itertools.pairwise(text_tokens))


@given(TEXTS)
def test_tokens_can_be_limited_to_initials(text: str) -> None:
    text = unicodedata.normalize("NFC", text)
    for initial in {fold(token.text)[:1] for token in tokens(text)}:
        expected = [token for token in tokens(text) if fold(token.text)[:1] == initial]
        assert list(iter_tokens(text, {initial})) == expected


def test_normalising_removes_invisible_characters_except_zwnj() -> None:
    assert normalise("\u202bحاجی\u200cبیوف\u202c \u200b") == "حاجی\u200cبیوف"
    assert normalise("Khata’i \u00a0 Abdul–Guseyn\n") == "Khata'i Abdul-Guseyn"
    assert normalise("e\u200d\u0301") == "é"


def test_lower_case_is_that_of_the_language() -> None:
    assert lower("İLHAM ISMAYIL", "az") == "ilham ısmayıl"
    assert lower("İLHAM ISMAYIL", "tr") == "ilham ısmayıl"
    assert lower("İLHAM ISMAYIL", "en") == "ilham ismayil"
    assert lower("I\u0307lham", "ru") == "ilham"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Bakı'da, Khata’i!", ["Bakı'da", "Khata’i"]),
        ("'quoted' rock 'n'", ["quoted", "rock", "n"]),
        ("Abdul-Guseyn 1885-ci", ["Abdul", "Guseyn", "1885", "ci"]),
        ("حاجی\u200cبیوف عزیر", ["حاجی\u200cبیوف", "عزیر"]),
        ("مُحَمَّد", ["مُحَمَّد"]),
        ("e\u0301le и\u0306", ["e\u0301le", "и\u0306"]),
        ("a_b ʾ ـ", ["a", "b"]),
        ("", []),
    ],
)
def test_words_are_found_in_every_script(text: str, words: list[str]) -> None:
    assert [token.text for token in tokens(text)] == words


def test_a_letter_of_any_script_is_a_letter() -> None:
    assert has_letter("1 ə")
    assert has_letter("علی")
    assert not has_letter("1885 – ?")
