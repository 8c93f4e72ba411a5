"""The search results page."""

from dataclasses import replace

from flask import redirect, request
from werkzeug.wrappers import Response

from biobank.errors import BadQuery
from biobank.extensions import services
from biobank.search.args import query_from
from biobank.web.birth_years import years_filter
from biobank.web.blueprint import LANG, blueprint
from biobank.web.links import search_url
from biobank.web.rendering import Head, render_page
from biobank.web.search_page import make_search_page
from biobank.web.takeaway import make_takeaway
from biobank.web.text import _

#: Range of years that the form of births accepts.
YEAR_LEAST, YEAR_MOST = -9999, 9999


@blueprint.get(f"/{LANG}/search")
def search(lang: str) -> str | Response:
    query = query_from(request.args, lang)
    if "born_from" in request.args or "born_to" in request.args:
        born = years_filter(_year("born_from"), _year("born_to"))
        return redirect(search_url(replace(query, born=born, page=1)))
    page = make_search_page(services, query)
    line = page.query.line
    title = _("%(question)s – search", question=line) if line else _("Search")
    takeaway = make_takeaway(page.query)
    # Search results are endless; search engines index the people themselves.
    return render_page("search.html", Head(title, indexed=False), page=page, takeaway=takeaway)


def _year(name: str) -> int | None:
    """Return a year of the form, or None if it is empty."""
    text = request.args.get(name, "").strip()
    if not text:
        return None
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= len(str(YEAR_MOST))):
        raise BadQuery(f"{name} takes a year from {YEAR_LEAST} to {YEAR_MOST}.")
    return int(text)
