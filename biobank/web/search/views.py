"""The search results page."""

from dataclasses import replace

from flask import redirect, request
from werkzeug.wrappers import Response

from biobank.errors import BadQuery
from biobank.http.extensions import services
from biobank.search.request_args import parse_search_query
from biobank.web.core.blueprint import LANG_RULE, blueprint
from biobank.web.core.gettext import _
from biobank.web.core.rendering import PageMetadata, render_page
from biobank.web.core.urls import search_url
from biobank.web.search.birth_year_filter import years_filter
from biobank.web.search.export_menu import make_export_menu
from biobank.web.search.results_page import make_search_page

#: Range of years that the form of births accepts.
MIN_FORM_YEAR, MAX_FORM_YEAR = -9999, 9999


@blueprint.get(f"/{LANG_RULE}/search")
def search(lang: str) -> str | Response:
    query = parse_search_query(request.args, lang)
    if "born_from" in request.args or "born_to" in request.args:
        born = years_filter(_form_year("born_from"), _form_year("born_to"))
        return redirect(search_url(replace(query, born=born, page=1)))
    page = make_search_page(services, query)
    line = page.query.query_line
    title = _("%(question)s – search", question=line) if line else _("Search")
    export_menu = make_export_menu(page.query)
    # Search results are endless; search engines index the people themselves.
    return render_page(
        "search.html", PageMetadata(title, indexed=False), page=page, takeaway=export_menu
    )


def _form_year(name: str) -> int | None:
    """Return a year of the form, or None if it is empty."""
    text = request.args.get(name, "").strip()
    if not text:
        return None
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= len(str(MAX_FORM_YEAR))):
        raise BadQuery(f"{name} takes a year from {MIN_FORM_YEAR} to {MAX_FORM_YEAR}.")
    return int(text)
