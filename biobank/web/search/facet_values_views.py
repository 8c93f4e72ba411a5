"""The page of all values of a facet."""

from flask import request

from biobank.errors import BadQuery
from biobank.http.extensions import services
from biobank.search.query import FACETS
from biobank.search.request_args import parse_search_query
from biobank.web.core.blueprint import LANG_RULE, blueprint
from biobank.web.core.rendering import PageMetadata, render_page
from biobank.web.search.facet_values_page import VALUE_ORDERS, make_facet_values_page

#: Maximum number of characters of the filter field.
MAX_FIND_CHARS = 100


@blueprint.get(f"/{LANG_RULE}/search/values/<any({', '.join(FACETS)}):facet>")
def search_values(lang: str, facet: str) -> str:
    query = parse_search_query(request.args, lang)
    order = request.args.get("by", VALUE_ORDERS[0])
    if order not in VALUE_ORDERS:
        raise BadQuery(f"by takes one of {', '.join(VALUE_ORDERS)}.")
    find = request.args.get("find", "").strip()[:MAX_FIND_CHARS]
    page = make_facet_values_page(services, query, facet, find, order)
    head = PageMetadata(f"{page.title} – {page.question}", indexed=False)
    return render_page("search_values.html", head, page=page, find_most=MAX_FIND_CHARS)
