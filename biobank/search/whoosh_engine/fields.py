"""The fields of the index, and how a document becomes one entry of it."""

import json
from collections.abc import Iterator
from typing import Any

from whoosh.analysis import Analyzer, Token
from whoosh.fields import ID, STORED, TEXT, Schema

from biobank.i18n import LANGUAGES
from biobank.names.folding import fold_word, tokens
from biobank.search.analysis import analyse
from biobank.search.document import Document

KEY = "id"
COLUMNS = "columns"
NAME = "name"
#: The groups of fields, one field a language each: `headline_az`, `labels_ru`, `text_en`.
GROUPS = ("headline", "labels", "text")


def field_of(group: str, lang: str) -> str:
    return f"{group}_{lang}"


class NameAnalyzer(Analyzer):  # type: ignore[misc]
    """Folded words of names, none left out."""

    def __call__(self, value: str, *, start_pos: int = 0, **_: Any) -> Iterator[Token]:
        for position, word in enumerate(tokens(value), start_pos):
            yield _token(fold_word(word.text), position)


class TextAnalyzer(Analyzer):  # type: ignore[misc]
    """Stems of one language, several at one position where a word may have several."""

    def __init__(self, lang: str) -> None:
        self.lang = lang

    def __call__(self, value: str, *, start_pos: int = 0, **_: Any) -> Iterator[Token]:
        for position, word in enumerate(analyse(value, self.lang), start_pos):
            if not word.stop:
                for term in word.terms:
                    yield _token(term, position)


def _token(text: str, position: int) -> Token:
    token = Token()
    token.text = text
    token.pos = position
    token.boost = 1.0
    token.stopped = False
    return token


def make_schema() -> Schema:
    fields: dict[str, Any] = {
        KEY: ID(unique=True, stored=False),
        COLUMNS: STORED(),
        NAME: TEXT(analyzer=NameAnalyzer(), phrase=True),
    }
    for group in GROUPS:
        for lang in LANGUAGES:
            fields[field_of(group, lang)] = TEXT(analyzer=TextAnalyzer(lang), phrase=True)
    return Schema(**fields)


def entry_of(document: Document) -> dict[str, str]:
    """The keyword arguments that Whoosh's writer takes for `document`."""
    entry = {KEY: document.id, COLUMNS: _columns(document), NAME: "\n".join(document.names)}
    for group, texts in (
        ("headline", document.headline),
        ("labels", document.labels),
        ("text", document.text),
    ):
        for lang, text in texts.items():
            if text:
                entry[field_of(group, lang)] = text
    return entry


def _columns(document: Document) -> str:
    """What facets, filters, sorting and completion need, as one stored JSON value."""
    return json.dumps(
        {
            "id": document.id,
            "names": document.names,
            "facets": document.facets,
            "sort_key": document.sort_key,
            "born": document.born,
            "died": document.died,
            "updated": document.updated,
            "documented": document.documented,
        },
        ensure_ascii=False,
    )
