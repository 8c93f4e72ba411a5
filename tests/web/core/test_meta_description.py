"""Meta descriptions: whole sentences or words, without markup."""

from hypothesis import given
from hypothesis import strategies as st

from biobank.web.core.meta_description import (
    MAX_DESCRIPTION_CHARS,
    build_description,
    first_paragraph_text,
    truncate_words,
)


def test_sentences_are_joined_and_ended() -> None:
    assert build_description("Poet of Ganja", "", "Born in 1141.") == "Poet of Ganja. Born in 1141."
    assert build_description("", "") == ""
    assert build_description("Which\n  one?") == "Which one?"


@given(st.lists(st.text(max_size=200), max_size=4))
def test_description_has_a_maximum_length(parts: list[str]) -> None:
    assert len(build_description(*parts)) <= MAX_DESCRIPTION_CHARS


@given(st.text("abə ,.–", max_size=60), st.integers(2, 40))
def test_truncated_text_is_a_prefix(text: str, max_chars: int) -> None:
    truncated = truncate_words(text, max_chars)
    assert len(truncated) <= max_chars
    assert truncated == text or (truncated.endswith("…") and text.startswith(truncated[:-1]))


def test_a_text_is_cut_between_words() -> None:
    assert truncate_words("one two three four", 10) == "one two…"
    assert truncate_words("one two, three", 10) == "one two…"
    assert truncate_words("onetwothree", 5) == "onet…"


def test_first_paragraph_has_no_markup() -> None:
    text = "# Life\n\n**Born** in [Şuşa](https://example.org) [@a, p. 1; @b], he *sang*.\n\nMore."
    assert first_paragraph_text(text) == "Born in Şuşa, he sang."
    assert first_paragraph_text("") == ""
    assert first_paragraph_text("1. First\n2. Second") == "First Second"
