"""Linked-data responses in the negotiated format, shared by pages and API."""

from collections.abc import Sequence

from flask import Response, request
from werkzeug.datastructures import MIMEAccept

from biobank.addresses import absolute
from biobank.exchange.linked.forms import Form
from biobank.exchange.linked.graph import Description
from biobank.exchange.linked.uris import Uris
from biobank.exchange.linked.vocabularies import LICENCE

#: Seconds for which a description may be cached, as API records are.
KEPT = 60


def uris() -> Uris:
    """Return the permanent URIs of this bank."""
    return Uris(absolute(""))


def liked_best(offered: Sequence[str]) -> str:
    """Return the media type of `offered` that `Accept` prefers; on a tie or no match, the first.

    A type that is named beats one that a wildcard allows: `text/turtle, */*;q=0.1` is Turtle.
    Parameters of a type (`;profile=…`, `;charset=…`) are ignored, because each format is offered
    once.
    """
    named = request.accept_mimetypes
    liked = MIMEAccept([(type_.partition(";")[0].strip(), quality) for type_, quality in named])
    return max(offered, key=lambda type_: liked[type_])


def described(form: Form, description: Description) -> Response:
    """Return a description as a cacheable response with an ETag."""
    response = Response(form.of(description, uris()), mimetype=form.media_type)
    response.headers["Link"] = f'<{LICENCE}>; rel="license"'
    response.cache_control.public = True
    response.cache_control.max_age = KEPT
    response.add_etag()
    response.make_conditional(request)
    return response
