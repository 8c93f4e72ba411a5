"""The page of an answer."""

from flask import request

from biobank.extensions import services
from biobank.search.args import query_from
from biobank.web.blueprint import LANG, blueprint
from biobank.web.rendering import Head, render_page
from biobank.web.search_page import make_search_page
from biobank.web.takeaway import make_takeaway
from biobank.web.text import _


@blueprint.get(f"/{LANG}/search")
def search(lang: str) -> str:
    query = query_from(request.args, lang)
    page = make_search_page(services, query)
    takeaway = make_takeaway(query)
    title = _("%(question)s – search", question=query.text) if query.text else _("Search")
    # Answers are endless; search engines are led to the people themselves.
    head = Head(title, indexed=False)
    return render_page("search.html", head, page=page, takeaway=takeaway)
