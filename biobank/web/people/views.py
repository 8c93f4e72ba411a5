"""The pages of people, of their past revisions and of organisations, and people as EAC-CPF."""

from flask import Response, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response as AnyResponse

from biobank.common.i18n import LANGUAGES
from biobank.errors import NotFound
from biobank.exchange.formats.eac.writer import export_person
from biobank.http.extensions import services
from biobank.http.streaming import export_context
from biobank.web.core.blueprint import LANG_RULE, REVISION_NUMBER_RULE, blueprint
from biobank.web.core.gettext import _
from biobank.web.core.linked_data import with_link_headers
from biobank.web.core.rendering import PageMetadata, render_page
from biobank.web.core.social_meta import OG_PROFILE
from biobank.web.core.urls import organisation_url, person_url
from biobank.web.people.organisation_page import make_organisation_page
from biobank.web.people.pages import make_person_page, make_revision_page


@blueprint.get(f"/{LANG_RULE}/people/<person_id>")
def person(lang: str, person_id: str) -> Response:
    page = make_person_page(services, person_id, lang)
    title = f"{page.name.text} ({page.years})" if page.years else page.name.text
    head = PageMetadata(title, page.description, kind=OG_PROFILE, gender=page.gender, picture=page.picture)
    return with_link_headers(render_page("people/person.html", head, page=page), page.linked)


@blueprint.get(f"/{LANG_RULE}/organisations/<organisation_id>")
def organisation(lang: str, organisation_id: str) -> ResponseReturnValue:
    if (
        current_id := services.catalogue().resolve_redirect("organisation", organisation_id)
    ) != organisation_id:
        return redirect(organisation_url(current_id, lang), 301)
    page = make_organisation_page(services, organisation_id, lang)
    html = render_page("people/organisation.html", PageMetadata(page.name, page.description), page=page)
    return with_link_headers(html, page.linked)


EAC_MEDIA_TYPE = "application/xml"


@blueprint.get("/people/<person_id>.eac.xml")
def person_eac(person_id: str) -> AnyResponse:
    """Return the published record of a person, in all three languages."""
    context = export_context(services.catalogue(), LANGUAGES[0], services.database)
    text = export_person(services.database, person_id, context)
    if text is None:
        raise NotFound(f"There is no published person {person_id[:120]!r}.")
    response = Response(text, mimetype=EAC_MEDIA_TYPE)
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.add_etag()
    return response.make_conditional(request)


@blueprint.get(f"/{LANG_RULE}/people/<person_id>/revisions/{REVISION_NUMBER_RULE}")
def revision(lang: str, person_id: str, number: int) -> str:
    page = make_revision_page(services, person_id, number, lang)
    title = _("%(name)s: version %(number)s", name=page.person.name.text, number=number)
    head = PageMetadata(title, indexed=False, canonical=person_url(person_id, lang))
    return render_page("revisions/revision.html", head, page=page.person, revision=page)
