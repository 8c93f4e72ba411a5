"""Views of a person's history, and the permanent URL of a revision."""

from flask import redirect, request
from werkzeug.wrappers import Response

from biobank.http.extensions import services
from biobank.web.core.blueprint import LANG_RULE, REVISION_NUMBER_RULE, blueprint
from biobank.web.core.gettext import _
from biobank.web.core.meta_description import truncate_words
from biobank.web.core.negotiation import language_of_request, wants_json
from biobank.web.core.pagination import page_number, revision_number
from biobank.web.core.rendering import PageMetadata, render_page
from biobank.web.core.urls import json_url, revision_url
from biobank.web.revisions.pages import make_changes_page, make_history_page


@blueprint.get(f"/{LANG_RULE}/people/<person_id>/history")
def history(lang: str, person_id: str) -> str:
    page = make_history_page(services, person_id, page_number(request.args), lang)
    title = _("%(name)s: history", name=page.name.text)
    description = _("%(name)s: published versions and changes.", name=page.name.text)
    return render_page("revisions/history.html", PageMetadata(title, truncate_words(description)), page=page)


@blueprint.get(f"/{LANG_RULE}/people/<person_id>/revisions/{REVISION_NUMBER_RULE}/changes")
def changes(lang: str, person_id: str, number: int) -> str:
    page = make_changes_page(services, person_id, number, revision_number(request.args, "from"), lang)
    title = _("%(name)s: changes in version %(number)s", name=page.name.text, number=number)
    return render_page("revisions/changes.html", PageMetadata(title, indexed=False), page=page)


@blueprint.get(f"/people/<person_id>/revisions/{REVISION_NUMBER_RULE}")
def permanent_revision(person_id: str, number: int) -> Response:
    """Redirect the citable URL to the page or the data, by content negotiation."""
    page_url = revision_url(person_id, number, language_of_request())
    response = redirect(json_url(person_id, number) if wants_json() else page_url, 303)
    response.vary.update(("Accept", "Accept-Language"))
    return response
