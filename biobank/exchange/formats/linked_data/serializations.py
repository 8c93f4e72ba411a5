"""Registry of RDF serialisations; add a writer module and an entry here for a new one."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from biobank.exchange.formats.linked_data import jsonld, rdfxml, triples
from biobank.exchange.formats.linked_data.graph import Description, GraphNode
from biobank.exchange.formats.linked_data.uris import Uris

Prefixes = Mapping[str, str]


def _no_header(_prefixes: Prefixes) -> str:
    return ""


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
    begin: Callable[[Prefixes], str] = _no_header
    separator: str = ""
    end: str = ""

    def serialize(self, description: Description, uris: Uris) -> str:
        """Serialise a description as a whole document."""
        prefixes = uris.prefixes
        return self.begin(prefixes) + self.body(description, prefixes) + self.end


#: Serialisations by extension, in order of preference.
SERIALIZATIONS: Final[Mapping[str, Serialization]] = {
    form.extension: form
    for form in (
        Serialization(
            "ttl", "Turtle", "text/turtle", "Turtle", triples.turtle, begin=triples.turtle_prefixes
        ),
        Serialization(
            "jsonld",
            "JSON-LD",
            "application/ld+json",
            "JSON-LD",
            jsonld.body,
            begin=jsonld.begin,
            separator=",\n",
            end="\n]}\n",
        ),
        Serialization(
            "rdf",
            "RDF/XML",
            "application/rdf+xml",
            "RDF_XML",
            rdfxml.body,
            begin=rdfxml.begin,
            end="</rdf:RDF>\n",
        ),
        Serialization("nt", "N-Triples", "application/n-triples", "N-Triples", triples.ntriples),
    )
}
SERIALIZATIONS_BY_MEDIA_TYPE: Final[Mapping[str, Serialization]] = {
    form.media_type: form for form in SERIALIZATIONS.values()
}
