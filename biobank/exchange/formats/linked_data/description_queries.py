"""Queries that build descriptions from the store; public data only."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from biobank.exchange.formats.linked_data.entities import ReferencedEntities
from biobank.exchange.formats.linked_data.graph import Description, UriRef, Uris
from biobank.exchange.formats.linked_data.people import (
    PersonRelation,
    RelatedContext,
    describe_person,
    relations_from_both_ends,
)
from biobank.exchange.formats.linked_data.reference_data import (
    RDF_VOCABULARY_TITLES,
    describe_country,
    describe_organisation,
    describe_place,
    describe_scheme,
    describe_source,
    describe_term,
)
from biobank.records.catalogue import Catalogue
from biobank.records.countries import COUNTRY_CODES
from biobank.records.media.queries import pictures_by_sha
from biobank.records.media.urls import sha_from_url
from biobank.records.organisations.queries import list_members
from biobank.records.people import browse_queries, queries
from biobank.records.people.browse_queries import PersonListItem
from biobank.records.sources import queries as sources
from biobank.records.vocabulary.models import term_key

Record = Mapping[str, Any]


def describe_person_by_id(session: Session, person_id: str, catalogue: Catalogue, uris: Uris) -> Description:
    """Describe a public person and everything the record refers to; empty if there is none."""
    record = queries.load_record(session, person_id)
    if record is None:
        return ()
    related = load_related(session, [record], catalogue)[person_id]
    return describe_record(record, related, catalogue, uris)


def describe_record(record: Record, related: RelatedContext, catalogue: Catalogue, uris: Uris) -> Description:
    """Describe a public record with its related data."""
    collector = ReferencedEntities(catalogue, uris)
    return (*describe_person(record, related, collector), *collector.nodes())


def load_related(
    session: Session, records: Sequence[Record], catalogue: Catalogue
) -> dict[str, RelatedContext]:
    """Load the related data of public `records`, in a constant number of queries."""
    ids = [record["id"] for record in records]
    inbound = queries.relations_to(session, ids)
    relations_by_id = {
        record["id"]: relations_from_both_ends(record, inbound.get(record["id"], ()), catalogue)
        for record in records
    }
    cards = browse_queries.load_cards(
        session, [relation.person_id for relations in relations_by_id.values() for relation in relations]
    )
    cited_sources = browse_queries.load_csl_items(
        session, {id_ for record in records for id_ in record.get("sources", ())}
    )
    states = browse_queries.published_states(session, ids)
    stored_images = pictures_by_sha(session, image_hashes(records))
    return {
        id_: related_context(states[id_], relations, cards, cited_sources, stored_images)
        for id_, relations in relations_by_id.items()
    }


def related_context(
    state: tuple[int, datetime],
    relations: Iterable[PersonRelation],
    cards: Mapping[str, PersonListItem],
    cited_sources: Mapping[str, Record],
    stored_images: Iterable[str],
) -> RelatedContext:
    """Return related data that is already loaded; `cards` holds the related people who are public."""
    public = [relation for relation in relations if relation.person_id in cards]
    return RelatedContext(
        *state,
        relations=public,
        names={relation.person_id: cards[relation.person_id].names for relation in public},
        sources=cited_sources,
        stored_images=frozenset(stored_images),
    )


def describe_organisation_by_id(
    session: Session, organisation_id: str, catalogue: Catalogue, uris: Uris
) -> Description:
    record = catalogue.organisations.get(organisation_id)
    if record is None:
        return ()
    collector = ReferencedEntities(catalogue, uris)
    ids = list(dict.fromkeys(row.person_id for row in list_members(session, organisation_id)))
    cards = browse_queries.load_cards(session, ids)
    public_members = [collector.person(id_, card.names) for id_, card in cards.items()]
    return (*describe_organisation(record, public_members, collector), *collector.nodes())


def describe_place_by_id(_session: Session, place_id: str, catalogue: Catalogue, uris: Uris) -> Description:
    record = catalogue.places.get(place_id)
    collector = ReferencedEntities(catalogue, uris)
    return (*describe_place(record, collector), *collector.nodes()) if record else ()


def describe_term_by_key(session: Session, key: str, catalogue: Catalogue, uris: Uris) -> Description:
    """Describe a term by its key, `profession/composer`, or a country, `country/az`."""
    vocabulary, _, term_id = key.partition("/")
    if vocabulary == "country":
        code = term_id.upper()
        return describe_country(code, uris) if code in COUNTRY_CODES else ()
    record = catalogue.terms.get(term_key(vocabulary, term_id))
    collector = ReferencedEntities(catalogue, uris)
    return (*describe_term(record, collector), *collector.nodes()) if record else ()


def describe_scheme_by_id(
    _session: Session, vocabulary: str, catalogue: Catalogue, uris: Uris
) -> Description:
    if vocabulary not in RDF_VOCABULARY_TITLES:
        return ()
    terms = catalogue.terms.values()
    top = [
        record["id"] for record in terms if record["vocabulary"] == vocabulary and not record.get("broader")
    ]
    return describe_scheme(vocabulary, top, uris)


def describe_source_by_id(session: Session, source_id: str, _catalogue: Catalogue, uris: Uris) -> Description:
    if not sources.is_public(session, source_id):
        return ()
    return describe_source(source_id, browse_queries.load_csl_items(session, [source_id])[source_id], uris)


def member_refs(session: Session, organisation_id: str, uris: Uris) -> list[UriRef]:
    ids = dict.fromkeys(row.person_id for row in list_members(session, organisation_id))
    return [UriRef(uris.person(id_)) for id_ in ids]


def image_hashes(records: Iterable[Record]) -> list[str]:
    urls = (medium["url"] for record in records for medium in record.get("media", ()))
    return [sha256 for url in urls if (sha256 := sha_from_url(url))]
