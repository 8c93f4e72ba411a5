"""Sentences with their citations, and the shortest window that holds the words sought."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biobank.search.analysis import stem_terms
from biobank.search.answers.passages import SoughtWord, find_window, split_sentences

ABBREVIATIONS = frozenset({"г", "st"})


def sentences(text: str) -> list[tuple[str, list[str]]]:
    return [
        (sentence.text, [source for source, _ in sentence.cites])
        for sentence in split_sentences(text, ABBREVIATIONS)
    ]


def test_sentences_are_split_with_their_citations() -> None:
    text = "He was born in Shusha [@one]. He wrote *Koroghlu* [@two, p. 3; @three]. “Yes!” he said."
    assert sentences(text) == [
        ("He was born in Shusha.", ["one"]),
        ("He wrote Koroghlu.", ["two", "three"]),
        ("“Yes!” he said.", []),
    ]


def test_a_sentence_without_a_citation_has_the_next_one_of_its_paragraph() -> None:
    assert sentences("He was a poet. He was shot [@one].\n\nHe had two sons.") == [
        ("He was a poet.", ["one"]),
        ("He was shot.", ["one"]),
        ("He had two sons.", []),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "He met A. Ilyinsky in Moscow.",
        "Родился в 1885 г. В Баку.",
        "He left St. Petersburg.",
        "Opera (1908, 12. Yanvar) oynanıldı.",
        "It cost 3.5 roubles.",
    ],
)
def test_initials_abbreviations_and_numbers_end_no_sentence(text: str) -> None:
    assert [sentence for sentence, _ in sentences(text)] == [text]


def test_links_and_emphasis_are_not_shown() -> None:
    assert sentences("He wrote **a** [book](https://example.org/b).") == [("He wrote a book.", [])]


@given(st.text(max_size=400))
def test_any_text_is_split(text: str) -> None:
    assert all(sentence.text for sentence in split_sentences(text, ABBREVIATIONS))


def sought(*words: str) -> list[SoughtWord]:
    return [SoughtWord(frozenset(stem_terms(word, "en"))) for word in words]


def test_the_window_is_the_shortest_with_all_words() -> None:
    text = "Music he loved; the anthem came later, and he wrote the music of the anthem"
    window = find_window(text, "en", sought("wrote", "music", "anthem"))
    assert window is not None
    assert text[slice(*window.span)] == "wrote the music of the anthem"
    assert (window.size, window.others) == (3, 0)


def test_a_missing_word_leaves_no_window() -> None:
    assert find_window("He wrote the music of the anthem", "en", sought("wrote", "waltz")) is None
    assert find_window("", "en", sought("wrote")) is None


def test_other_words_in_the_window_are_counted() -> None:
    window = find_window(
        "He introduced fuzzy sets and fuzzy logic", "en", sought("introduced", "fuzzy", "logic")
    )
    assert window is not None
    assert window.others == 1
