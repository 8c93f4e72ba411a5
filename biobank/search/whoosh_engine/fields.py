"""Index fields, and the conversion of documents to index entries."""

import struct
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from whoosh.fields import ID, STORED, FieldType, Schema
from whoosh.formats import Positions

from biobank.common.i18n import LANGUAGES
from biobank.names.folding import fold_word, tokens
from biobank.search.analysis import analyse
from biobank.search.document import Document
from biobank.search.lifetime import DayRange
from biobank.search.query import INDEXED_FIELDS, UNKNOWN

#: Id, sort keys by language, documentation score, updated; ranges as in DAY_RANGES; values of
#: INDEXED_FIELDS; names.
StoredColumns = tuple[
    str,
    tuple[str, ...],
    int,
    float,
    tuple[DayRange, ...],
    tuple[tuple[str, ...], ...],
    tuple[str, ...],
]
#: Ranges of days, of years lived and of days alive, as attributes of documents, segments and views.
DAY_RANGES = ("born", "died", "lived", "checked", "alive", "certainly_alive")

ID_FIELD = "id"
COLUMNS_FIELD = "columns"
NAME_FIELD = "name"
#: Titles of sources, whatever their language.
SOURCES_FIELD = "sources"
#: Field groups with one field per language: `headline_az`, `labels_ru`, `text_en`.
FIELD_GROUPS = ("headline", "labels", "works", "ties", "text")
#: Prefix of the written form of a word, indexed at the position of its stems for phrases and
#: prefixes.
EXACT_PREFIX = "="
#: Position gap between two names or titles, so that phrases do not span them.
POSITION_GAP = 8


def field_name(group: str, lang: str) -> str:
    return f"{group}_{lang}"


def group_fields(group: str) -> tuple[str, ...]:
    """Return the fields of a group; NAME_FIELD and SOURCES_FIELD are groups of one."""
    if group in (NAME_FIELD, SOURCES_FIELD):
        return (group,)
    return tuple(field_name(group, lang) for lang in LANGUAGES)


#: Fields scored by term frequency and length; names, headlines and labels are all short.
LENGTH_NORMALIZED_FIELDS = tuple(field_name("text", lang) for lang in LANGUAGES)


class PackedPositions(Positions):  # type: ignore[misc]
    """Whoosh's position format with four bytes per position, read in bulk for a term."""

    def encode(self, positions: Sequence[int]) -> bytes:
        return struct.pack(f"<{len(positions)}I", *positions)

    def decode_positions(self, value: bytes) -> list[int]:
        return list(struct.unpack(f"<{self.decode_frequency(value)}I", value))

    def decode_frequency(self, value: bytes) -> int:
        return len(value) // 4


class AnalysedField(FieldType):  # type: ignore[misc]
    """A field of terms with positions, in Whoosh's format.

    `index` replaces Whoosh's version, which creates an object per word and takes as long as the
    analysis.
    """

    def __init__(self) -> None:
        super().__init__(format=PackedPositions(), analyzer=None, scorable=True)

    def terms(self, value: str) -> Iterator[tuple[int, str]]:
        """Yield every term of `value` with the position of its word."""
        raise NotImplementedError

    def index(self, value: str, **_: Any) -> list[tuple[bytes, int, float, bytes]]:
        """Return each term as bytes with its frequency, weight and encoded positions."""
        positions: defaultdict[str, list[int]] = defaultdict(list)
        for position, term in self.terms(value):
            positions[term].append(position)
        encode = self.format.encode
        return [
            (term.encode(), len(term_positions), float(len(term_positions)), encode(term_positions))
            for term, term_positions in positions.items()
        ]


class NameField(AnalysedField):
    """Folded words of lines, without stopword removal."""

    def terms(self, value: str) -> Iterator[tuple[int, str]]:
        position = 0
        for line in value.split("\n"):
            for word in tokens(line):
                yield position, fold_word(word.text)
                position += 1
            position += POSITION_GAP


class TextField(AnalysedField):
    """Words of one language as written, and stems of all words but stopwords."""

    def __init__(self, lang: str) -> None:
        super().__init__()
        self.lang = lang

    def terms(self, value: str) -> Iterator[tuple[int, str]]:
        position = 0
        for line in value.split("\n"):
            for word in analyse(line, self.lang):
                yield position, EXACT_PREFIX + fold_word(word.word)
                if not word.stop:
                    for term in word.terms:
                        yield position, term
                position += 1
            position += POSITION_GAP


def build_schema() -> Schema:
    fields: dict[str, Any] = {
        ID_FIELD: ID(unique=True, stored=False),
        COLUMNS_FIELD: STORED(),
        NAME_FIELD: NameField(),
        SOURCES_FIELD: NameField(),
    }
    for group in FIELD_GROUPS:
        for lang in LANGUAGES:
            fields[field_name(group, lang)] = TextField(lang)
    return Schema(**fields)


def index_entry(document: Document) -> dict[str, Any]:
    """Return the keyword arguments of Whoosh's writer for `document`."""
    entry = {
        ID_FIELD: document.id,
        COLUMNS_FIELD: stored_columns(document),
        NAME_FIELD: "\n".join(document.names),
    }
    if document.sources:
        entry[SOURCES_FIELD] = "\n".join(document.sources)
    for group in FIELD_GROUPS:
        for lang, text in getattr(document, group).items():
            if text:
                entry[field_name(group, lang)] = text
    return entry


def stored_columns(document: Document) -> StoredColumns:
    """Return the stored data for facets, filters, sorting and completion."""
    return (
        document.id,
        tuple(document.sort_keys[lang] for lang in LANGUAGES),
        document.documented,
        document.updated,
        tuple(getattr(document, name) for name in DAY_RANGES),
        tuple(document.facets.get(name, (UNKNOWN,)) for name in INDEXED_FIELDS),
        document.names,
    )
