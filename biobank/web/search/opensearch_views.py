"""The OpenSearch description and suggestions for browsers."""

import json

from flask import Response, request

from biobank.http.extensions import services
from biobank.search.request_args import parse_suggestion_query
from biobank.web.core.blueprint import LANG_RULE, blueprint
from biobank.web.core.urls import absolute_url, person_url
from biobank.web.search.opensearch import (
    OPENSEARCH_MEDIA_TYPE,
    SUGGESTIONS_TYPE,
    opensearch_description,
)

#: Seconds for which the description may be cached: a day.
OPENSEARCH_CACHE_SECONDS = 86_400


@blueprint.get(f"/{LANG_RULE}/opensearch.xml")
def opensearch(lang: str) -> Response:
    response = Response(opensearch_description(lang), mimetype=OPENSEARCH_MEDIA_TYPE)
    response.cache_control.public = True
    response.cache_control.max_age = OPENSEARCH_CACHE_SECONDS
    return response


@blueprint.get(f"/{LANG_RULE}/suggestions.json")
def suggestions(lang: str) -> Response:
    """Return names that begin as typed, in the format of the OpenSearch Suggestions extension."""
    text, _lang, size = parse_suggestion_query(request.args)
    results = services.search.suggest(text, lang, size)
    descriptions = [
        " · ".join(filter(None, (suggestion.years, suggestion.headline))) for suggestion in results
    ]
    urls = [absolute_url(person_url(suggestion.id, lang)) for suggestion in results]
    body = [text, [suggestion.name for suggestion in results], descriptions, urls]
    return Response(json.dumps(body, ensure_ascii=False), mimetype=SUGGESTIONS_TYPE)
