"""Instead of a person who is not there: the way to whom they were merged into, or a tombstone."""

from typing import Any

from flask import Response, redirect, request, url_for

from biobank.api.problems import problem
from biobank.editorial.absence import absence
from biobank.extensions import services
from biobank.security import API_PREFIX
from biobank.web import tombstone_page

#: Where public people are told of, and where the same is told of whoever they were merged into.
#: Revisions of one person are not those of another: their addresses lead to the person.
LEADS_TO = {
    "web.person": "web.person",
    "web.history": "web.history",
    "web.revision": "web.person",
    "web.changes": "web.person",
    "web.player": "web.person",
    "web.person_form": "web.person_form",
    "web.suggest": "web.suggest",
    "web.objection": "web.objection",
    "people.get_person": "people.get_person",
    "people.get_similar": "people.get_similar",
    "people.list_revisions": "people.list_revisions",
    "people.get_revision": "people.get_person",
    "people.get_changes": "people.get_person",
}
#: Parts of an address that are the same for whoever they were merged into.
KEPT = ("lang", "ending")


def instead_of_absent() -> Response | None:
    """The answer where a public person is not found; none where there never was one."""
    if request.endpoint not in LEADS_TO:
        return None
    values = request.view_args or {}
    with services.database.read() as session:
        found = absence(session, values["person_id"])
    if found is None:
        return None
    is_api = request.path.startswith(API_PREFIX)
    if found.new_id:
        kept = {name: values[name] for name in KEPT if name in values}
        return _moved(LEADS_TO[request.endpoint], found.new_id, kept, is_api=is_api)
    if found.at is None:
        return None
    if not is_api:
        return tombstone_page(found.at)
    day = f"{found.at:%Y-%m-%d}"
    return problem(410, "gone", f"This person was withdrawn on {day}.", withdrawn=day)


def _moved(endpoint: str, new_id: str, kept: dict[str, Any], *, is_api: bool) -> Response:
    """For ever; pages by 301, which every crawler knows, the API by 308, which keeps the method."""
    address = url_for(endpoint, person_id=new_id, **kept)
    query = request.query_string.decode("ascii", "replace")
    response = redirect(f"{address}?{query}" if query else address, 308 if is_api else 301)
    assert isinstance(response, Response)
    # A merge can be undone: browsers ask again, who would else be led astray for good.
    response.headers["Cache-Control"] = "no-cache"
    return response
