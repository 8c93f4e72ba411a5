"""The OpenSearch description and suggestions for browsers."""

import json

from flask import Response, request

from biobank.extensions import services
from biobank.search.args import suggestion_from
from biobank.web.blueprint import LANG, blueprint
from biobank.web.links import absolute, person_url
from biobank.web.opensearch import MEDIA_TYPE, SUGGESTIONS_TYPE, description

#: Seconds for which the description may be cached: a day.
KEPT = 86_400


@blueprint.get(f"/{LANG}/opensearch.xml")
def opensearch(lang: str) -> Response:
    response = Response(description(lang), mimetype=MEDIA_TYPE)
    response.cache_control.public = True
    response.cache_control.max_age = KEPT
    return response


@blueprint.get(f"/{LANG}/suggestions.json")
def suggestions(lang: str) -> Response:
    """Return names that begin as typed, in the format of the OpenSearch Suggestions extension."""
    text, _lang, size = suggestion_from(request.args)
    found = services.search.suggest(text, lang, size)
    lines = [" · ".join(filter(None, (one.years, one.headline))) for one in found]
    addresses = [absolute(person_url(one.id, lang)) for one in found]
    body = [text, [one.name for one in found], lines, addresses]
    return Response(json.dumps(body, ensure_ascii=False), mimetype=SUGGESTIONS_TYPE)
