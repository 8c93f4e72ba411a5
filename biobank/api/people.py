"""GET /people and GET /people/{id}: published records, in the shape that import reads."""

from typing import Any

from flask import Response

from biobank.api.blueprint import PageArgs, arguments, conditional, documented, page_of, people
from biobank.api.schemas import PeoplePageSchema
from biobank.errors import NotFound
from biobank.extensions import services
from biobank.records.people import queries
from biobank.records.people.schemas import PersonSchema


@people.get("/people")
@arguments(people, PageArgs)
@people.response(200, PeoplePageSchema)
@documented(people)
def list_people(page: int, size: int) -> Response:
    """All published records in the order of their ids, a page at a time."""
    with services.database.read() as session:
        records = queries.page(session, page, size)
        total = queries.count(session)
    return conditional(page_of(list(records.values()), total, page, size))


@people.get("/people/<id:person_id>")
@people.response(200, PersonSchema)
@people.alt_response(304, description="The reader's copy is the newest.")
@documented(people, 404)
def get_person(person_id: str) -> Response:
    """One published record; its ETag is the number of the public revision."""
    with services.database.read() as session:
        record: dict[str, Any] | None = queries.record(session, person_id)
        version = queries.versions(session, [person_id]).get(person_id)
    if record is None:
        raise NotFound(f"There is no published person {person_id[:120]!r}.")
    return conditional(record, version=str(version))
