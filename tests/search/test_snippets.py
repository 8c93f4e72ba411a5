"""Snippets: one passage of whole words with the right ones marked and valid markup."""

import re
from html import unescape

from hypothesis import example, given
from hypothesis import strategies as st

from biobank.common.i18n import LANGUAGES
from biobank.names.folding import fold_word, tokens
from biobank.records.fields import MAX_BIOGRAPHY_CHARS
from biobank.records.people.citations import strip_citations
from biobank.search.analysis import stem_terms
from biobank.search.language.parser import parse
from biobank.search.query_words import Marker, query_markers, query_words
from biobank.search.snippets import (
    EMPHASIS_PATTERN,
    SNIPPET_CHARS,
    find_matches,
    find_name_with,
    mark_text,
    snippet,
)
from tests.support import seed
from tests.support.instruction_count import count_instructions

MARK = re.compile(r"<mark>([^<>]+)</mark>")
ENTITIES = {"&amp;", "&lt;", "&gt;", "&quot;", "&#x27;"}


def markers(question: str) -> tuple[Marker, ...]:
    return tuple(Marker(word.stems) for word in query_words(question))


def passage(html: str) -> str:
    """Return the visible text; fail on any markup other than complete marks."""
    bare = MARK.sub(r"\1", html)
    assert "<" not in bare
    assert ">" not in bare
    assert set(re.findall(r"&[^;]*;?", bare)) <= ENTITIES
    return unescape(bare)


def marked(html: str) -> list[str]:
    return [unescape(word) for word in MARK.findall(html)]


def test_every_form_of_the_words_is_marked() -> None:
    html = snippet("Operanı yazdı. Opera Bakıda oynanıldı.", "az", markers("opera bakı"))
    assert html == ("<mark>Operanı</mark> yazdı. <mark>Opera</mark> <mark>Bakıda</mark> oynanıldı.")


def test_markup_in_text_is_escaped() -> None:
    text = "<script>alert('opera & \"co\"')</script>"
    html = snippet(text, "en", markers("opera"))
    assert "<script" not in html
    assert passage(html) == text
    assert marked(html) == ["opera"]
    assert passage(mark_text(text, "en", markers("opera"))) == text


def test_citations_and_emphasis_are_left_out() -> None:
    text = "Wrote the *opera* [@ency-music, p. 12; @x] in\n\nBaku."
    assert passage(snippet(text, "en", markers("opera"))) == "Wrote the opera in Baku."


def test_passage_with_most_distinct_words_is_selected() -> None:
    filler = "lorem ipsum dolor " * 30
    text = f"Opera, opera, opera. {filler} An opera in Baku, 1908. {filler} Baku."
    html = snippet(text, "en", markers("opera baku 1908"))
    assert marked(html) == ["opera", "Baku", "1908"]
    assert html.startswith("…")
    assert html.endswith("…")


def test_a_text_without_the_words_has_no_snippet() -> None:
    assert snippet("An opera.", "en", markers("poet")) == ""
    assert snippet("", "en", markers("poet")) == mark_text("", "en", markers("poet")) == ""
    assert snippet("An opera.", "en", []) == ""


def test_a_line_is_never_cut() -> None:
    line = "poet " * 200 + "opera"
    html = mark_text(line, "en", markers("opera"))
    assert passage(html) == line
    assert marked(html) == ["opera"]


def test_long_word_without_spaces_shows_match() -> None:
    html = snippet("x-" * 500 + "opera" + "-x" * 500 + " end", "en", markers("opera"))
    assert marked(html) == ["opera"]
    assert len(passage(html)) <= SNIPPET_CHARS + 2


def test_phrases_and_beginnings_are_marked_and_what_is_excluded_is_not() -> None:
    tree = parse('"opera in Baku" compos* -poet (1908 OR singer)').tree
    text = "A poet, composer and singer: the opera in Baku, 1908."
    assert marked(mark_text(text, "en", query_markers(tree))) == [
        *("composer", "singer", "opera", "Baku", "1908")
    ]


words = st.sampled_from(["opera", "Operanı", "поэт", "<b>", "&amp;", "a" * 300, "və", "[@x]", "1908"])
texts = st.one_of(
    st.text(max_size=400),
    st.lists(words | st.text(max_size=12), max_size=120).map(" ".join),
    st.lists(words | st.text(max_size=3), max_size=120).map("-".join),
)


@given(texts, texts, st.sampled_from(LANGUAGES))
@example("<mark>opera</mark> </mark>", "opera mark", "en")
def test_markup_is_valid_and_passage_is_from_text(text: str, question: str, lang: str) -> None:
    query_terms = markers(question)
    html = snippet(text, lang, query_terms)
    line = mark_text(text, lang, query_terms)
    assert bool(line) == bool(find_matches(text, lang, query_terms))
    if line:
        assert passage(line) == text
        assert marked(line)
    if html:
        plain = " ".join(EMPHASIS_PATTERN.sub("", strip_citations(text)).split())
        visible = passage(html)
        excerpts = {visible, visible.removeprefix("…"), visible.removesuffix("…")}
        assert any(part in plain for part in {*excerpts, visible.removeprefix("…").removesuffix("…")})
        assert marked(html)
        assert len(visible) <= SNIPPET_CHARS + max(len(word) for word in marked(html)) + len("……")
        stems = {stem for word in query_terms for stem in dict(word.stems).get(lang, ())}
        assert all(stems & set(stem_terms(word, lang)) for word in marked(html))


@given(st.text(max_size=20), st.sampled_from(LANGUAGES))
def test_stem_starts_like_its_word(text: str, lang: str) -> None:
    """`find_matches` relies on this to skip stemming of most words."""
    for token in tokens(text):
        assert {stem[0] for stem in stem_terms(token.text, lang)} == {fold_word(token.text)[0]}


def test_stems_of_the_seed_begin_as_their_words_do() -> None:
    for person in seed.people().values():
        for lang, text in person["biography"].items():
            for token in tokens(text):
                initials = {stem[0] for stem in stem_terms(token.text, lang)}
                assert initials == {fold_word(token.text)[0]}, token.text


def test_work_is_linear_in_text_length() -> None:
    def work(times: int) -> int:
        return count_instructions(lambda: snippet("opera " * times, "en", markers("opera")))

    # Comparing all matches pairwise took half a minute for the longest text.
    assert work(2_000) < 3 * work(1_000)


def test_longest_text_is_marked() -> None:
    assert marked(snippet(("opera " * MAX_BIOGRAPHY_CHARS)[:MAX_BIOGRAPHY_CHARS], "en", markers("opera")))


def test_the_name_that_matched_is_the_first_form_that_has_the_word() -> None:
    (word,) = query_words("гаджибеков")
    forms = ["Üzeyir Hacıbəyov", "Узеир Гаджибеков", "Гаджибеков У."]
    assert find_name_with(forms, word) == "Узеир Гаджибеков"
    assert find_name_with(forms[:1], word) == ""
