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
    page = make_search_page(services, query_from(request.args, lang))
    line = page.query.line
    title = _("%(question)s – search", question=line) if line else _("Search")
    takeaway = make_takeaway(page.query)
    # Answers are endless; search engines are led to the people themselves.
    return render_page("search.html", Head(title, indexed=False), page=page, takeaway=takeaway)
