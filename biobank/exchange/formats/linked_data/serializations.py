"""Registry of RDF serialisations: pyoxigraph writes them, but for the compact JSON-LD of pages."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize

from biobank.exchange.formats.linked_data import jsonld
from biobank.exchange.formats.linked_data.graph import Description, GraphNode, RdfLiteral, RdfValue, UriRef
from biobank.exchange.formats.linked_data.uris import Uris

Prefixes = Mapping[str, str]
#: What a document starts with: the prefixes of Turtle, or the root element of RDF/XML.
_HEADER: Final = re.compile(r"<\?xml.*\n<rdf:RDF.*\n|(?:@prefix .*\n)*")
RDF_XML_END: Final = "</rdf:RDF>"
_PROBE: Final = GraphNode("urn:a", (("urn:b", UriRef("urn:c")),))


@dataclass(frozen=True)
class Serialization:
    """An RDF serialisation.

    `extension` is that of files and URLs, `void_format` its name in VoID. A document is the result
    of `begin`, then bodies joined by `separator`, then `end`; so a description is written at once,
    and the whole bank a few people at a time.
    """

    extension: str
    title: str
    media_type: str
    void_format: str
    body: Callable[[Iterable[GraphNode], Prefixes], str]
    begin: Callable[[Prefixes], str]
    separator: str = ""
    end: str = ""

    def serialize(self, description: Description, uris: Uris) -> str:
        """Serialise a description as a whole document."""
        prefixes = uris.prefixes
        return self.begin(prefixes) + self.body(description, prefixes) + self.end


def _document(form: RdfFormat, nodes: Iterable[GraphNode], prefixes: Prefixes) -> tuple[str, str]:
    """Return the header of a document, and what follows."""
    # The library returns None only when it writes to a file.
    text = (serialize(_triples(nodes), format=form, prefixes=dict(prefixes)) or b"").decode()
    if form == RdfFormat.RDF_XML:
        # A parser would read a carriage return as a line feed; the library does not escape it.
        text = text.removesuffix(RDF_XML_END).replace("\r", "&#13;")
    header = _HEADER.match(text)
    assert header is not None
    return header[0], text[header.end() :]


def _header(form: RdfFormat, prefixes: Prefixes) -> str:
    return _document(form, (_PROBE,), prefixes)[0]


def _body(form: RdfFormat, nodes: Iterable[GraphNode], prefixes: Prefixes) -> str:
    return _document(form, nodes, prefixes)[1]


def _triples(nodes: Iterable[GraphNode]) -> Iterator[Triple]:
    for node in nodes:
        subject = NamedNode(node.uri)
        for predicate, value in node.statements:
            yield Triple(subject, NamedNode(predicate), _term(value))


def _term(value: RdfValue) -> NamedNode | Literal:
    if isinstance(value, UriRef):
        return NamedNode(value.uri)
    return _literal(value)


def _literal(value: RdfLiteral) -> Literal:
    if value.datatype:
        return Literal(value.text, datatype=NamedNode(value.datatype))
    return Literal(value.text, language=value.lang or None)


def _library_form(
    extension: str, title: str, media_type: str, void_format: str, form: RdfFormat, end: str = ""
) -> Serialization:
    return Serialization(
        extension, title, media_type, void_format, partial(_body, form), partial(_header, form), end=end
    )


#: Serialisations by extension, in order of preference.
SERIALIZATIONS: Final[Mapping[str, Serialization]] = {
    form.extension: form
    for form in (
        _library_form("ttl", "Turtle", "text/turtle", "Turtle", RdfFormat.TURTLE),
        Serialization(
            "jsonld",
            "JSON-LD",
            "application/ld+json",
            "JSON-LD",
            jsonld.body,
            jsonld.begin,
            separator=",\n",
            end="\n]}\n",
        ),
        _library_form("rdf", "RDF/XML", "application/rdf+xml", "RDF_XML", RdfFormat.RDF_XML, RDF_XML_END),
        _library_form("nt", "N-Triples", "application/n-triples", "N-Triples", RdfFormat.N_TRIPLES),
    )
}
SERIALIZATIONS_BY_MEDIA_TYPE: Final[Mapping[str, Serialization]] = {
    form.media_type: form for form in SERIALIZATIONS.values()
}
