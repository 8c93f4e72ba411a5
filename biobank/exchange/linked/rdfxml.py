"""RDF/XML (W3C Recommendation, 2014): one element per node and one per statement."""

import re
from collections.abc import Iterable, Mapping
from xml.sax.saxutils import escape, quoteattr

from biobank.exchange.linked.graph import Node, Ref, Value

#: The local name at the end of a predicate URI, which XML allows as an element name.
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9._-]*\Z")
#: Escapes a carriage return, which a parser would otherwise read as a line feed.
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
    """Return the element name, and a namespace declaration if no prefix matches."""
    for prefix, uri in prefixes.items():
        if predicate.startswith(uri) and _NAME.fullmatch(predicate, len(uri)):
            return f"{prefix}:{predicate[len(uri) :]}", ""
    found = _NAME.search(predicate)
    assert found is not None, f"{predicate} can be no element"
    return f"ns:{found[0]}", f" xmlns:ns={quoteattr(predicate[: found.start()])}"
