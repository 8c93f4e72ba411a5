"""GET /people, /people/{id}: published records in import format; /people/{id}/similar."""

from hashlib import sha256
from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate

from biobank.api.blueprint import (
    PageArgs,
    conditional_json,
    document_errors,
    no_published_person,
    page_body,
    people,
    query_arguments,
)
from biobank.api.schemas import PeoplePageSchema, SimilarPeopleSchema
from biobank.common.i18n import LANGUAGES, best_text
from biobank.exchange.formats.linked_data import description_queries
from biobank.exchange.formats.linked_data.serializations import SERIALIZATIONS_BY_MEDIA_TYPE, Serialization
from biobank.http.extensions import services
from biobank.http.linked_data import best_media_type, linked_data_response, uris
from biobank.records.date_formatting import format_life_years
from biobank.records.people import queries
from biobank.records.people.browse_queries import load_cards
from biobank.records.people.schemas import PersonSchema
from biobank.search.similar_people import (
    DEFAULT_SIMILAR,
    MAX_SIMILAR,
    SimilarPersonSummary,
    describe_similar,
    find_similar,
    people_in_reasons,
)

JSON_MEDIA_TYPE = "application/json"
#: Linked-data formats of a record in the OpenAPI document; see docs/reference/linked-data.md.
LINKED_DATA_CONTENT = {
    form.media_type: {"schema": {"type": "string"}} for form in SERIALIZATIONS_BY_MEDIA_TYPE.values()
}


class SimilarArgs(Schema):
    """The language of labels and the number of similar people."""

    lang = fields.String(load_default=LANGUAGES[0], validate=validate.OneOf(LANGUAGES))
    size = fields.Integer(load_default=DEFAULT_SIMILAR, validate=validate.Range(1, MAX_SIMILAR))


@people.get("/people")
@query_arguments(people, PageArgs)
@people.response(200, PeoplePageSchema)
@document_errors(people)
def list_people(page: int, size: int) -> Response:
    """Return all published records in the order of their ids, a page at a time."""
    with services.database.read() as session:
        records = queries.list_records_page(session, page, size)
        total = queries.count(session)
    return conditional_json(page_body(list(records.values()), total, page, size))


@people.get("/people/<id:person_id>")
@people.doc(responses={200: {"content": LINKED_DATA_CONTENT}})
@people.response(200, PersonSchema)
@people.alt_response(304, description="Not changed: the client has the current version.")
@document_errors(people, 308, 404, 410)
def get_person(person_id: str) -> Response:
    """Return one published record, as JSON or in the linked-data format that `Accept` prefers.

    The ETag of JSON is the number of the public revision; other formats have their own. A merged
    person redirects to the survivor (308), a withdrawn one is gone (410).
    """
    form = SERIALIZATIONS_BY_MEDIA_TYPE.get(best_media_type((JSON_MEDIA_TYPE, *SERIALIZATIONS_BY_MEDIA_TYPE)))
    response = _linked_data_response(person_id, form) if form else _json_response(person_id)
    response.vary.add("Accept")
    return response


def _json_response(person_id: str) -> Response:
    with services.database.read() as session:
        record = queries.load_record(session, person_id)
        version = queries.published_revisions(session, [person_id]).get(person_id)
        hidden = queries.hidden_relations(session, [person_id]).get(person_id, set())
    if record is None:
        raise no_published_person(person_id)
    return conditional_json(record, version=f"{version}{_hidden_ties_suffix(hidden)}")


def _hidden_ties_suffix(hidden: set[str]) -> str:
    """Return a suffix of the ETag that identifies the hidden relations of a record.

    Cached copies become stale when a related person is withdrawn, though no revision was made.
    """
    if not hidden:
        return ""
    digest = sha256(" ".join(sorted(hidden)).encode()).digest()
    return ":" + "".join(chr(ord("a") + byte % 26) for byte in digest[:8])


def _linked_data_response(person_id: str, form: Serialization) -> Response:
    catalogue = services.catalogue().public
    with services.database.read() as session:
        description = description_queries.describe_person_by_id(session, person_id, catalogue, uris())
    if not description:
        raise no_published_person(person_id)
    return linked_data_response(form, description)


@people.get("/people/<id:person_id>/similar")
@query_arguments(people, SimilarArgs)
@people.response(200, SimilarPeopleSchema)
@document_errors(people, 308, 404, 410)
def get_similar(person_id: str, lang: str, size: int) -> Response:
    """Return unrelated people most similar to a person, each with the shared features."""
    catalogue = services.catalogue()
    with services.database.read() as session:
        record = queries.load_record(session, person_id)
        if record is None:
            raise no_published_person(person_id)
        matches = find_similar(session, record, catalogue, size)
        cards = load_cards(session, people_in_reasons(matches))
    items = [
        _similar_body(person, lang) for person in describe_similar(record, matches, cards, catalogue, lang)
    ]
    return conditional_json({"items": items})


def _similar_body(person: SimilarPersonSummary, lang: str) -> dict[str, Any]:
    card = person.person
    return {
        "id": card.id,
        "name": card.name(lang),
        "headline": best_text(card.headline, lang),
        "years": format_life_years(card.birth, card.death, lang, living=card.death is None),
        "reasons": [
            {"kind": reason.kind, "value": reason.value, "label": label} for reason, label in person.reasons
        ],
    }
