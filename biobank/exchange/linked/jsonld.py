"""JSON-LD: a flat graph with an inline context, so that no reader has to fetch one."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from biobank.exchange.linked.graph import Node, Ref, Value
from biobank.exchange.linked.vocabularies import SCHEMA, TYPE

Prefixes = Mapping[str, str]
#: Properties of schema.org whose values are always URIs. They are written as plain strings, for
#: readers that treat JSON-LD as plain JSON.
LINKS = ("url", "sameAs", "license", "contentUrl", "isBasedOn")


def context(prefixes: Prefixes, lang: str = "") -> dict[str, Any]:
    """Build the context.

    Names without a prefix are schema.org's, texts without a language are in `lang`.
    """
    language = {"@language": lang} if lang else {}
    others = {name: uri for name, uri in prefixes.items() if uri != SCHEMA}
    links = {key: {"@type": "@id"} for key in LINKS}
    return {"@vocab": SCHEMA, **language, **others, **links}


def as_document(nodes: Iterable[Node], prefixes: Prefixes, lang: str = "") -> dict[str, Any]:
    """Build a whole document; texts in `lang` are plain strings."""
    graph = [as_object(node, prefixes, lang) for node in nodes]
    # Pages embed this, so unused terms of the context are omitted.
    text = _json(graph)
    used = {name: start for name, start in context(prefixes, lang).items() if _is_used(name, text)}
    return {"@context": used, "@graph": graph}


def as_object(node: Node, prefixes: Prefixes, lang: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {"@id": node.uri}
    for predicate, values in node.grouped().items():
        if predicate == TYPE:
            types = [_short(value.uri, prefixes) for value in values if isinstance(value, Ref)]
            found["@type"] = types[0] if len(types) == 1 else types
            continue
        name = _short(predicate, prefixes)
        said = [_value(name, value, prefixes, lang) for value in values]
        found[name] = said[0] if len(said) == 1 else said
    return found


def begin(prefixes: Prefixes) -> str:
    return f'{{"@context": {_json(context(prefixes))},\n"@graph": [\n'


def body(nodes: Iterable[Node], prefixes: Prefixes) -> str:
    """Write one node per line, separated by commas."""
    return ",\n".join(_json(as_object(node, prefixes)) for node in nodes)


def _value(name: str, value: Value, prefixes: Prefixes, lang: str) -> Any:
    if isinstance(value, Ref):
        return value.uri if name in LINKS else {"@id": value.uri}
    if value.datatype:
        return {"@value": value.text, "@type": _short(value.datatype, prefixes)}
    if value.lang == lang:
        return value.text
    return {"@value": value.text, **({"@language": value.lang} if value.lang else {})}


def _short(uri: str, prefixes: Prefixes) -> str:
    if uri.startswith(SCHEMA):
        return uri.removeprefix(SCHEMA)
    for name, start in prefixes.items():
        if uri.startswith(start):
            return f"{name}:{uri.removeprefix(start)}"
    return uri


def _is_used(name: str, text: str) -> bool:
    """Return whether a term or prefix of the context may occur in a graph serialised as JSON."""
    return name.startswith("@") or f'"{name}"' in text or f'"{name}:' in text


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
