"""Permanent URIs of resources, and their linked-data formats."""

from flask import Response
from werkzeug.wrappers import Response as AnyResponse

from biobank.described import uris
from biobank.exchange.linked.bank import count, describe_bank, describe_void
from biobank.exchange.linked.forms import FORMS
from biobank.extensions import services
from biobank.records.vocabulary.models import term_key
from biobank.web.blueprint import blueprint
from biobank.web.data_page import dumps_now
from biobank.web.permanent import (
    ORGANISATION,
    PERSON,
    PLACE,
    SCHEME,
    SOURCE,
    TERM,
    as_liked,
    describe,
    lead,
)

FORM = f"<any({', '.join(FORMS)}):ending>"


@blueprint.get("/people/<id:person_id>")
def permanent(person_id: str) -> AnyResponse:
    """Redirect from the permanent URI of a person to the negotiated representation."""
    return lead(PERSON, person_id)


@blueprint.get(f"/people/<id:person_id>.{FORM}")
def person_form(person_id: str, ending: str) -> AnyResponse:
    return describe(PERSON, person_id, FORMS[ending])


@blueprint.get("/organisations/<id:organisation_id>")
def permanent_organisation(organisation_id: str) -> AnyResponse:
    return lead(ORGANISATION, organisation_id)


@blueprint.get(f"/organisations/<id:organisation_id>.{FORM}")
def organisation_form(organisation_id: str, ending: str) -> AnyResponse:
    return describe(ORGANISATION, organisation_id, FORMS[ending])


@blueprint.get("/places/<id:place_id>")
def permanent_place(place_id: str) -> AnyResponse:
    return lead(PLACE, place_id)


@blueprint.get(f"/places/<id:place_id>.{FORM}")
def place_form(place_id: str, ending: str) -> AnyResponse:
    return describe(PLACE, place_id, FORMS[ending])


@blueprint.get("/sources/<id:source_id>")
def permanent_source(source_id: str) -> AnyResponse:
    return lead(SOURCE, source_id)


@blueprint.get(f"/sources/<id:source_id>.{FORM}")
def source_form(source_id: str, ending: str) -> AnyResponse:
    return describe(SOURCE, source_id, FORMS[ending])


@blueprint.get("/terms/<id:vocabulary>")
def permanent_scheme(vocabulary: str) -> AnyResponse:
    return lead(SCHEME, vocabulary)


@blueprint.get(f"/terms/<id:vocabulary>.{FORM}")
def scheme_form(vocabulary: str, ending: str) -> AnyResponse:
    return describe(SCHEME, vocabulary, FORMS[ending])


@blueprint.get("/terms/<id:vocabulary>/<id:term_id>")
def permanent_term(vocabulary: str, term_id: str) -> AnyResponse:
    return lead(TERM, term_key(vocabulary, term_id))


@blueprint.get(f"/terms/<id:vocabulary>/<id:term_id>.{FORM}")
def term_form(vocabulary: str, term_id: str, ending: str) -> AnyResponse:
    return describe(TERM, term_key(vocabulary, term_id), FORMS[ending])


@blueprint.get("/.well-known/void")
def void() -> Response:
    """Return the VoID description of the bank as a data set."""
    its, manifest = uris(), dumps_now()
    with services.database.read() as session:
        counts = count(session, services.catalogue().public)
    files = [file.name for file in manifest.files if file.statements] if manifest else ()
    triples = manifest.triples if manifest else None
    return as_liked((*describe_bank(counts, its, files, triples), *describe_void(its)))
