"""The fields of the index, and how a document becomes one entry of it."""

import struct
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from whoosh.fields import ID, STORED, FieldType, Schema
from whoosh.formats import Positions

from biobank.i18n import LANGUAGES
from biobank.names.folding import fold_word, tokens
from biobank.search.analysis import analyse
from biobank.search.document import Document
from biobank.search.query import INDEXED, UNKNOWN

Days = tuple[int | None, int | None]
#: Id, sort key, documented, updated; born, died, years lived, checked; values of INDEXED; names.
Columns = tuple[
    str, str, int, float, Days, Days, Days, Days, tuple[tuple[str, ...], ...], tuple[str, ...]
]

KEY = "id"
COLUMNS = "columns"
NAME = "name"
#: Titles of sources, in whatever language they are.
SOURCES = "sources"
#: The groups of fields, one field a language each: `headline_az`, `labels_ru`, `text_en`.
GROUPS = ("headline", "labels", "works", "ties", "text")
#: Before a word as it is written, beside its stems at the same position: for phrases, prefixes.
AS_WRITTEN = "="
#: Positions that are left free between two names or titles: no phrase reaches across.
GAP = 8


def field_of(group: str, lang: str) -> str:
    return f"{group}_{lang}"


def fields_of(group: str) -> tuple[str, ...]:
    """The fields of a group, NAME and SOURCES being groups of one."""
    if group in (NAME, SOURCES):
        return (group,)
    return tuple(field_of(group, lang) for lang in LANGUAGES)


#: Fields of which length and repetition count; names, headlines and labels are all short.
SATURATED = tuple(field_of("text", lang) for lang in LANGUAGES)


class Places(Positions):  # type: ignore[misc]
    """Whoosh's format of positions at four bytes each, so that all of a term are read at once."""

    def encode(self, places: Sequence[int]) -> bytes:
        return struct.pack(f"<{len(places)}I", *places)

    def decode_positions(self, value: bytes) -> list[int]:
        return list(struct.unpack(f"<{self.decode_frequency(value)}I", value))

    def decode_frequency(self, value: bytes) -> int:
        return len(value) // 4


class AnalysedField(FieldType):  # type: ignore[misc]
    """A field of terms with positions, in Whoosh's format.

    `index` is Whoosh's own without the object it makes of every word, which takes as long as the
    analysis does.
    """

    def __init__(self) -> None:
        super().__init__(format=Places(), analyzer=None, scorable=True)

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
    """Folded words of lines, none left out."""

    def terms(self, value: str) -> Iterator[tuple[int, str]]:
        position = 0
        for line in value.split("\n"):
            for word in tokens(line):
                yield position, fold_word(word.text)
                position += 1
            position += GAP


class TextField(AnalysedField):
    """Words of one language as they are written, and their stems but for stopwords."""

    def __init__(self, lang: str) -> None:
        super().__init__()
        self.lang = lang

    def terms(self, value: str) -> Iterator[tuple[int, str]]:
        position = 0
        for line in value.split("\n"):
            for word in analyse(line, self.lang):
                yield position, AS_WRITTEN + fold_word(word.word)
                if not word.stop:
                    for term in word.terms:
                        yield position, term
                position += 1
            position += GAP


def make_schema() -> Schema:
    fields: dict[str, Any] = {
        KEY: ID(unique=True, stored=False),
        COLUMNS: STORED(),
        NAME: NameField(),
        SOURCES: NameField(),
    }
    for group in GROUPS:
        for lang in LANGUAGES:
            fields[field_of(group, lang)] = TextField(lang)
    return Schema(**fields)


def entry_of(document: Document) -> dict[str, Any]:
    """The keyword arguments that Whoosh's writer takes for `document`."""
    entry = {KEY: document.id, COLUMNS: columns_of(document), NAME: "\n".join(document.names)}
    if document.sources:
        entry[SOURCES] = "\n".join(document.sources)
    for group in GROUPS:
        for lang, text in getattr(document, group).items():
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
        document.lived,
        document.checked,
        tuple(document.facets.get(name, (UNKNOWN,)) for name in INDEXED),
        document.names,
    )
