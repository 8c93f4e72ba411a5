"""N-Triples and Turtle (W3C, 2014), written without a library: see ADR 13."""

import re
from collections.abc import Iterable, Iterator, Mapping

from biobank.exchange.formats.linked_data.graph import GraphNode, RdfLiteral, RdfValue, UriRef
from biobank.exchange.formats.linked_data.vocabularies import RDF_TYPE

LITERAL_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})
#: Local names written after a prefix without escaping: a subset of what Turtle allows.
_PLAIN_LOCAL_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")


def ntriples(nodes: Iterable[GraphNode], _prefixes: Mapping[str, str]) -> str:
    """Write one statement per line."""
    return "".join(
        f"<{node.uri}> <{predicate}> {_ntriples_term(value)} .\n"
        for node in nodes
        for predicate, value in node.statements
    )


def turtle_prefixes(prefixes: Mapping[str, str]) -> str:
    return "".join(f"@prefix {name}: <{uri}> .\n" for name, uri in prefixes.items())


def turtle(nodes: Iterable[GraphNode], prefixes: Mapping[str, str]) -> str:
    """Write one paragraph per node."""
    return "".join(
        f"\n<{node.uri}>\n    " + " ;\n    ".join(_predicate_lines(node, prefixes)) + " .\n"
        for node in nodes
    )


def _predicate_lines(node: GraphNode, prefixes: Mapping[str, str]) -> Iterator[str]:
    for predicate, values in node.by_predicate().items():
        objects = ", ".join(
            _turtle_term(value, prefixes, is_type=predicate == RDF_TYPE) for value in values
        )
        yield f"{'a' if predicate == RDF_TYPE else _compact_uri(predicate, prefixes)} {objects}"


def _turtle_term(value: RdfValue, prefixes: Mapping[str, str], *, is_type: bool) -> str:
    if isinstance(value, UriRef):
        return _compact_uri(value.uri, prefixes) if is_type else _ntriples_term(value)
    if value.datatype:
        return (
            f'"{value.text.translate(LITERAL_ESCAPES)}"^^{_compact_uri(value.datatype, prefixes)}'
        )
    return _ntriples_term(value)


def _compact_uri(uri: str, prefixes: Mapping[str, str]) -> str:
    for name, namespace in prefixes.items():
        if uri.startswith(namespace) and _PLAIN_LOCAL_NAME.fullmatch(uri, len(namespace)):
            return f"{name}:{uri[len(namespace) :]}"
    return f"<{uri}>"


def _ntriples_term(value: RdfValue) -> str:
    if isinstance(value, UriRef):
        return f"<{value.uri}>"
    return f'"{value.text.translate(LITERAL_ESCAPES)}"{_literal_suffix(value)}'


def _literal_suffix(value: RdfLiteral) -> str:
    if value.lang:
        return f"@{value.lang}"
    return f"^^<{value.datatype}>" if value.datatype else ""
