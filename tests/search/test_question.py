"""Query words: found, folded, stemmed in three languages, with stopwords marked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biobank.i18n import LANGUAGES
from biobank.search.question import WORDS_MOST, words_of


def test_a_word_knows_its_place_its_folded_form_and_its_stems() -> None:
    text = "  «Şairlər», Hacıbəyov!"
    poets, name = words_of(text)
    assert [text[word.start : word.end] for word in (poets, name)] == ["Şairlər", "Hacıbəyov"]
    assert (poets.name, name.name) == ("sairler", "hacibeyov")
    assert [lang for lang, _ in poets.stems] == list(LANGUAGES)
    assert "sair" in dict(poets.stems)["az"]


@pytest.mark.parametrize("text", ["şair və opera", "poet and opera", "поэт и опера"])
def test_common_words_of_every_language_are_marked(text: str) -> None:
    assert [word.stop for word in words_of(text)] == [False, True, False]


@pytest.mark.parametrize("text", ["və", "the of and", "və the и"])
def test_where_all_words_are_common_none_is(text: str) -> None:
    assert words_of(text)
    assert not any(word.stop for word in words_of(text))


@pytest.mark.parametrize("text", ["", "   ", '* ( " ~ [ ] ) ?', "🎼🎹", "\ud800", "‏‎"])
def test_text_without_letters_has_no_words(text: str) -> None:
    assert words_of(text) == ()


def test_signs_of_query_languages_are_signs_and_nothing_more() -> None:
    assert [word.text for word in words_of("bəst* NOT (a OR b)~2 name:x [a TO z]")] == [
        *("bəst", "NOT", "a", "OR", "b", "2", "name", "x", "a", "TO", "z")
    ]


def test_a_very_long_question_is_read_to_its_fortieth_word() -> None:
    words = words_of(" ".join(f"söz{number}" for number in range(100)))
    assert [word.text for word in words] == [f"söz{number}" for number in range(WORDS_MOST)]


@given(st.text(max_size=600))
def test_words_stand_in_order_and_are_never_empty(text: str) -> None:
    end = 0
    for word in words_of(text):
        assert text[word.start : word.end] == word.text
        assert end <= word.start < word.end
        assert word.name
        assert all(stems and all(stems) for _, stems in word.stems)
        end = word.end
