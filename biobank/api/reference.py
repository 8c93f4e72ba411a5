"""Organisations, places, terms and sources: lists and single records."""

from collections.abc import Mapping
from typing import Any

from flask import Response, request, url_for
from marshmallow import fields, validate

from biobank.api.blueprint import PageArgs, arguments, conditional, documented, page_of, reference
from biobank.api.schemas import (
    OrganisationsPageSchema,
    PlacesPageSchema,
    SourcesPageSchema,
    TermsPageSchema,
)
from biobank.errors import NotFound
from biobank.extensions import services
from biobank.records.organisations.schemas import OrganisationSchema
from biobank.records.places.schemas import PlaceSchema
from biobank.records.reference.kinds import ORGANISATION, PLACE, SOURCE, Kind
from biobank.records.sources import queries as sources
from biobank.records.sources.schemas import SourceSchema
from biobank.records.vocabulary.models import VOCABULARIES


class TermArgs(PageArgs):
    """The vocabulary, and the page of it."""

    vocabulary = fields.String(validate=validate.OneOf(VOCABULARIES))


@reference.get("/organisations")
@arguments(reference, PageArgs)
@reference.response(200, OrganisationsPageSchema)
@documented(reference)
def list_organisations(page: int, size: int) -> Response:
    """Return all organisations in the order of their ids, a page at a time."""
    return _page(services.catalogue().public.organisations, page, size)


@reference.get("/organisations/<id:organisation_id>")
@reference.response(200, OrganisationSchema)
@documented(reference, 404)
def get_organisation(organisation_id: str) -> Response:
    """Return one organisation."""
    return _one(services.catalogue().public.organisations, organisation_id, ORGANISATION)


@reference.get("/places")
@arguments(reference, PageArgs)
@reference.response(200, PlacesPageSchema)
@documented(reference)
def list_places(page: int, size: int) -> Response:
    """Return all places in the order of their ids, a page at a time."""
    return _page(services.catalogue().public.places, page, size)


@reference.get("/places/<id:place_id>")
@reference.response(200, PlaceSchema)
@documented(reference, 404)
def get_place(place_id: str) -> Response:
    """Return one place with its names by language and period."""
    return _one(services.catalogue().public.places, place_id, PLACE)


@reference.get("/terms")
@arguments(reference, TermArgs)
@reference.response(200, TermsPageSchema)
@documented(reference)
def list_terms(page: int, size: int, vocabulary: str = "") -> Response:
    """Return terms of one vocabulary, or of all, a page at a time."""
    terms = services.catalogue().public.terms
    chosen = {
        key: term
        for key, term in terms.items()
        if not vocabulary or term["vocabulary"] == vocabulary
    }
    return _page(chosen, page, size)


@reference.get("/sources")
@arguments(reference, PageArgs)
@reference.response(200, SourcesPageSchema)
@documented(reference)
def list_sources(page: int, size: int) -> Response:
    """Return sources of public records in the order of their ids, a page at a time."""
    with services.database.read() as session:
        found = sources.page(session, page, size)
        total = sources.count(session)
    return conditional(page_of(found, total, page, size))


@reference.get("/sources/<id:source_id>")
@reference.response(200, SourceSchema)
@documented(reference, 404)
def get_source(source_id: str) -> Response:
    """Return one source as CSL-JSON."""
    with services.database.read() as session:
        public = sources.is_public(session, source_id)
        found = sources.by_ids(session, [source_id]) if public else {}
    return _one(found, source_id, SOURCE)


def _page(records: Mapping[str, Any], page: int, size: int) -> Response:
    ids = sorted(records)
    shown = [records[id_] for id_ in ids[(page - 1) * size : page * size]]
    return conditional(page_of(shown, len(ids), page, size))


def _one(records: Mapping[str, Any], record_id: str, kind: Kind) -> Response:
    if record_id in records:
        return conditional(records[record_id])
    return led_on(record_id, kind, f"reference.get_{kind.name}")


def led_on(record_id: str, kind: Kind, endpoint: str) -> Response:
    """Return a redirect to the record that this one was merged into, keeping the arguments.

    Raises:
        NotFound: If it was merged into none.
    """
    now = services.catalogue().public.where_now(kind.name, record_id)
    if now == record_id:
        raise NotFound(f"There is no {kind.name} {record_id[:120]!r}.")
    values: dict[str, Any] = {**request.args, f"{kind.name}_id": now}
    return Response(status=301, headers={"Location": url_for(endpoint, **values)})
