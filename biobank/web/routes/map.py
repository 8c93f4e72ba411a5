"""The map of search results."""

from dataclasses import replace

from flask import request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict
from werkzeug.utils import redirect

from biobank.extensions import services
from biobank.search.args import query_from
from biobank.web.blueprint import LANG, blueprint
from biobank.web.map.areas import asked_area
from biobank.web.map.narrowing import map_url
from biobank.web.map.page import make_map_page
from biobank.web.rendering import Head, render_page
from biobank.web.text import _


@blueprint.get(f"/{LANG}/search/map")
def search_map(lang: str) -> ResponseReturnValue:
    """Show where the people of all results lived; an invalid area is reported beside the map."""
    asked = asked_area(request.args)
    given = request.args.items(multi=True)
    others = MultiDict((name, value) for name, value in given if name != "bbox")
    query = replace(query_from(others, lang), area=asked.area)
    if asked.typed and not asked.problem:
        return redirect(map_url(query))
    page = make_map_page(services, query, asked)
    title = _("%(question)s – on the map", question=page.question)
    html = render_page("search_map.html", Head(title, indexed=False), page=page)
    return html, 400 if asked.problem else 200
