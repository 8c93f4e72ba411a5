"""The home page and the page about the bank."""

from flask import redirect, url_for
from werkzeug.wrappers import Response

from biobank.http.extensions import services
from biobank.web.browse.home_page import make_home_page
from biobank.web.core.blueprint import LANG_RULE, blueprint
from biobank.web.core.gettext import _
from biobank.web.core.negotiation import language_of_request
from biobank.web.core.rendering import PageMetadata, about_bank, render_page


@blueprint.get("/")
def front() -> Response:
    """Redirect to the home page in the negotiated language."""
    response = redirect(url_for("web.home", lang=language_of_request()), 302)
    response.vary.add("Accept-Language")
    return response


@blueprint.get(f"/{LANG_RULE}/")
def home(lang: str) -> str:
    page = make_home_page(services, lang)
    head = PageMetadata(_("Azerbaijani Biography Bank"), about_bank())
    return render_page("home.html", head, page=page)


@blueprint.get(f"/{LANG_RULE}/about")
def about(lang: str) -> str:
    head = PageMetadata(
        _("About the Biography Bank"),
        _("What the bank contains, how to search it and how to reuse its data."),
    )
    return render_page("about.html", head, total=services.people_count())
