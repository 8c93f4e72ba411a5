"""Meta descriptions: whole sentences or words, without markup."""

from hypothesis import given
from hypothesis import strategies as st

from biobank.web.sharing.describing import DESCRIPTION_MOST, described, plain, shortened


def test_sentences_are_put_together_and_ended() -> None:
    assert described("Poet of Ganja", "", "Born in 1141.") == "Poet of Ganja. Born in 1141."
    assert described("", "") == ""
    assert described("Which\n  one?") == "Which one?"


@given(st.lists(st.text(max_size=200), max_size=4))
def test_a_description_is_never_longer_than_is_shown(parts: list[str]) -> None:
    assert len(described(*parts)) <= DESCRIPTION_MOST


@given(st.text("abə ,.–", max_size=60), st.integers(2, 40))
def test_what_is_cut_is_a_beginning(text: str, most: int) -> None:
    found = shortened(text, most)
    assert len(found) <= most
    assert found == text or (found.endswith("…") and text.startswith(found[:-1]))


def test_a_text_is_cut_between_words() -> None:
    assert shortened("one two three four", 10) == "one two…"
    assert shortened("one two, three", 10) == "one two…"
    assert shortened("onetwothree", 5) == "onet…"


def test_the_first_paragraph_of_a_life_is_told_without_its_marks() -> None:
    text = "# Life\n\n**Born** in [Şuşa](https://example.org) [@a, p. 1; @b], he *sang*.\n\nMore."
    assert plain(text) == "Born in Şuşa, he sang."
    assert plain("") == ""
    assert plain("1. First\n2. Second") == "First Second"
