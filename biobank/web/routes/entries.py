"""The pages of people and organisations."""

from flask import redirect
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from biobank.extensions import services
from biobank.web.blueprint import LANG, blueprint
from biobank.web.links import organisation_url, person_url
from biobank.web.negotiation import language_of_request, wants_json
from biobank.web.organisation_page import make_organisation_page
from biobank.web.person_page import json_url, make_person_page
from biobank.web.rendering import Head, render_page
from biobank.web.sharing.social import PROFILE


@blueprint.get(f"/{LANG}/people/<person_id>")
def person(lang: str, person_id: str) -> str:
    page = make_person_page(services, person_id, lang)
    title = f"{page.name.text} ({page.years})" if page.years else page.name.text
    head = Head(title, page.description, kind=PROFILE, gender=page.gender, picture=page.picture)
    return render_page("person.html", head, page=page)


@blueprint.get("/people/<person_id>")
def permanent(person_id: str) -> Response:
    """The address that stands for the person, whatever the form: leads to the one asked for."""
    form = json_url(person_id) if wants_json() else person_url(person_id, language_of_request())
    response = redirect(form, 303)
    response.vary.update(("Accept", "Accept-Language"))
    return response


@blueprint.get(f"/{LANG}/organisations/<organisation_id>")
def organisation(lang: str, organisation_id: str) -> ResponseReturnValue:
    if (new := services.catalogue().where_now("organisation", organisation_id)) != organisation_id:
        return redirect(organisation_url(new, lang), 301)
    page = make_organisation_page(services, organisation_id, lang)
    return render_page("organisation.html", Head(page.name, page.description), page=page)
