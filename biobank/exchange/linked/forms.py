"""Registry of RDF serialisations; add a writer module and an entry here for a new one."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from biobank.exchange.linked import jsonld, rdfxml, triples
from biobank.exchange.linked.graph import Description, Node
from biobank.exchange.linked.uris import Uris

Prefixes = Mapping[str, str]


def _nothing(_prefixes: Prefixes) -> str:
    return ""


@dataclass(frozen=True)
class Form:
    """An RDF serialisation.

    `extension` is that of files and URLs, `void_format` its name in VoID. A document is the result
    of `begin`, then bodies joined by `separator`, then `end`; so a description is written at once,
    and the whole bank a few people at a time.
    """

    ending: str
    title: str
    media_type: str
    feature: str
    body: Callable[[Iterable[Node], Prefixes], str]
    begin: Callable[[Prefixes], str] = _nothing
    between: str = ""
    end: str = ""

    def of(self, description: Description, uris: Uris) -> str:
        """Serialise a description as a whole document."""
        prefixes = uris.prefixes
        return self.begin(prefixes) + self.body(description, prefixes) + self.end


#: Serialisations by extension, in order of preference.
FORMS: Final[Mapping[str, Form]] = {
    form.ending: form
    for form in (
        Form(
            "ttl", "Turtle", "text/turtle", "Turtle", triples.turtle, begin=triples.turtle_prefixes
        ),
        Form(
            "jsonld",
            "JSON-LD",
            "application/ld+json",
            "JSON-LD",
            jsonld.body,
            begin=jsonld.begin,
            between=",\n",
            end="\n]}\n",
        ),
        Form(
            "rdf",
            "RDF/XML",
            "application/rdf+xml",
            "RDF_XML",
            rdfxml.body,
            begin=rdfxml.begin,
            end="</rdf:RDF>\n",
        ),
        Form("nt", "N-Triples", "application/n-triples", "N-Triples", triples.ntriples),
    )
}
BY_TYPE: Final[Mapping[str, Form]] = {form.media_type: form for form in FORMS.values()}
