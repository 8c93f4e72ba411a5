"""The map of search results."""

from dataclasses import replace

from flask import request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict
from werkzeug.utils import redirect

from biobank.http.extensions import services
from biobank.search.request_args import parse_search_query
from biobank.web.core.blueprint import LANG_RULE, blueprint
from biobank.web.core.gettext import _
from biobank.web.core.rendering import PageMetadata, render_page
from biobank.web.core.urls import map_url
from biobank.web.map.forms import area_from_args
from biobank.web.map.pages import make_map_page


@blueprint.get(f"/{LANG_RULE}/search/map")
def search_map(lang: str) -> ResponseReturnValue:
    """Show where the people of all results lived; an invalid area is reported beside the map."""
    requested = area_from_args(request.args)
    items = request.args.items(multi=True)
    other_args = MultiDict((name, value) for name, value in items if name != "bbox")
    query = replace(parse_search_query(other_args, lang), area=requested.area)
    if requested.typed and not requested.problem:
        return redirect(map_url(query))
    page = make_map_page(services, query, requested)
    title = _("%(question)s – map", question=page.question)
    html = render_page("map/map.html", PageMetadata(title, indexed=False), page=page)
    return html, 400 if requested.problem else 200
