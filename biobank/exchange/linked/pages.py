"""What a page says of its subject to search engines: a part of the whole description.

Left out are works, events, sources, the text itself and the bank's own words for ties; names and
lines stand in the language of the page alone, other forms of the name in all. Whatever is left is
said by the whole description too.
"""

from collections.abc import Iterator
from typing import Any, Final

from biobank.exchange.linked.graph import Description, Literal, Node, Ref, Statement, Value
from biobank.exchange.linked.jsonld import as_document
from biobank.exchange.linked.things import ALTERNATE
from biobank.exchange.linked.uris import Uris
from biobank.exchange.linked.vocabularies import RDF, SCHEMA, SKOS
from biobank.i18n import FALLBACKS

#: Of schema.org, but of no use there: the whole text, the sources, what leads to whole lists.
LEFT_OUT: Final = frozenset(
    SCHEMA + name for name in ("text", "citation", "member", "additionalType")
)


def for_page(description: Description, lang: str) -> Description:
    """The first node and what it leads to, by schema.org's words, in `lang` where there is any."""
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
    """The part of a description that a page carries, as JSON-LD."""
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
    """Whether a page says it: no class of SKOS, no text that is there in a better language."""
    if isinstance(value, Ref):
        return not value.uri.startswith(SKOS)
    return not (value.lang and best) or value.lang == best


def _best(values: list[Value], lang: str) -> str:
    """The language in which a text is shown to a reader of `lang`; none where it is in none."""
    there = {value.lang for value in values if isinstance(value, Literal)}
    return next((each for each in FALLBACKS[lang] if each in there), "")
