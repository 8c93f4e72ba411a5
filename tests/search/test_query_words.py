"""Query words: found, folded, stemmed in three languages, with stopwords marked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biobank.common.i18n import LANGUAGES
from biobank.search.query_words import MAX_QUERY_WORDS, query_words


def test_word_has_position_folded_form_and_stems() -> None:
    text = "  «Şairlər», Hacıbəyov!"
    poets, name = query_words(text)
    assert [text[word.start : word.end] for word in (poets, name)] == ["Şairlər", "Hacıbəyov"]
    assert (poets.name, name.name) == ("sairler", "hacibeyov")
    assert [lang for lang, _ in poets.stems] == list(LANGUAGES)
    assert "sair" in dict(poets.stems)["az"]


@pytest.mark.parametrize("text", ["şair və opera", "poet and opera", "поэт и опера"])
def test_common_words_of_every_language_are_marked(text: str) -> None:
    assert [word.stop for word in query_words(text)] == [False, True, False]


@pytest.mark.parametrize("text", ["və", "the of and", "və the и"])
def test_where_all_words_are_common_none_is(text: str) -> None:
    assert query_words(text)
    assert not any(word.stop for word in query_words(text))


@pytest.mark.parametrize("text", ["", "   ", '* ( " ~ [ ] ) ?', "🎼🎹", "\ud800", "‏‎"])
def test_text_without_letters_has_no_words(text: str) -> None:
    assert query_words(text) == ()


def test_operators_of_query_languages_are_plain_characters() -> None:
    assert [word.text for word in query_words("bəst* NOT (a OR b)~2 name:x [a TO z]")] == [
        *("bəst", "NOT", "a", "OR", "b", "2", "name", "x", "a", "TO", "z")
    ]


def test_query_is_truncated_after_forty_words() -> None:
    words = query_words(" ".join(f"söz{number}" for number in range(100)))
    assert [word.text for word in words] == [f"söz{number}" for number in range(MAX_QUERY_WORDS)]


@given(st.text(max_size=600))
def test_words_are_ordered_and_not_empty(text: str) -> None:
    end = 0
    for word in query_words(text):
        assert text[word.start : word.end] == word.text
        assert end <= word.start < word.end
        assert word.name
        assert all(stems and all(stems) for _, stems in word.stems)
        end = word.end
