"""The part of a description that a web page embeds for search engines.

Works, events, sources, the biography text and the bank's own relation terms are omitted. Names and
texts are given in the language of the page only, alternate names in all languages.
"""

from collections.abc import Iterator
from typing import Any, Final

from biobank.exchange.linked.graph import Description, Literal, Node, Ref, Statement, Value
from biobank.exchange.linked.jsonld import as_document
from biobank.exchange.linked.things import ALTERNATE
from biobank.exchange.linked.uris import Uris
from biobank.exchange.linked.vocabularies import RDF, SCHEMA, SKOS
from biobank.i18n import FALLBACKS

#: Predicates of schema.org that search engines do not use: whole texts, sources, long lists.
LEFT_OUT: Final = frozenset(
    SCHEMA + name for name in ("text", "citation", "member", "additionalType")
)


def for_page(description: Description, lang: str) -> Description:
    """Return the first node and all it links to, restricted to schema.org and to `lang`."""
    nodes = {node.uri: node for node in description}
    kept: dict[str, Node] = {}
    way = [description[0].uri] if description else []
    while way:
        uri = way.pop(0)
        if uri in kept or uri not in nodes:
            continue
        said = tuple(_kept(nodes[uri], lang))
        kept[uri] = Node(uri, said)
        way += [value.uri for _, value in said if isinstance(value, Ref)]
    return tuple(kept.values())


def page_document(description: Description, uris: Uris, lang: str) -> dict[str, Any]:
    """Return the embedded part of a description as a JSON-LD document."""
    return as_document(for_page(description, lang), uris.prefixes, lang)


def _kept(node: Node, lang: str) -> Iterator[Statement]:
    for predicate, values in node.grouped().items():
        if predicate in LEFT_OUT or not predicate.startswith((SCHEMA, RDF)):
            continue
        best = "" if predicate == ALTERNATE else _best(values, lang)
        for value in values:
            if _is_for(value, best):
                yield predicate, value


def _is_for(value: Value, best: str) -> bool:
    """Return whether a page includes a value.

    SKOS classes are omitted, and texts that are available in a better language.
    """
    if isinstance(value, Ref):
        return not value.uri.startswith(SKOS)
    return not (value.lang and best) or value.lang == best


def _best(values: list[Value], lang: str) -> str:
    """Return the best available language for a reader of `lang`; empty if there is none."""
    there = {value.lang for value in values if isinstance(value, Literal)}
    return next((each for each in FALLBACKS[lang] if each in there), "")
