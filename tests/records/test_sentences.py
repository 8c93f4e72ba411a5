"""Paragraphs and sentences of biographies with their citations."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biobank.common.i18n import LANGUAGES
from biobank.records.people.sentences import paragraph_spans, split_sentences


def sentences(text: str, lang: str = "en") -> list[tuple[str, list[str]]]:
    return [
        (sentence.text, [source for source, _ in sentence.cites]) for sentence in split_sentences(text, lang)
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
    ("lang", "text"),
    [
        ("en", "He met A. Ilyinsky in Moscow."),
        ("ru", "Родился в 1885 г. В Баку."),
        ("en", "He left St. Petersburg."),
        ("az", "Opera (1908, 12. Yanvar) oynanıldı."),
        ("en", "It cost 3.5 roubles."),
    ],
)
def test_initials_abbreviations_and_numbers_end_no_sentence(lang: str, text: str) -> None:
    assert [sentence for sentence, _ in sentences(text, lang)] == [text]


def test_links_and_emphasis_are_not_shown() -> None:
    assert sentences("He wrote **a** [book](https://example.org/b).") == [("He wrote a book.", [])]


def test_sentences_are_numbered_in_their_paragraphs() -> None:
    text = "He was a poet. He was shot [@one].\n\nHe had two sons. One wrote."
    numbers = [(sentence.paragraph, sentence.number) for sentence in split_sentences(text, "en")]
    assert numbers == [(1, 1), (1, 2), (2, 1), (2, 2)]


def test_a_citation_after_an_empty_line_belongs_to_the_paragraph_before_it() -> None:
    assert sentences("He was a poet.\n\n[@one]\n\nHe died.") == [
        ("He was a poet.", ["one"]),
        ("He died.", []),
    ]


@given(st.text(max_size=400), st.sampled_from(LANGUAGES))
def test_any_text_is_split(text: str, lang: str) -> None:
    assert all(sentence.text for sentence in split_sentences(text, lang))


@given(st.text("a.\n @[]1*", max_size=100))
def test_no_text_is_between_paragraphs(text: str) -> None:
    position = 0
    for start, end in paragraph_spans(text):
        assert not text[position:start].strip()
        assert text[start:end].strip() == text[start:end] != ""
        position = end
    assert not text[position:].strip()
