"""The part of a description that a web page embeds for search engines.

Works, events, sources, the biography text and the bank's own relation terms are omitted. Names and
texts are given in the language of the page only, alternate names in all languages.
"""

from collections.abc import Iterator
from typing import Any, Final

from biobank.common.i18n import FALLBACKS
from biobank.exchange.formats.linked_data.entities import ALTERNATE_NAME_PREDICATE
from biobank.exchange.formats.linked_data.graph import (
    Description,
    GraphNode,
    RdfLiteral,
    RdfStatement,
    RdfValue,
    UriRef,
)
from biobank.exchange.formats.linked_data.jsonld import to_document
from biobank.exchange.formats.linked_data.uris import RDF, SCHEMA_ORG, SKOS, Uris

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
