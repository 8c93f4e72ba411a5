"""Linked-data responses in the negotiated format, shared by pages and API."""

from collections.abc import Sequence

from flask import Response, request
from werkzeug.datastructures import MIMEAccept

from biobank.exchange.formats.linked_data.graph import LICENCE_URI, Description, Uris
from biobank.exchange.formats.linked_data.serializations import Serialization
from biobank.http.urls import absolute_url

#: Seconds for which a description may be cached, as API records are.
LINKED_DATA_CACHE_SECONDS = 60


def uris() -> Uris:
    """Return the permanent URIs of this bank."""
    return Uris(absolute_url(""))


def best_media_type(offered: Sequence[str]) -> str:
    """Return the media type of `offered` that `Accept` prefers; on a tie or no match, the first.

    A type that is named beats one that a wildcard allows: `text/turtle, */*;q=0.1` is Turtle.
    Parameters of a type (`;profile=…`, `;charset=…`) are ignored, because each format is offered
    once.
    """
    accepted = request.accept_mimetypes
    preferences = MIMEAccept([(type_.partition(";")[0].strip(), quality) for type_, quality in accepted])
    return max(offered, key=lambda type_: preferences[type_])


def linked_data_response(form: Serialization, description: Description) -> Response:
    """Return a description as a cacheable response with an ETag."""
    response = Response(form.serialize(description, uris()), mimetype=form.media_type)
    response.headers["Link"] = f'<{LICENCE_URI}>; rel="license"'
    response.cache_control.public = True
    response.cache_control.max_age = LINKED_DATA_CACHE_SECONDS
    response.add_etag()
    response.make_conditional(request)
    return response
