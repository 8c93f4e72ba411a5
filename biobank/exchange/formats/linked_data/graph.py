"""RDF graphs: nodes with statements, independent of the serialisation.

There are no blank nodes, so merging descriptions needs no renaming, and the same record always
gives the same bytes.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode

from biobank.exchange.formats.linked_data.uris import RDF_TYPE
from biobank.exchange.formats.xml import strip_invalid_xml

#: Characters left as they are in a URI; all others are percent-encoded, lone surrogates included.
_SAFE_URI_CHARS = ":/?#@!$&'()*+,;=%~-._"
_BARE_PERCENT = re.compile("%(?![0-9A-Fa-f]{2})")


@dataclass(frozen=True)
class UriRef:
    """A reference to another node or an external resource."""

    uri: str


@dataclass(frozen=True)
class RdfLiteral:
    """An RDF literal: a text with a language, a value with a datatype URI, or a plain text."""

    text: str
    lang: str = ""
    datatype: str = ""


RdfValue = UriRef | RdfLiteral
RdfStatement = tuple[str, RdfValue]


@dataclass(frozen=True)
class GraphNode:
    """A node with its statements: pairs of a predicate URI and a value."""

    uri: str
    statements: tuple[RdfStatement, ...]

    def by_predicate(self) -> dict[str, list[RdfValue]]:
        """Return the values of each predicate, in insertion order."""
        grouped: dict[str, list[RdfValue]] = {}
        for predicate, value in self.statements:
            grouped.setdefault(predicate, []).append(value)
        return grouped


#: The nodes that describe an entity; the entity itself comes first.
Description = tuple[GraphNode, ...]


def make_node(uri: str, types: Iterable[str], *statements: Iterable[RdfStatement]) -> GraphNode:
    """Build a node of `types`, without duplicate statements."""
    unique: list[RdfStatement] = [(RDF_TYPE, UriRef(type_)) for type_ in types]
    for group in statements:
        unique += group
    return GraphNode(uri, tuple(dict.fromkeys(unique)))


def plain_literal(value: str, lang: str = "") -> RdfLiteral:
    """Build a text; a language tag that RDF forbids, such as `az-x1`, is left out."""
    return RdfLiteral(strip_invalid_xml(value), lang=lang if _is_language_tag(lang) else "")


@cache
def _is_language_tag(lang: str) -> bool:
    try:
        Literal("", language=lang)
    except ValueError:
        return False
    return True


def typed_literal(value: str, datatype: str) -> RdfLiteral:
    return RdfLiteral(strip_invalid_xml(value), datatype=datatype)


def make_ref(address: str) -> UriRef:
    """Build a reference to a web address, escaped as far as a URI requires."""
    uri = _BARE_PERCENT.sub("%25", quote(address, safe=_SAFE_URI_CHARS))
    try:
        NamedNode(uri)
    except ValueError:
        # Such as a second "#", or a port that is no number.
        scheme, separator, rest = address.partition("://")
        uri = f"{scheme}{separator}{quote(rest)}"
    return UriRef(uri)


def localized_statements(predicate: str, by_language: object) -> Iterator[RdfStatement]:
    """Yield one statement per language of `{"az": …, "en": …}`; nothing for other values."""
    if isinstance(by_language, dict):
        for lang, value in by_language.items():
            yield predicate, plain_literal(value, lang)
