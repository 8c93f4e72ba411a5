"""JSON-LD: a flat graph with an inline context, so that no reader has to fetch one."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from biobank.exchange.formats.linked_data.graph import GraphNode, RdfValue, UriRef
from biobank.exchange.formats.linked_data.uris import RDF_TYPE, SCHEMA_ORG

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


def begin(prefixes: Prefixes) -> str:
    return f'{{"@context": {_dump_json(make_context(prefixes))},\n"@graph": [\n'


def body(nodes: Iterable[GraphNode], prefixes: Prefixes) -> str:
    """Write one node per line, separated by commas."""
    return ",\n".join(_dump_json(node_to_dict(node, prefixes)) for node in nodes)


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
