"""The page of the advanced search."""

from flask import make_response, redirect, request
from flask.typing import ResponseReturnValue

from biobank.http.extensions import services
from biobank.search.request_args import parse_search_query
from biobank.web.core.blueprint import LANG_RULE, blueprint
from biobank.web.core.gettext import _
from biobank.web.core.rendering import PageMetadata, render_page
from biobank.web.core.urls import search_url
from biobank.web.search.advanced.forms import (
    SUBMITTED_ARG,
    AdvancedFieldError,
    AdvancedForm,
    form_from_args,
    form_from_query,
)
from biobank.web.search.advanced.pages import make_advanced_page
from biobank.web.search.advanced.query import query_from_form, with_literal_words


@blueprint.get(f"/{LANG_RULE}/search/advanced")
def search_advanced(lang: str) -> ResponseReturnValue:
    """Show the form, empty or filled from a search URL; a submitted form redirects to the results."""
    if SUBMITTED_ARG not in request.args:
        query = services.search.normalize(parse_search_query(request.args, lang))
        return _render_form(form_from_query(query, services.facet_values))
    form = form_from_args(request.args, lang)
    query, errors = query_from_form(form, services.facet_values)
    if errors:
        return make_response(_render_form(form, errors), 422)
    return redirect(search_url(with_literal_words(query, services.search)), 303)


def _render_form(form: AdvancedForm, errors: tuple[AdvancedFieldError, ...] = ()) -> str:
    head = PageMetadata(
        _("Advanced search"), _("Search biographies by words, dates, places and other fields.")
    )
    page = make_advanced_page(services, form, errors)
    return render_page("search/advanced.html", head, page=page)
