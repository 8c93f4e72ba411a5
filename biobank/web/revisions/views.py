"""Views of a person's history, and the permanent URL of a revision."""

from flask import redirect, request
from werkzeug.wrappers import Response

from biobank.editorial.revisions.history import MAX_REVISION_NUMBER
from biobank.http.extensions import services
from biobank.web.core.blueprint import LANG_RULE, blueprint
from biobank.web.core.gettext import _
from biobank.web.core.meta_description import truncate_words
from biobank.web.core.negotiation import language_of_request, wants_json
from biobank.web.core.pagination import page_number, revision_number
from biobank.web.core.rendering import PageMetadata, render_page
from biobank.web.core.urls import person_url, revision_url
from biobank.web.people.page import json_url
from biobank.web.revisions.changes_page import make_changes_page
from biobank.web.revisions.history_page import make_history_page
from biobank.web.revisions.revision_page import make_revision_page

REVISION_NUMBER_RULE = f"<int(min=1, max={MAX_REVISION_NUMBER}):number>"


@blueprint.get(f"/{LANG_RULE}/people/<person_id>/history")
def history(lang: str, person_id: str) -> str:
    page = make_history_page(services, person_id, page_number(request.args), lang)
    title = _("%(name)s: history", name=page.name.text)
    description = _("%(name)s: published versions and changes.", name=page.name.text)
    return render_page("revisions/history.html", PageMetadata(title, truncate_words(description)), page=page)


@blueprint.get(f"/{LANG_RULE}/people/<person_id>/revisions/{REVISION_NUMBER_RULE}")
def revision(lang: str, person_id: str, number: int) -> str:
    page = make_revision_page(services, person_id, number, lang)
    title = _("%(name)s: version %(number)s", name=page.person.name.text, number=number)
    head = PageMetadata(title, indexed=False, canonical=person_url(person_id, lang))
    return render_page("revisions/revision.html", head, page=page.person, revision=page)


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
