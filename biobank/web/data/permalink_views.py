"""Permanent URIs of resources, and their linked-data formats."""

from flask import Response
from werkzeug.wrappers import Response as AnyResponse

from biobank.exchange.formats.linked_data.dataset import (
    count_entities,
    describe_dataset,
    describe_void,
)
from biobank.exchange.formats.linked_data.serializations import SERIALIZATIONS
from biobank.http.extensions import services
from biobank.http.linked_data import uris
from biobank.records.vocabulary.models import term_key
from biobank.web.core.blueprint import blueprint
from biobank.web.data.page import current_manifest
from biobank.web.data.permalinks import (
    ORGANISATION_RESOURCE,
    PERSON_RESOURCE,
    PLACE_RESOURCE,
    SCHEME_RESOURCE,
    SOURCE_RESOURCE,
    TERM_RESOURCE,
    describe_resource,
    negotiated_description,
    redirect_to_representation,
)

FORMAT_RULE = f"<any({', '.join(SERIALIZATIONS)}):ending>"


@blueprint.get("/people/<id:person_id>")
def permanent(person_id: str) -> AnyResponse:
    """Redirect from the permanent URI of a person to the negotiated representation."""
    return redirect_to_representation(PERSON_RESOURCE, person_id)


@blueprint.get(f"/people/<id:person_id>.{FORMAT_RULE}")
def person_form(person_id: str, ending: str) -> AnyResponse:
    return describe_resource(PERSON_RESOURCE, person_id, SERIALIZATIONS[ending])


@blueprint.get("/organisations/<id:organisation_id>")
def permanent_organisation(organisation_id: str) -> AnyResponse:
    return redirect_to_representation(ORGANISATION_RESOURCE, organisation_id)


@blueprint.get(f"/organisations/<id:organisation_id>.{FORMAT_RULE}")
def organisation_form(organisation_id: str, ending: str) -> AnyResponse:
    return describe_resource(ORGANISATION_RESOURCE, organisation_id, SERIALIZATIONS[ending])


@blueprint.get("/places/<id:place_id>")
def permanent_place(place_id: str) -> AnyResponse:
    return redirect_to_representation(PLACE_RESOURCE, place_id)


@blueprint.get(f"/places/<id:place_id>.{FORMAT_RULE}")
def place_form(place_id: str, ending: str) -> AnyResponse:
    return describe_resource(PLACE_RESOURCE, place_id, SERIALIZATIONS[ending])


@blueprint.get("/sources/<id:source_id>")
def permanent_source(source_id: str) -> AnyResponse:
    return redirect_to_representation(SOURCE_RESOURCE, source_id)


@blueprint.get(f"/sources/<id:source_id>.{FORMAT_RULE}")
def source_form(source_id: str, ending: str) -> AnyResponse:
    return describe_resource(SOURCE_RESOURCE, source_id, SERIALIZATIONS[ending])


@blueprint.get("/terms/<id:vocabulary>")
def permanent_scheme(vocabulary: str) -> AnyResponse:
    return redirect_to_representation(SCHEME_RESOURCE, vocabulary)


@blueprint.get(f"/terms/<id:vocabulary>.{FORMAT_RULE}")
def scheme_form(vocabulary: str, ending: str) -> AnyResponse:
    return describe_resource(SCHEME_RESOURCE, vocabulary, SERIALIZATIONS[ending])


@blueprint.get("/terms/<id:vocabulary>/<id:term_id>")
def permanent_term(vocabulary: str, term_id: str) -> AnyResponse:
    return redirect_to_representation(TERM_RESOURCE, term_key(vocabulary, term_id))


@blueprint.get(f"/terms/<id:vocabulary>/<id:term_id>.{FORMAT_RULE}")
def term_form(vocabulary: str, term_id: str, ending: str) -> AnyResponse:
    return describe_resource(TERM_RESOURCE, term_key(vocabulary, term_id), SERIALIZATIONS[ending])


@blueprint.get("/.well-known/void")
def void() -> Response:
    """Return the VoID description of the bank as a data set."""
    bank_uris, manifest = uris(), current_manifest()
    with services.database.read() as session:
        counts = count_entities(session, services.catalogue().public)
    files = [file.name for file in manifest.files if file.statements] if manifest else ()
    triples = manifest.triple_count if manifest else None
    return negotiated_description(
        (*describe_dataset(counts, bank_uris, files, triples), *describe_void(bank_uris))
    )
