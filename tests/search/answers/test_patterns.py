"""Question patterns: the fact that is asked, in any order of words, and the words that name the subject."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biobank.search.answers.patterns import (
    MAX_QUESTION_WORDS,
    fact_questions,
    is_question,
    load_grammars,
    open_question,
    read_words,
)

GRAMMARS = {grammar.lang: grammar for grammar in load_grammars()}


def asked_facts(text: str, lang: str) -> list[tuple[str, str]]:
    """Return each fact that a text may ask for, with the words of the subject."""
    return [
        (question.fact, " ".join(word.text for word in question.subject))
        for question in fact_questions(read_words(text), GRAMMARS[lang])
    ]


@pytest.mark.parametrize(
    ("text", "lang", "fact", "subject"),
    [
        ("Where was Nizami born?", "en", "birth.place", "Nizami"),
        ("in which city was Nizami born", "en", "birth.place", "Nizami"),
        ("who was the teacher of Gara Garayev", "en", "teacher", "Gara Garayev"),
        ("what operas did Hajibeyov compose", "en", "works", "Hajibeyov"),
        ("Nizami harada doğulub", "az", "birth.place", "Nizami"),
        ("harada doğulub Nizami", "az", "birth.place", "Nizami"),
        ("NİZAMİ HARADA ANADAN OLUB", "az", "birth.place", "NİZAMİ"),
        ("Qara Qarayevin müəllimi kim olub", "az", "teacher", "Qara Qarayevin"),
        ("Qara Qarayev kimin müəllimi olub", "az", "student", "Qara Qarayev"),
        ("когда родилась Натаван", "ru", "birth.date", "Натаван"),
        ("Натаван когда родилась", "ru", "birth.date", "Натаван"),
        ("кто был отцом Натаван", "ru", "father", "Натаван"),
        ("чей отец Натаван", "ru", "child", "Натаван"),
    ],
)
def test_the_fact_and_its_subject_are_read(text: str, lang: str, fact: str, subject: str) -> None:
    assert (fact, subject) == asked_facts(text, lang)[0]


@pytest.mark.parametrize(
    "text", ["Nizami", "born in Ganja", "əsərləri", "поэты Шуши", "teacher of Garayev", ""]
)
def test_a_text_without_a_question_word_asks_nothing(text: str) -> None:
    assert not is_question(read_words(text))
    assert all(not asked_facts(text, lang) for lang in GRAMMARS)


def test_the_content_of_an_open_question_has_no_question_words_and_fillers() -> None:
    question = open_question(read_words("who wrote the music of the anthem"), GRAMMARS["en"])
    assert question is not None
    assert (question.asks, [word.text for word in question.content]) == ("who", ["wrote", "music", "anthem"])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("“Koroğlu”nu kim yazıb", ["Koroğlu", "kim", "yazıb"]),
        ('"Arşın mal alan"ı kim yazıb', ["Arşın", "mal", "alan", "kim", "yazıb"]),
        ("who wrote «Koroghlu»", ["who", "wrote", "Koroghlu"]),
    ],
)
def test_an_ending_after_a_quotation_is_no_word(text: str, words: list[str]) -> None:
    assert [word.text for word in read_words(text)] == words


def test_a_long_text_is_no_question() -> None:
    assert len(read_words("who " * MAX_QUESTION_WORDS)) == MAX_QUESTION_WORDS
    assert read_words("who " * (MAX_QUESTION_WORDS + 1)) == ()


def test_languages_ask_for_the_same_facts() -> None:
    facts = {lang: {pattern.fact for pattern in grammar.facts} for lang, grammar in GRAMMARS.items()}
    # Russian names the husband and the wife, and asks for no spouse in general.
    assert facts["en"] - {"spouse"} == facts["az"] - {"spouse"} == facts["ru"]


def test_every_phrase_belongs_to_a_fact() -> None:
    for grammar in GRAMMARS.values():
        assert grammar.phrases.keys() <= {pattern.fact for pattern in grammar.facts}


@given(st.text(max_size=600))
def test_any_text_is_read(text: str) -> None:
    words = read_words(text)
    assert all(text[word.start : word.end] for word in words)
    for grammar in GRAMMARS.values():
        for question in fact_questions(words, grammar):
            assert set(question.subject) < set(words)
