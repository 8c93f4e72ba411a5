"""Exports of search results: files, a printable list and a feed."""

from flask import Response, request
from werkzeug.wrappers import Response as AnyResponse

from biobank.exchange.exports.formats import EXPORT_FORMATS_BY_EXTENSION
from biobank.http.extensions import services
from biobank.http.streaming import TOTAL_HEADER, search_export_response
from biobank.search.request_args import parse_search_query
from biobank.web.core.blueprint import LANG_RULE, blueprint
from biobank.web.core.rendering import PageMetadata, render_page
from biobank.web.search.feed import feed_response, make_feed
from biobank.web.search.print_page import make_print_page

#: Quoted, because one of them contains a dot.
EXPORT_ENDINGS_RULE = ", ".join(f'"{ending}"' for ending in EXPORT_FORMATS_BY_EXTENSION)


@blueprint.get(f"/{LANG_RULE}/search.<any({EXPORT_ENDINGS_RULE}):ending>")
def search_file(lang: str, ending: str) -> Response:
    """Return all results as a file."""
    return search_export_response(
        services, parse_search_query(request.args, lang), EXPORT_FORMATS_BY_EXTENSION[ending]
    )


@blueprint.get(f"/{LANG_RULE}/search/list")
def search_list(lang: str) -> str:
    """Return all results as a printable list."""
    page = make_print_page(services, parse_search_query(request.args, lang))
    return render_page("search_list.html", PageMetadata(page.question, indexed=False), page=page)


@blueprint.get(f"/{LANG_RULE}/search.atom")
def search_feed(lang: str) -> AnyResponse:
    """Return the most recently changed results as a feed."""
    feed, total = make_feed(services, parse_search_query(request.args, lang))
    response = feed_response(feed)
    response.headers[TOTAL_HEADER] = str(total)
    return response
