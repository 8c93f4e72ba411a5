"""RDF/XML (W3C Recommendation of 2014): one root, an element a node, an element a statement."""

import re
from collections.abc import Iterable, Mapping
from xml.sax.saxutils import escape, quoteattr

from biobank.exchange.linked.graph import Node, Ref, Value

#: What a name of XML may end with; predicates are cut before it.
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9._-]*\Z")
#: A parser would read a bare carriage return as a line feed.
_KEPT = {"\r": "&#13;"}


def begin(prefixes: Mapping[str, str]) -> str:
    declared = "".join(f"\n  xmlns:{name}={quoteattr(uri)}" for name, uri in prefixes.items())
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF{declared}>\n'


def body(nodes: Iterable[Node], prefixes: Mapping[str, str]) -> str:
    return "".join(
        f"<rdf:Description rdf:about={quoteattr(node.uri)}>\n"
        + "".join(_element(*statement, prefixes) for statement in node.statements)
        + "</rdf:Description>\n"
        for node in nodes
    )


def _element(predicate: str, value: Value, prefixes: Mapping[str, str]) -> str:
    name, declaration = _name(predicate, prefixes)
    if isinstance(value, Ref):
        return f"  <{name}{declaration} rdf:resource={quoteattr(value.uri)}/>\n"
    kind = f" xml:lang={quoteattr(value.lang)}" if value.lang else ""
    kind = f" rdf:datatype={quoteattr(value.datatype)}" if value.datatype else kind
    return f"  <{name}{declaration}{kind}>{escape(value.text, _KEPT)}</{name}>\n"


def _name(predicate: str, prefixes: Mapping[str, str]) -> tuple[str, str]:
    """The name of an element, and the declaration of its namespace where no prefix fits."""
    for prefix, uri in prefixes.items():
        if predicate.startswith(uri) and _NAME.fullmatch(predicate, len(uri)):
            return f"{prefix}:{predicate[len(uri) :]}", ""
    found = _NAME.search(predicate)
    assert found is not None, f"{predicate} can be no element"
    return f"ns:{found[0]}", f" xmlns:ns={quoteattr(predicate[: found.start()])}"
