"""The shortest window that holds the words sought."""

from biobank.search.analysis import stem_terms
from biobank.search.answers.windows import SoughtWord, find_window, sought_stems


def sought(*words: str) -> list[SoughtWord]:
    return [SoughtWord(frozenset(stem_terms(word, "en"))) for word in words]


def test_russian_forms_with_and_without_a_vowel_share_a_stem() -> None:
    assert sought_stems("записок", "ru") & sought_stems("записки", "ru")
    assert sought_stems("Пушкин", "ru").isdisjoint(sought_stems("пушка", "ru"))


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
