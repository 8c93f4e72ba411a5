"""The work on a biography grows with its length, whatever it holds."""

from collections.abc import Callable

import pytest
from flask import Flask, g

from biobank.editorial.redaction.passages import extract_passages
from biobank.editorial.revisions.word_diff import diff_words
from biobank.names.folding import tokens
from biobank.records.people.citations import cited_in_text, strip_citations
from biobank.search.document import full_text
from biobank.search.query_words import Marker, query_words
from biobank.search.snippets import snippet
from biobank.web.core.biography import make_biography
from biobank.web.core.footnotes import Footnotes
from biobank.web.core.meta_description import first_paragraph_text
from tests.support.instruction_count import count_instructions

PARTS = (
    *(
        "[",
        "![[[[",
        "[@a[@a",
        "[@a; [@a",
        "[@a] ",
        "[@a, p. 1; @b] ",
        "[a](b) ",
        " ",
        "\n",
        "a\n\n",
        "opera ",
    ),
    *("*a ", "> a\n", "- a\n", "&", "<a ", "1. a\n", "a'", "\u0301a", ";@a,[@a"),
)
#: Work on a text in one language; the linked data and the exports strip citations, the index reads `full_text`.
WORK: dict[str, Callable[[str, str], object]] = {
    "page": lambda text, lang: make_biography({lang: text}, lang, Footnotes(frozenset({"a", "b"}))),
    "meta description": lambda text, lang: first_paragraph_text(text),
    "index document": lambda text, lang: full_text({"id": "a", "names": [], "biography": {lang: text}}, lang),
    "linked data": lambda text, lang: strip_citations(text),
    "citations": lambda text, lang: cited_in_text({"biography": {lang: text}}),
    "words": lambda text, lang: tokens(text),
    "changes": lambda text, lang: diff_words(text, f"b {text[1:-1]} b"),
    "redaction": lambda text, lang: extract_passages({"biography": {lang: text}}, {"biography": {lang: "a"}}),
}


@pytest.mark.parametrize("lang", ["az", "en", "ru"])
@pytest.mark.parametrize("work", WORK)
def test_work_is_linear_in_the_length_of_a_text(app: Flask, work: str, lang: str) -> None:
    with app.test_request_context(f"/{lang}/"):
        g.lang = lang
        for part in PARTS:
            few, many = (
                count_instructions(lambda: WORK[work](f"a {part * size} z", lang))  # noqa: B023 - called at once
                for size in (50, 200)
            )
            assert many < 5 * few + 5_000, part


@pytest.mark.parametrize("part", PARTS)
def test_a_snippet_is_made_in_linear_time(part: str) -> None:
    markers = [Marker(word.stems) for word in query_words("opera a")]

    def work(size: int) -> int:
        return count_instructions(lambda: snippet(f"a {part * size} opera", "en", markers))

    assert work(200) < 5 * work(50) + 5_000
