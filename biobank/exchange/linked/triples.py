"""N-Triples and Turtle (W3C, 2014), written without a library: see ADR 13."""

import re
from collections.abc import Iterable, Iterator, Mapping

from biobank.exchange.linked.graph import Literal, Node, Ref, Value
from biobank.exchange.linked.vocabularies import TYPE

ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})
#: Local names written after a prefix without escaping: a subset of what Turtle allows.
_LOCAL = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")


def ntriples(nodes: Iterable[Node], _prefixes: Mapping[str, str]) -> str:
    """Write one statement per line."""
    return "".join(
        f"<{node.uri}> <{predicate}> {_term(value)} .\n"
        for node in nodes
        for predicate, value in node.statements
    )


def turtle_prefixes(prefixes: Mapping[str, str]) -> str:
    return "".join(f"@prefix {name}: <{uri}> .\n" for name, uri in prefixes.items())


def turtle(nodes: Iterable[Node], prefixes: Mapping[str, str]) -> str:
    """Write one paragraph per node."""
    return "".join(
        f"\n<{node.uri}>\n    " + " ;\n    ".join(_lines(node, prefixes)) + " .\n" for node in nodes
    )


def _lines(node: Node, prefixes: Mapping[str, str]) -> Iterator[str]:
    for predicate, values in node.grouped().items():
        said = ", ".join(_turtle(value, prefixes, a=predicate == TYPE) for value in values)
        yield f"{'a' if predicate == TYPE else _short(predicate, prefixes)} {said}"


def _turtle(value: Value, prefixes: Mapping[str, str], *, a: bool) -> str:
    if isinstance(value, Ref):
        return _short(value.uri, prefixes) if a else _term(value)
    if value.datatype:
        return f'"{value.text.translate(ESCAPES)}"^^{_short(value.datatype, prefixes)}'
    return _term(value)


def _short(uri: str, prefixes: Mapping[str, str]) -> str:
    for name, start in prefixes.items():
        if uri.startswith(start) and _LOCAL.fullmatch(uri, len(start)):
            return f"{name}:{uri[len(start) :]}"
    return f"<{uri}>"


def _term(value: Value) -> str:
    if isinstance(value, Ref):
        return f"<{value.uri}>"
    return f'"{value.text.translate(ESCAPES)}"{_kind(value)}'


def _kind(value: Literal) -> str:
    if value.lang:
        return f"@{value.lang}"
    return f"^^<{value.datatype}>" if value.datatype else ""
