"""The page of all values of a facet."""

from flask import request

from biobank.errors import BadQuery
from biobank.extensions import services
from biobank.search.args import query_from
from biobank.search.query import FACETS
from biobank.web.blueprint import LANG, blueprint
from biobank.web.rendering import Head, render_page
from biobank.web.values_page import ORDERS, make_values_page

#: Maximum number of characters of the filter field.
FIND_MOST = 100


@blueprint.get(f"/{LANG}/search/values/<any({', '.join(FACETS)}):facet>")
def search_values(lang: str, facet: str) -> str:
    query = query_from(request.args, lang)
    order = request.args.get("by", ORDERS[0])
    if order not in ORDERS:
        raise BadQuery(f"by takes one of {', '.join(ORDERS)}.")
    find = request.args.get("find", "").strip()[:FIND_MOST]
    page = make_values_page(services, query, facet, find, order)
    head = Head(f"{page.title} – {page.question}", indexed=False)
    return render_page("search_values.html", head, page=page, find_most=FIND_MOST)
