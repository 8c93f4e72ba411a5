"""The pages of people and organisations."""

from flask import Response, redirect
from flask.typing import ResponseReturnValue

from biobank.extensions import services
from biobank.web.blueprint import LANG, blueprint
from biobank.web.linked import with_links
from biobank.web.links import organisation_url
from biobank.web.organisation_page import make_organisation_page
from biobank.web.person_page import make_person_page
from biobank.web.rendering import Head, render_page
from biobank.web.sharing.social import PROFILE


@blueprint.get(f"/{LANG}/people/<person_id>")
def person(lang: str, person_id: str) -> Response:
    page = make_person_page(services, person_id, lang)
    title = f"{page.name.text} ({page.years})" if page.years else page.name.text
    head = Head(title, page.description, kind=PROFILE, gender=page.gender, picture=page.picture)
    return with_links(render_page("person.html", head, page=page), page.linked)


@blueprint.get(f"/{LANG}/organisations/<organisation_id>")
def organisation(lang: str, organisation_id: str) -> ResponseReturnValue:
    if (new := services.catalogue().where_now("organisation", organisation_id)) != organisation_id:
        return redirect(organisation_url(new, lang), 301)
    page = make_organisation_page(services, organisation_id, lang)
    html = render_page("organisation.html", Head(page.name, page.description), page=page)
    return with_links(html, page.linked)
