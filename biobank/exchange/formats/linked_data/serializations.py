"""RDF serialisations, which pyoxigraph writes, but for the compact JSON-LD of pages.

JSON-LD is a flat graph with an inline context, so that no reader has to fetch one. Search engines read the
part in a web page. Works, events, sources, the biography text and the bank's own relation terms are omitted
from it; names and texts are in its language only, alternate names in all languages.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize

from biobank.common.i18n import FALLBACKS
from biobank.exchange.formats.linked_data.entities import ALTERNATE_NAME_PREDICATE
from biobank.exchange.formats.linked_data.graph import (
    RDF,
    RDF_TYPE,
    SCHEMA_ORG,
    SKOS,
    Description,
    GraphNode,
    RdfLiteral,
    RdfStatement,
    RdfValue,
    UriRef,
    Uris,
)

Prefixes = Mapping[str, str]
#: Properties of schema.org whose values are always URIs. They are written as plain strings, for
#: readers that treat JSON-LD as plain JSON.
URI_PROPERTIES = ("url", "sameAs", "license", "contentUrl", "isBasedOn")


def make_context(prefixes: Prefixes, lang: str = "") -> dict[str, Any]:
    """Build the context.

    Names without a prefix are schema.org's, texts without a language are in `lang`.
    """
    language = {"@language": lang} if lang else {}
    namespaces = {name: uri for name, uri in prefixes.items() if uri != SCHEMA_ORG}
    uri_terms = {key: {"@type": "@id"} for key in URI_PROPERTIES}
    return {"@vocab": SCHEMA_ORG, **language, **namespaces, **uri_terms}


def to_document(nodes: Iterable[GraphNode], prefixes: Prefixes, lang: str = "") -> dict[str, Any]:
    """Build a whole document; texts in `lang` are plain strings."""
    graph = [node_to_dict(node, prefixes, lang) for node in nodes]
    # Pages embed this, so unused terms of the context are omitted.
    text = _dump_json(graph)
    used = {
        name: namespace for name, namespace in make_context(prefixes, lang).items() if _is_used(name, text)
    }
    return {"@context": used, "@graph": graph}


def node_to_dict(node: GraphNode, prefixes: Prefixes, lang: str = "") -> dict[str, Any]:
    data: dict[str, Any] = {"@id": node.uri}
    for predicate, values in node.by_predicate().items():
        if predicate == RDF_TYPE:
            types = [_compact_uri(value.uri, prefixes) for value in values if isinstance(value, UriRef)]
            data["@type"] = types[0] if len(types) == 1 else types
            continue
        name = _compact_uri(predicate, prefixes)
        objects = [_value_to_json(name, value, prefixes, lang) for value in values]
        data[name] = objects[0] if len(objects) == 1 else objects
    return data


def _value_to_json(name: str, value: RdfValue, prefixes: Prefixes, lang: str) -> Any:
    if isinstance(value, UriRef):
        return value.uri if name in URI_PROPERTIES else {"@id": value.uri}
    if value.datatype:
        return {"@value": value.text, "@type": _compact_uri(value.datatype, prefixes)}
    if value.lang == lang:
        return value.text
    return {"@value": value.text, **({"@language": value.lang} if value.lang else {})}


def _compact_uri(uri: str, prefixes: Prefixes) -> str:
    if uri.startswith(SCHEMA_ORG):
        return uri.removeprefix(SCHEMA_ORG)
    for name, namespace in prefixes.items():
        if uri.startswith(namespace):
            return f"{name}:{uri.removeprefix(namespace)}"
    return uri


def _is_used(name: str, text: str) -> bool:
    """Return whether a term or prefix of the context may occur in a graph serialised as JSON."""
    return name.startswith("@") or f'"{name}"' in text or f'"{name}:' in text


def _dump_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


#: Predicates of schema.org that search engines do not use: whole texts, sources, long lists.
OMITTED_PREDICATES: Final = frozenset(
    SCHEMA_ORG + name for name in ("text", "citation", "member", "additionalType")
)


def for_page(description: Description, lang: str) -> Description:
    """Return the first node and all it links to, restricted to schema.org and to `lang`."""
    nodes = {node.uri: node for node in description}
    selected: dict[str, GraphNode] = {}
    pending = [description[0].uri] if description else []
    while pending:
        uri = pending.pop(0)
        if uri in selected or uri not in nodes:
            continue
        statements = tuple(_selected_statements(nodes[uri], lang))
        selected[uri] = GraphNode(uri, statements)
        pending += [value.uri for _, value in statements if isinstance(value, UriRef)]
    return tuple(selected.values())


def page_document(description: Description, uris: Uris, lang: str) -> dict[str, Any]:
    """Return the embedded part of a description as a JSON-LD document."""
    return to_document(for_page(description, lang), uris.prefixes, lang)


def _selected_statements(node: GraphNode, lang: str) -> Iterator[RdfStatement]:
    for predicate, values in node.by_predicate().items():
        if predicate in OMITTED_PREDICATES or not predicate.startswith((SCHEMA_ORG, RDF)):
            continue
        best_lang = "" if predicate == ALTERNATE_NAME_PREDICATE else _best_language(values, lang)
        for value in values:
            if _is_included(value, best_lang):
                yield predicate, value


def _is_included(value: RdfValue, best_lang: str) -> bool:
    """Return whether a page includes a value.

    SKOS classes are omitted, and texts that are available in a better language.
    """
    if isinstance(value, UriRef):
        return not value.uri.startswith(SKOS)
    return not (value.lang and best_lang) or value.lang == best_lang


def _best_language(values: list[RdfValue], lang: str) -> str:
    """Return the best available language for a reader of `lang`; empty if there is none."""
    available = {value.lang for value in values if isinstance(value, RdfLiteral)}
    return next((code for code in FALLBACKS[lang] if code in available), "")


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
    #: How the library calls it; None for JSON-LD, which is written here.
    form: RdfFormat | None = None
    separator: str = ""
    end: str = ""

    def begin(self, prefixes: Prefixes) -> str:
        if self.form is None:
            return f'{{"@context": {_dump_json(make_context(prefixes))},\n"@graph": [\n'
        return _document(self.form, (_PROBE,), prefixes)[0]

    def body(self, nodes: Iterable[GraphNode], prefixes: Prefixes) -> str:
        if self.form is None:
            return ",\n".join(_dump_json(node_to_dict(node, prefixes)) for node in nodes)
        return _document(self.form, nodes, prefixes)[1]

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


def _triples(nodes: Iterable[GraphNode]) -> Iterator[Triple]:
    for node in nodes:
        subject = NamedNode(node.uri)
        for predicate, value in node.statements:
            yield Triple(subject, NamedNode(predicate), _term(value))


def _term(value: RdfValue) -> NamedNode | Literal:
    if isinstance(value, UriRef):
        return NamedNode(value.uri)
    if value.datatype:
        return Literal(value.text, datatype=NamedNode(value.datatype))
    return Literal(value.text, language=value.lang or None)


_SERIALIZATIONS: Final = (
    Serialization("ttl", "Turtle", "text/turtle", "Turtle", RdfFormat.TURTLE),
    Serialization("jsonld", "JSON-LD", "application/ld+json", "JSON-LD", separator=",\n", end="\n]}\n"),
    Serialization("rdf", "RDF/XML", "application/rdf+xml", "RDF_XML", RdfFormat.RDF_XML, end=RDF_XML_END),
    Serialization("nt", "N-Triples", "application/n-triples", "N-Triples", RdfFormat.N_TRIPLES),
)
#: Serialisations by extension, in order of preference.
SERIALIZATIONS: Final[Mapping[str, Serialization]] = {form.extension: form for form in _SERIALIZATIONS}
SERIALIZATIONS_BY_MEDIA_TYPE: Final[Mapping[str, Serialization]] = {
    form.media_type: form for form in _SERIALIZATIONS
}
