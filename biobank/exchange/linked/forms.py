"""The forms that a description is written in; a new one is a writer beside and a line here."""

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
    """`ending` is that of files and addresses; `feature` how VoID names the form.

    A text is what `begin` gives, then bodies with `between` between two of them, then `end`: so a
    description is written at once, and the whole bank a few people at a time.
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
        """A description as a whole text."""
        prefixes = uris.prefixes
        return self.begin(prefixes) + self.body(description, prefixes) + self.end


#: In the order in which they are given where none is liked better.
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
