"""The page of the advanced search."""

from flask import make_response, redirect, request
from flask.typing import ResponseReturnValue

from biobank.extensions import services
from biobank.search.args import query_from
from biobank.web.advanced.fields import SENT
from biobank.web.advanced.form import Form, form_of, typed_form
from biobank.web.advanced.mistakes import Mistake
from biobank.web.advanced.page import make_advanced_page
from biobank.web.advanced.query import query_of
from biobank.web.blueprint import LANG, blueprint
from biobank.web.links import search_url
from biobank.web.rendering import Head, render_page
from biobank.web.text import _


@blueprint.get(f"/{LANG}/search/advanced")
def search_advanced(lang: str) -> ResponseReturnValue:
    """Show the form, empty or filled from a search URL; a submitted form redirects to the results.
    """
    if SENT not in request.args:
        query = services.search.understand(query_from(request.args, lang))
        return _page(form_of(query, services.values))
    form = typed_form(request.args, lang)
    query, mistakes = query_of(form, services.values)
    if mistakes:
        return make_response(_page(form, mistakes), 422)
    return redirect(search_url(query), 303)


def _page(form: Form, mistakes: tuple[Mistake, ...] = ()) -> str:
    head = Head(
        _("Advanced search"), _("Search by words, dates, places and lives, field by field.")
    )
    page = make_advanced_page(services, form, mistakes)
    return render_page("search_advanced.html", head, page=page)
