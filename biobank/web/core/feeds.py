"""Responses of Atom feeds."""

from flask import Response, request
from werkzeug.wrappers import Response as AnyResponse

from biobank.exchange.formats.atom import ATOM_MEDIA_TYPE, Feed, serialize

#: Seconds for which a feed may be cached; feed readers poll hourly.
FEED_CACHE_SECONDS = 300


def feed_response(feed: Feed) -> AnyResponse:
    """Return the feed as a conditional response."""
    response = Response(serialize(feed), mimetype=ATOM_MEDIA_TYPE)
    response.cache_control.public = True
    response.cache_control.max_age = FEED_CACHE_SECONDS
    # The feed is for programs; search engines index the pages.
    response.headers["X-Robots-Tag"] = "noindex"
    response.add_etag()
    return response.make_conditional(request)
