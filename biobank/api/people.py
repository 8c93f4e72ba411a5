"""GET /people, /people/{id}: published records in import format; /people/{id}/similar."""

from hashlib import sha256
from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate

from biobank.api.blueprint import PageArgs, arguments, conditional, documented, page_of, people
from biobank.api.schemas import PeoplePageSchema, SimilarPeopleSchema
from biobank.described import described, liked_best, uris
from biobank.errors import NotFound
from biobank.exchange.linked import reading
from biobank.exchange.linked.forms import BY_TYPE, Form
from biobank.extensions import services
from biobank.i18n import LANGUAGES, best
from biobank.records.date_words import years_in_words
from biobank.records.people import queries
from biobank.records.people.schemas import PersonSchema
from biobank.search.reasons import Told, told
from biobank.search.similar import SIZE_DEFAULT, SIZE_MOST, similar_people

JSON = "application/json"
#: Linked-data formats of a record in the OpenAPI document; see docs/linked-data.md.
LINKED = {form.media_type: {"schema": {"type": "string"}} for form in BY_TYPE.values()}


class SimilarArgs(Schema):
    """The language of labels and the number of similar people."""

    lang = fields.String(load_default=LANGUAGES[0], validate=validate.OneOf(LANGUAGES))
    size = fields.Integer(load_default=SIZE_DEFAULT, validate=validate.Range(1, SIZE_MOST))


@people.get("/people")
@arguments(people, PageArgs)
@people.response(200, PeoplePageSchema)
@documented(people)
def list_people(page: int, size: int) -> Response:
    """Return all published records in the order of their ids, a page at a time."""
    with services.database.read() as session:
        records = queries.page(session, page, size)
        total = queries.count(session)
    return conditional(page_of(list(records.values()), total, page, size))


@people.get("/people/<id:person_id>")
@people.doc(responses={200: {"content": LINKED}})
@people.response(200, PersonSchema)
@people.alt_response(304, description="The reader's copy is the newest.")
@documented(people, 308, 404, 410)
def get_person(person_id: str) -> Response:
    """Return one published record, as JSON or in the linked-data format that `Accept` prefers.

    The ETag of JSON is the number of the public revision; other formats have their own. A merged
    person redirects to the survivor (308), a withdrawn one is gone (410).
    """
    form = BY_TYPE.get(liked_best((JSON, *BY_TYPE)))
    response = _as_linked(person_id, form) if form else _as_json(person_id)
    response.vary.add("Accept")
    return response


def _as_json(person_id: str) -> Response:
    with services.database.read() as session:
        record: dict[str, Any] | None = queries.record(session, person_id)
        version = queries.versions(session, [person_id]).get(person_id)
        hidden = queries.hidden_ties(session, [person_id]).get(person_id, set())
    if record is None:
        raise _no_such(person_id)
    return conditional(record, version=f"{version}{_mark(hidden)}")


def _mark(hidden: set[str]) -> str:
    """Return a suffix of the ETag that identifies the hidden relations of a record.

    Cached copies become stale when a related person is withdrawn, though no revision was made.
    """
    if not hidden:
        return ""
    digest = sha256(" ".join(sorted(hidden)).encode()).digest()
    return ":" + "".join(chr(ord("a") + byte % 26) for byte in digest[:8])


def _as_linked(person_id: str, form: Form) -> Response:
    catalogue = services.catalogue().public
    with services.database.read() as session:
        description = reading.person(session, person_id, catalogue, uris())
    if not description:
        raise _no_such(person_id)
    return described(form, description)


@people.get("/people/<id:person_id>/similar")
@arguments(people, SimilarArgs)
@people.response(200, SimilarPeopleSchema)
@documented(people, 308, 404, 410)
def get_similar(person_id: str, lang: str, size: int) -> Response:
    """Return unrelated people most similar to a person, each with the shared features."""
    catalogue = services.catalogue()
    with services.database.read() as session:
        record = queries.record(session, person_id)
        if record is None:
            raise _no_such(person_id)
        found = similar_people(session, record, size)
        items = [_similar(it, lang) for it in told(session, record, found, catalogue, lang)]
    return conditional({"items": items})


def _similar(it: Told, lang: str) -> dict[str, Any]:
    card = it.card
    return {
        "id": card.id,
        "name": card.name(lang),
        "headline": best(card.headline, lang),
        "years": years_in_words(card.birth, card.death, lang, living=card.death is None),
        "reasons": [
            {"kind": reason.kind, "value": reason.value, "label": label}
            for reason, label in it.reasons
        ],
    }


def _no_such(person_id: str) -> NotFound:
    return NotFound(f"There is no published person {person_id[:120]!r}.")
