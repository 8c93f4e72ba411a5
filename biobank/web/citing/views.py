"""Views of the citation page of a person and of files for reference managers."""

from flask import Response, g, request

from biobank.common.i18n import LANGUAGES, is_language
from biobank.errors import BadQuery
from biobank.exchange.formats.citations.styles import CITATION_FORMATS_BY_EXTENSION
from biobank.http.extensions import services
from biobank.web.citing.pages import FILE_SUBJECTS, make_cite_file, make_cite_page
from biobank.web.core.blueprint import LANG_RULE, blueprint
from biobank.web.core.gettext import _
from biobank.web.core.pagination import revision_number
from biobank.web.core.rendering import PageMetadata, render_page

EXTENSION_CHOICES = ", ".join(f'"{ending}"' for ending in CITATION_FORMATS_BY_EXTENSION)


@blueprint.get(f"/{LANG_RULE}/people/<person_id>/cite")
def cite(lang: str, person_id: str) -> str:
    """Show all citations of a biography, and its sources as a bibliography."""
    number = revision_number(request.args, "revision")
    page = make_cite_page(services, person_id, number, request.args.get("style", ""), lang)
    title = _("%(name)s: how to cite", name=page.name.text)
    return render_page("citing/cite.html", PageMetadata(title, indexed=False), page=page)


@blueprint.get(f"/people/<person_id>/cite.<any({EXTENSION_CHOICES}):ending>")
def cite_file(person_id: str, ending: str) -> Response:
    """Serve the citation of a biography or of its sources as a file, in `lang`."""
    lang = _requested_language()
    number, subject = (revision_number(request.args, "revision"), request.args.get("of", FILE_SUBJECTS[0]))
    text, file = make_cite_file(services, person_id, number, subject, lang, ending)
    response = Response(text, content_type=file.media_type)
    filename = f"{person_id}{'-sources' if subject == 'sources' else ''}.{ending}"
    response.headers.set("Content-Disposition", "attachment", filename=filename)
    response.headers["X-Robots-Tag"] = "noindex"
    response.vary.add("Accept-Language")
    return response


def _requested_language() -> str:
    lang = request.args.get("lang") or g.lang
    if not is_language(lang):
        raise BadQuery(f"lang takes one of {', '.join(LANGUAGES)}.")
    return str(lang)
