"""The fields of the index, and how a document becomes one entry of it."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from whoosh.fields import ID, STORED, FieldType, Schema
from whoosh.formats import Positions

from biobank.i18n import LANGUAGES
from biobank.names.folding import fold_word, tokens
from biobank.search.analysis import analyse
from biobank.search.document import Document
from biobank.search.query import FACETS

Days = tuple[int | None, int | None]
#: Id, sort key, documented, updated, born, died, values of each facet, names.
Columns = tuple[str, str, int, float, Days, Days, tuple[tuple[str, ...], ...], tuple[str, ...]]

KEY = "id"
COLUMNS = "columns"
NAME = "name"
#: The groups of fields, one field a language each: `headline_az`, `labels_ru`, `text_en`.
GROUPS = ("headline", "labels", "text")


def field_of(group: str, lang: str) -> str:
    return f"{group}_{lang}"


#: Fields of which length and repetition count; names, headlines and labels are all short.
SATURATED = tuple(field_of("text", lang) for lang in LANGUAGES)


class AnalysedField(FieldType):  # type: ignore[misc]
    """A field of terms with positions, in Whoosh's format.

    `index` is Whoosh's own without the object it makes of every word, which takes as long as the
    analysis does.
    """

    def __init__(self) -> None:
        super().__init__(format=Positions(), analyzer=None, scorable=True)

    def terms(self, value: str) -> Iterator[tuple[int, str]]:
        """Every term of `value` with the position of its word."""
        raise NotImplementedError

    def index(self, value: str, **_: Any) -> list[tuple[bytes, int, float, bytes]]:
        """Each term as bytes with how often it stands, its weight, and its positions encoded."""
        positions: defaultdict[str, list[int]] = defaultdict(list)
        for position, term in self.terms(value):
            positions[term].append(position)
        encode = self.format.encode
        return [
            (term.encode(), len(places), float(len(places)), encode(places))
            for term, places in positions.items()
        ]


class NameField(AnalysedField):
    """Folded words of names, none left out."""

    def terms(self, value: str) -> Iterator[tuple[int, str]]:
        for position, word in enumerate(tokens(value)):
            yield position, fold_word(word.text)


class TextField(AnalysedField):
    """Stems of one language, several at one position where a word may have several."""

    def __init__(self, lang: str) -> None:
        super().__init__()
        self.lang = lang

    def terms(self, value: str) -> Iterator[tuple[int, str]]:
        for position, word in enumerate(analyse(value, self.lang)):
            if not word.stop:
                for term in word.terms:
                    yield position, term


def make_schema() -> Schema:
    fields: dict[str, Any] = {
        KEY: ID(unique=True, stored=False),
        COLUMNS: STORED(),
        NAME: NameField(),
    }
    for group in GROUPS:
        for lang in LANGUAGES:
            fields[field_of(group, lang)] = TextField(lang)
    return Schema(**fields)


def entry_of(document: Document) -> dict[str, Any]:
    """The keyword arguments that Whoosh's writer takes for `document`."""
    entry = {KEY: document.id, COLUMNS: columns_of(document), NAME: "\n".join(document.names)}
    for group, texts in (
        ("headline", document.headline),
        ("labels", document.labels),
        ("text", document.text),
    ):
        for lang, text in texts.items():
            if text:
                entry[field_of(group, lang)] = text
    return entry


def columns_of(document: Document) -> Columns:
    """What facets, filters, sorting and completion need, kept beside the postings."""
    return (
        document.id,
        document.sort_key,
        document.documented,
        document.updated,
        document.born,
        document.died,
        tuple(document.facets[facet] for facet in FACETS),
        document.names,
    )
