"""Organisations, places, terms and sources: lists and single records."""

from collections.abc import Mapping
from typing import Any

from flask import Response, request, url_for
from marshmallow import fields, validate

from biobank.api.blueprint import (
    PageArgs,
    conditional_json,
    document_errors,
    page_body,
    query_arguments,
    reference,
)
from biobank.api.schemas import OrganisationsPageSchema, PlacesPageSchema, SourcesPageSchema, TermsPageSchema
from biobank.errors import NotFound
from biobank.http.extensions import services
from biobank.records.organisations.schemas import OrganisationSchema
from biobank.records.places.schemas import PlaceSchema
from biobank.records.reference.kinds import ORGANISATION_KIND, PLACE_KIND, SOURCE_KIND, ReferenceKind
from biobank.records.sources import queries as sources
from biobank.records.sources.schemas import SourceSchema
from biobank.records.vocabulary.models import VOCABULARIES


class TermArgs(PageArgs):
    """The vocabulary, and the page of it."""

    vocabulary = fields.String(validate=validate.OneOf(VOCABULARIES))


@reference.get("/organisations")
@query_arguments(reference, PageArgs)
@reference.response(200, OrganisationsPageSchema)
@document_errors(reference)
def list_organisations(page: int, size: int) -> Response:
    """Return all organisations in the order of their ids, a page at a time."""
    return _list_response(services.catalogue().public.organisations, page, size)


@reference.get("/organisations/<id:organisation_id>")
@reference.response(200, OrganisationSchema)
@document_errors(reference, 404)
def get_organisation(organisation_id: str) -> Response:
    """Return one organisation."""
    return _record_response(services.catalogue().public.organisations, organisation_id, ORGANISATION_KIND)


@reference.get("/places")
@query_arguments(reference, PageArgs)
@reference.response(200, PlacesPageSchema)
@document_errors(reference)
def list_places(page: int, size: int) -> Response:
    """Return all places in the order of their ids, a page at a time."""
    return _list_response(services.catalogue().public.places, page, size)


@reference.get("/places/<id:place_id>")
@reference.response(200, PlaceSchema)
@document_errors(reference, 404)
def get_place(place_id: str) -> Response:
    """Return one place with its names by language and period."""
    return _record_response(services.catalogue().public.places, place_id, PLACE_KIND)


@reference.get("/terms")
@query_arguments(reference, TermArgs)
@reference.response(200, TermsPageSchema)
@document_errors(reference)
def list_terms(page: int, size: int, vocabulary: str = "") -> Response:
    """Return terms of one vocabulary, or of all, a page at a time."""
    terms = services.catalogue().public.terms
    chosen = {key: term for key, term in terms.items() if not vocabulary or term["vocabulary"] == vocabulary}
    return _list_response(chosen, page, size)


@reference.get("/sources")
@query_arguments(reference, PageArgs)
@reference.response(200, SourcesPageSchema)
@document_errors(reference)
def list_sources(page: int, size: int) -> Response:
    """Return sources of public records in the order of their ids, a page at a time."""
    with services.database.read() as session:
        records = sources.list_sources_page(session, page, size)
        total = sources.count(session)
    return conditional_json(page_body(records, total, page, size))


@reference.get("/sources/<id:source_id>")
@reference.response(200, SourceSchema)
@document_errors(reference, 404)
def get_source(source_id: str) -> Response:
    """Return one source as CSL-JSON."""
    return _record_response(load_public_source(source_id), source_id, SOURCE_KIND)


def load_public_source(source_id: str) -> dict[str, Any]:
    """Return the record of a source by its id; empty if it is not public."""
    with services.database.read() as session:
        public = sources.is_public(session, source_id)
        return dict(sources.load_by_ids(session, [source_id])) if public else {}


def _list_response(records: Mapping[str, Any], page: int, size: int) -> Response:
    ids = sorted(records)
    items = [records[id_] for id_ in ids[(page - 1) * size : page * size]]
    return conditional_json(page_body(items, len(ids), page, size))


def _record_response(records: Mapping[str, Any], record_id: str, kind: ReferenceKind) -> Response:
    if record_id in records:
        return conditional_json(records[record_id])
    return redirect_to_merged(record_id, kind, f"reference.get_{kind.name}")


def redirect_to_merged(record_id: str, kind: ReferenceKind, endpoint: str) -> Response:
    """Return a redirect to the record that this one was merged into, keeping the arguments.

    Raises:
        NotFound: If it was merged into none.
    """
    current_id = services.catalogue().public.resolve_redirect(kind.name, record_id)
    if current_id == record_id:
        raise NotFound(f"There is no {kind.name} {record_id[:120]!r}.")
    values: dict[str, Any] = {**request.args, f"{kind.name}_id": current_id}
    return Response(status=301, headers={"Location": url_for(endpoint, **values)})
