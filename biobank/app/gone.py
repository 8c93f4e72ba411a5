"""Responses for removed people: a redirect to the merged record, or a tombstone."""

from typing import Any
from urllib.parse import urlencode

from flask import Response, current_app, redirect, request, url_for

from biobank.api.problems import problem_response
from biobank.editorial.revisions.publication import find_tombstone
from biobank.http.extensions import services
from biobank.http.security_headers import API_PREFIX
from biobank.web import tombstone_page

#: Endpoints of public people, with the endpoint of the surviving person to redirect to. Revisions
#: of one person are not those of another, so their URLs redirect to the person.
REDIRECT_ENDPOINTS = {
    "web.person": "web.person",
    "web.history": "web.history",
    "web.revision": "web.person",
    "web.changes": "web.person",
    "web.player": "web.person",
    "web.person_form": "web.person_form",
    "web.person_eac": "web.person_eac",
    "web.embed_person": "web.embed_person",
    "web.person_card": "web.person_card",
    "web.cite": "web.cite",
    "web.cite_file": "web.cite_file",
    "web.suggest": "web.suggest",
    "web.objection": "web.objection",
    "people.get_person": "people.get_person",
    "people.get_card": "people.get_card",
    "people.get_similar": "people.get_similar",
    "people.get_citation": "people.get_citation",
    "people.list_revisions": "people.list_revisions",
    "people.get_revision": "people.get_person",
    "people.get_changes": "people.get_person",
}
#: The query argument that names a revision. It is dropped, because revision numbers differ by
#: person.
REVISION_ARGUMENT = "revision"


def redirect_or_tombstone() -> Response | None:
    """Return a redirect or a tombstone for a removed person, or None where there never was one."""
    if request.endpoint not in REDIRECT_ENDPOINTS:
        return None
    values = request.view_args or {}
    with services.database.read() as session:
        removal = find_tombstone(session, values["person_id"])
    if removal is None:
        return None
    is_api = request.path.startswith(API_PREFIX)
    if removal.new_id:
        new_values = {**values, "person_id": removal.new_id}
        return _permanent_redirect(REDIRECT_ENDPOINTS[request.endpoint], new_values, is_api=is_api)
    if removal.at is None:
        return None
    if not is_api:
        return tombstone_page(removal.at)
    day = f"{removal.at:%Y-%m-%d}"
    return problem_response(410, "gone", f"This person was withdrawn on {day}.", withdrawn=day)


def _permanent_redirect(endpoint: str, values: dict[str, Any], *, is_api: bool) -> Response:
    """Return a permanent redirect: 301 for pages, 308 for the API because it keeps the method."""
    location = url_for(endpoint, **_path_args(endpoint, values))
    parameters = (
        (name, value) for name, value in request.args.items(multi=True) if name != REVISION_ARGUMENT
    )
    query = urlencode(list(parameters))
    response = redirect(f"{location}?{query}" if query else location, 308 if is_api else 301)
    assert isinstance(response, Response)
    # A merge can be undone, so browsers must revalidate the redirect.
    response.headers["Cache-Control"] = "no-cache"
    return response


def _path_args(endpoint: str, values: dict[str, Any]) -> dict[str, Any]:
    """Return the values that belong to the path of the endpoint; others would become arguments."""
    rule = next(current_app.url_map.iter_rules(endpoint))
    return {name: value for name, value in values.items() if name in rule.arguments}
