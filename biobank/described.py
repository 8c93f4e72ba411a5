"""Things as linked data, in the form that is asked for; pages and API send the same."""

from collections.abc import Sequence

from flask import Response, request
from werkzeug.datastructures import MIMEAccept

from biobank.addresses import absolute
from biobank.exchange.linked.forms import Form
from biobank.exchange.linked.graph import Description
from biobank.exchange.linked.uris import Uris
from biobank.exchange.linked.vocabularies import LICENCE

#: Seconds that a description may be kept, as records of the API may.
KEPT = 60


def uris() -> Uris:
    """The permanent addresses of this bank."""
    return Uris(absolute(""))


def liked_best(offered: Sequence[str]) -> str:
    """The media type of `offered` that `Accept` likes best; of those alike, and of none, the first.

    What is named counts before what a wildcard allows: `text/turtle, */*;q=0.1` is Turtle.
    Parameters of a type (`;profile=…`, `;charset=…`) are passed over: each form is there once.
    """
    named = request.accept_mimetypes
    liked = MIMEAccept([(type_.partition(";")[0].strip(), quality) for type_, quality in named])
    return max(offered, key=lambda type_: liked[type_])


def described(form: Form, description: Description) -> Response:
    """A description as an answer that may be kept a while, with an ETag of its own form."""
    response = Response(form.of(description, uris()), mimetype=form.media_type)
    response.headers["Link"] = f'<{LICENCE}>; rel="license"'
    response.cache_control.public = True
    response.cache_control.max_age = KEPT
    response.add_etag()
    response.make_conditional(request)
    return response
