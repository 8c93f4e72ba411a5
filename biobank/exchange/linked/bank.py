"""Description of the bank as a VoID dataset: contents, sizes, licence and locations."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from biobank.exchange.linked.forms import FORMS
from biobank.exchange.linked.graph import (
    Description,
    Node,
    Ref,
    Statement,
    node,
    ref,
    text,
    texts,
    typed,
)
from biobank.exchange.linked.people import moment
from biobank.exchange.linked.uris import Uris
from biobank.exchange.linked.vocabularies import (
    DCTERMS,
    FOAF,
    FORMATS,
    LICENCE,
    MADS,
    SCHEMA,
    SKOS,
    VOID,
    XSD,
)
from biobank.i18n import LANGUAGES
from biobank.records.catalogue import Catalogue
from biobank.records.people import browsing, queries
from biobank.records.sources import queries as sources

TITLE: Final = {
    "az": "Azərbaycan Bioqrafiya Bankı",
    "en": "Azerbaijani Biography Bank",
    "ru": "Банк азербайджанских биографий",
}
ABOUT: Final = {
    "az": "Tanınmış azərbaycanlıların üç dildə, mənbələri göstərilmiş bioqrafiyaları.",
    "en": "Biographies of notable Azerbaijanis in three languages, with their sources.",
    "ru": "Биографии известных азербайджанцев на трёх языках, с источниками.",
}
#: RDF class and URL prefix of each kind of entity.
KINDS: Final[Mapping[str, tuple[str, str]]] = {
    "people": (SCHEMA + "Person", "people/"),
    "organisations": (SCHEMA + "Organization", "organisations/"),
    "places": (SCHEMA + "Place", "places/"),
    "terms": (SKOS + "Concept", "terms/"),
    "sources": (SCHEMA + "CreativeWork", "sources/"),
}
VOCABULARIES: Final = (SCHEMA, SKOS, DCTERMS, MADS)


@dataclass(frozen=True)
class Counts:
    """Numbers of public entities by kind; `changed` is the latest change, None in an empty bank."""

    people: int
    organisations: int
    places: int
    terms: int
    sources: int
    changed: datetime | None


def count(session: Session, catalogue: Catalogue) -> Counts:
    return Counts(
        people=queries.count(session),
        organisations=len(catalogue.organisations),
        places=len(catalogue.places),
        terms=len(catalogue.terms),
        sources=sources.count(session),
        changed=browsing.newest_change(session),
    )


def describe_bank(
    counts: Counts,
    uris: Uris,
    dumps: Iterable[str] = (),
    triples: int | None = None,
    issued: datetime | None = None,
) -> Description:
    """Describe the bank, then one class partition per kind of entity.

    `dumps` are names of linked data files; `issued` is the date of the dump that holds the
    description.
    """
    bank = node(
        uris.bank,
        [VOID + "Dataset", SCHEMA + "Dataset"],
        _told(uris),
        _dates(counts, issued),
        ((VOID + "feature", Ref(FORMATS + form.feature)) for form in FORMS.values()),
        ((VOID + "vocabulary", Ref(vocabulary)) for vocabulary in VOCABULARIES),
        ((VOID + "uriSpace", text(f"{uris.base}/{start}")) for _, start in KINDS.values()),
        (
            (VOID + "openSearchDescription", Ref(f"{uris.base}/{lang}/opensearch.xml"))
            for lang in LANGUAGES
        ),
        ((VOID + "dataDump", Ref(uris.dump(file))) for file in dumps),
        [(VOID + "triples", typed(str(triples), XSD + "integer"))] if triples is not None else [],
        ((VOID + "classPartition", Ref(f"{uris.void}#{kind}")) for kind in KINDS),
    )
    return (bank, *_parts(counts, uris))


def _told(uris: Uris) -> Iterator[Statement]:
    yield from texts(DCTERMS + "title", TITLE)
    yield from texts(SCHEMA + "name", TITLE)
    yield from texts(DCTERMS + "description", ABOUT)
    yield from texts(SCHEMA + "description", ABOUT)
    yield FOAF + "homepage", ref(uris.base + "/")
    yield SCHEMA + "url", ref(uris.base + "/")
    yield DCTERMS + "license", Ref(LICENCE)
    yield SCHEMA + "license", Ref(LICENCE)


def _dates(counts: Counts, issued: datetime | None) -> Iterator[Statement]:
    if issued is not None:
        yield DCTERMS + "issued", typed(moment(issued), XSD + "dateTime")
    if counts.changed is not None:
        at = typed(moment(counts.changed), XSD + "dateTime")
        yield DCTERMS + "modified", at
        yield SCHEMA + "dateModified", at


def _parts(counts: Counts, uris: Uris) -> Iterator[Node]:
    for kind, (class_, _) in KINDS.items():
        number = typed(str(getattr(counts, kind)), XSD + "integer")
        said: list[Statement] = [(VOID + "class", Ref(class_)), (VOID + "entities", number)]
        yield node(f"{uris.void}#{kind}", [VOID + "Dataset"], said)


def describe_void(uris: Uris) -> Description:
    """Describe the description document itself."""
    said = [
        (FOAF + "primaryTopic", Ref(uris.bank)),
        (DCTERMS + "license", Ref(LICENCE)),
    ]
    return (node(uris.void, [VOID + "DatasetDescription"], said),)
