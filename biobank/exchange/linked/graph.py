"""RDF graphs: nodes with statements, independent of the serialisation.

There are no blank nodes, so merging descriptions needs no renaming, and the same record always
gives the same bytes.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import quote

from biobank.exchange.linked.vocabularies import TYPE
from biobank.exchange.xml_text import xml_text

#: Characters left as they are in a URI; all others are percent-encoded, lone surrogates included.
_SAFE = ":/?#@!$&'()*+,;=%~-._"


@dataclass(frozen=True)
class Ref:
    """A reference to another node or an external resource."""

    uri: str


@dataclass(frozen=True)
class Literal:
    """An RDF literal: a text with a language, a value with a datatype URI, or a plain text."""

    text: str
    lang: str = ""
    datatype: str = ""


Value = Ref | Literal
Statement = tuple[str, Value]


@dataclass(frozen=True)
class Node:
    """A node with its statements: pairs of a predicate URI and a value."""

    uri: str
    statements: tuple[Statement, ...]

    def grouped(self) -> dict[str, list[Value]]:
        """Return the values of each predicate, in insertion order."""
        found: dict[str, list[Value]] = {}
        for predicate, value in self.statements:
            found.setdefault(predicate, []).append(value)
        return found


#: The nodes that describe an entity; the entity itself comes first.
Description = tuple[Node, ...]


def node(uri: str, types: Iterable[str], *statements: Iterable[Statement]) -> Node:
    """Build a node of `types`, without duplicate statements."""
    said: list[Statement] = [(TYPE, Ref(type_)) for type_ in types]
    for some in statements:
        said += some
    return Node(uri, tuple(dict.fromkeys(said)))


def text(value: str, lang: str = "") -> Literal:
    return Literal(xml_text(value), lang=lang)


def typed(value: str, datatype: str) -> Literal:
    return Literal(xml_text(value), datatype=datatype)


def ref(address: str) -> Ref:
    """Build a reference to an address, escaped for use between angle brackets."""
    return Ref(quote(address, safe=_SAFE))


def texts(predicate: str, by_language: object) -> Iterator[Statement]:
    """Yield one statement per language of `{"az": …, "en": …}`; nothing for other values."""
    if isinstance(by_language, dict):
        for lang, value in by_language.items():
            yield predicate, text(value, lang)
