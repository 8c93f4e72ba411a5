"""RDF/XML (W3C Recommendation, 2014): one element per node and one per statement."""

import re
from collections.abc import Iterable, Mapping
from xml.sax.saxutils import escape, quoteattr

from biobank.exchange.formats.linked_data.graph import GraphNode, RdfValue, UriRef

#: The local name at the end of a predicate URI, which XML allows as an element name.
_XML_LOCAL_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9._-]*\Z")
#: Escapes a carriage return, which a parser would otherwise read as a line feed.
_EXTRA_ESCAPES = {"\r": "&#13;"}


def begin(prefixes: Mapping[str, str]) -> str:
    declarations = "".join(f"\n  xmlns:{name}={quoteattr(uri)}" for name, uri in prefixes.items())
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF{declarations}>\n'


def body(nodes: Iterable[GraphNode], prefixes: Mapping[str, str]) -> str:
    return "".join(
        f"<rdf:Description rdf:about={quoteattr(node.uri)}>\n"
        + "".join(_element(*statement, prefixes) for statement in node.statements)
        + "</rdf:Description>\n"
        for node in nodes
    )


def _element(predicate: str, value: RdfValue, prefixes: Mapping[str, str]) -> str:
    name, declaration = _element_name(predicate, prefixes)
    if isinstance(value, UriRef):
        return f"  <{name}{declaration} rdf:resource={quoteattr(value.uri)}/>\n"
    attributes = f" xml:lang={quoteattr(value.lang)}" if value.lang else ""
    attributes = f" rdf:datatype={quoteattr(value.datatype)}" if value.datatype else attributes
    return f"  <{name}{declaration}{attributes}>{escape(value.text, _EXTRA_ESCAPES)}</{name}>\n"


def _element_name(predicate: str, prefixes: Mapping[str, str]) -> tuple[str, str]:
    """Return the element name, and a namespace declaration if no prefix matches."""
    for prefix, uri in prefixes.items():
        if predicate.startswith(uri) and _XML_LOCAL_NAME.fullmatch(predicate, len(uri)):
            return f"{prefix}:{predicate[len(uri) :]}", ""
    match = _XML_LOCAL_NAME.search(predicate)
    assert match is not None, f"{predicate} can be no element"
    return f"ns:{match[0]}", f" xmlns:ns={quoteattr(predicate[: match.start()])}"
