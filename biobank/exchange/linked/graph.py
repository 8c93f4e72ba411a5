"""A description: nodes with statements, the same whatever it is written in.

No node is without an address: two descriptions that are put together need no renaming, and the
same record gives the same bytes.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import quote

from biobank.exchange.linked.vocabularies import TYPE
from biobank.exchange.xml_text import xml_text

#: What may stand in an address as it is; the rest is percent-encoded, lone signs included.
_SAFE = ":/?#@!$&'()*+,;=%~-._"


@dataclass(frozen=True)
class Ref:
    """The address of another node, or of something elsewhere."""

    uri: str


@dataclass(frozen=True)
class Literal:
    """A text with its language, or a value with the address of its datatype, or a plain text."""

    text: str
    lang: str = ""
    datatype: str = ""


Value = Ref | Literal
Statement = tuple[str, Value]


@dataclass(frozen=True)
class Node:
    """One thing, and what is said of it: predicates by their whole address, with values."""

    uri: str
    statements: tuple[Statement, ...]

    def grouped(self) -> dict[str, list[Value]]:
        """The values of each predicate, in the order in which they were said."""
        found: dict[str, list[Value]] = {}
        for predicate, value in self.statements:
            found.setdefault(predicate, []).append(value)
        return found


#: The nodes of one thing, the thing itself first.
Description = tuple[Node, ...]


def node(uri: str, types: Iterable[str], *statements: Iterable[Statement]) -> Node:
    """A node of `types`; what is said twice is said once."""
    said: list[Statement] = [(TYPE, Ref(type_)) for type_ in types]
    for some in statements:
        said += some
    return Node(uri, tuple(dict.fromkeys(said)))


def text(value: str, lang: str = "") -> Literal:
    return Literal(xml_text(value), lang=lang)


def typed(value: str, datatype: str) -> Literal:
    return Literal(xml_text(value), datatype=datatype)


def ref(address: str) -> Ref:
    """A way to somewhere, safe to stand between angle brackets."""
    return Ref(quote(address, safe=_SAFE))


def texts(predicate: str, by_language: object) -> Iterator[Statement]:
    """A statement a language of `{"az": …, "en": …}`; nothing where there is none."""
    if isinstance(by_language, dict):
        for lang, value in by_language.items():
            yield predicate, text(value, lang)
