"""Views of the citation page of a person and of files for reference managers."""

from flask import Response, g, request

from biobank.errors import BadQuery
from biobank.exchange.citing.styles import BY_ENDING
from biobank.extensions import services
from biobank.i18n import LANGUAGES, is_language
from biobank.web.blueprint import LANG, blueprint
from biobank.web.citing.page import OF, make_cite_file, make_cite_page
from biobank.web.paging import revision_number
from biobank.web.rendering import Head, render_page
from biobank.web.text import _

ENDING = ", ".join(f'"{ending}"' for ending in BY_ENDING)


@blueprint.get(f"/{LANG}/people/<person_id>/cite")
def cite(lang: str, person_id: str) -> str:
    """Show all citations of a biography, and its sources as a bibliography."""
    number = revision_number(request.args, "revision")
    page = make_cite_page(services, person_id, number, request.args.get("style", ""), lang)
    title = _("%(name)s: how to cite", name=page.name.text)
    return render_page("cite.html", Head(title, indexed=False), page=page)


@blueprint.get(f"/people/<person_id>/cite.<any({ENDING}):ending>")
def cite_file(person_id: str, ending: str) -> Response:
    """Serve the citation of a biography or of its sources as a file, in `lang`."""
    lang = _lang()
    number, of = revision_number(request.args, "revision"), request.args.get("of", OF[0])
    text, file = make_cite_file(services, person_id, number, of, lang, ending)
    response = Response(text, content_type=file.media_type)
    name = f"{person_id}{'-sources' if of == 'sources' else ''}.{ending}"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.headers["X-Robots-Tag"] = "noindex"
    response.vary.add("Accept-Language")
    return response


def _lang() -> str:
    lang = request.args.get("lang") or g.lang
    if not is_language(lang):
        raise BadQuery(f"lang takes one of {', '.join(LANGUAGES)}.")
    return str(lang)
