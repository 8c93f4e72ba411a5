"""Queries that build descriptions from the store; public data only."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from biobank.exchange.linked.graph import Description, Ref
from biobank.exchange.linked.people import Around, describe_person
from biobank.exchange.linked.references import (
    SCHEMES,
    describe_country,
    describe_organisation,
    describe_place,
    describe_scheme,
    describe_source,
    describe_term,
)
from biobank.exchange.linked.things import Named
from biobank.exchange.linked.ties import ties_of
from biobank.exchange.linked.uris import Uris
from biobank.records.catalogue import Catalogue
from biobank.records.countries import COUNTRIES
from biobank.records.media.addresses import sha_of
from biobank.records.media.queries import by_sha
from biobank.records.organisations.queries import members
from biobank.records.people import browsing, queries
from biobank.records.sources import queries as sources
from biobank.records.vocabulary.models import term_key

Record = Mapping[str, Any]


def person(session: Session, person_id: str, catalogue: Catalogue, uris: Uris) -> Description:
    """Describe a public person and everything the record refers to; empty if there is none."""
    record = queries.record(session, person_id)
    return person_of(session, record, catalogue, uris) if record else ()


def person_of(session: Session, record: Record, catalogue: Catalogue, uris: Uris) -> Description:
    """Describe a public record that is already loaded."""
    named = Named(catalogue, uris)
    around = arounds(session, [record], catalogue)[record["id"]]
    return (*describe_person(record, around, named), *named.nodes())


def arounds(session: Session, records: Sequence[Record], catalogue: Catalogue) -> dict[str, Around]:
    """Load the related data of public `records`, in a constant number of queries."""
    ids = [record["id"] for record in records]
    inbound = queries.relations_to(session, ids)
    tied = {
        record["id"]: ties_of(
            record,
            ((row.type_key, row.person_id) for row in inbound.get(record["id"], ())),
            catalogue,
        )
        for record in records
    }
    # A person who is no longer public has no card, so relations to them are dropped.
    cards = browsing.cards(session, [tie.other for found in tied.values() for tie in found])
    cited = browsing.cited(
        session, {id_ for record in records for id_ in record.get("sources", ())}
    )
    numbers, changed = queries.versions(session, ids), browsing.changed(session, ids)
    kept = by_sha(session, _pictures(records))
    return {
        record["id"]: Around(
            number=numbers[record["id"]],
            changed=changed[record["id"]],
            ties=[tie for tie in tied[record["id"]] if tie.other in cards],
            names={
                tie.other: cards[tie.other].names
                for tie in tied[record["id"]]
                if tie.other in cards
            },
            sources=cited,
            kept=frozenset(kept),
        )
        for record in records
    }


def organisation(
    session: Session, organisation_id: str, catalogue: Catalogue, uris: Uris
) -> Description:
    record = catalogue.organisations.get(organisation_id)
    if record is None:
        return ()
    named = Named(catalogue, uris)
    ids = list(dict.fromkeys(row.person_id for row in members(session, organisation_id)))
    cards = browsing.cards(session, ids)
    tied = [named.person(id_, card.names) for id_, card in cards.items()]
    return (*describe_organisation(record, tied, named), *named.nodes())


def place(_session: Session, place_id: str, catalogue: Catalogue, uris: Uris) -> Description:
    record = catalogue.places.get(place_id)
    named = Named(catalogue, uris)
    return (*describe_place(record, named), *named.nodes()) if record else ()


def term(session: Session, key: str, catalogue: Catalogue, uris: Uris) -> Description:
    """Describe a term by its key, `profession/composer`, or a country, `country/az`."""
    vocabulary, _, term_id = key.partition("/")
    if vocabulary == "country":
        code = term_id.upper()
        return describe_country(code, uris) if code in COUNTRIES else ()
    record = catalogue.terms.get(term_key(vocabulary, term_id))
    named = Named(catalogue, uris)
    return (*describe_term(record, named), *named.nodes()) if record else ()


def scheme(_session: Session, vocabulary: str, catalogue: Catalogue, uris: Uris) -> Description:
    if vocabulary not in SCHEMES:
        return ()
    terms = catalogue.terms.values()
    top = [it["id"] for it in terms if it["vocabulary"] == vocabulary and not it.get("broader")]
    return describe_scheme(vocabulary, top, uris)


def source(session: Session, source_id: str, _catalogue: Catalogue, uris: Uris) -> Description:
    if not sources.is_public(session, source_id):
        return ()
    return describe_source(source_id, browsing.cited(session, [source_id])[source_id], uris)


def members_of(session: Session, organisation_id: str, uris: Uris) -> list[Ref]:
    ids = dict.fromkeys(row.person_id for row in members(session, organisation_id))
    return [Ref(uris.person(id_)) for id_ in ids]


def _pictures(records: Iterable[Record]) -> list[str]:
    urls = (part["url"] for record in records for part in record.get("media", ()))
    return [sha for url in urls if (sha := sha_of(url))]
