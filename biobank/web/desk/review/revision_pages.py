"""The pages of one revision: its preview as a public page, and its changes."""

from flask import g
from flask.typing import ResponseReturnValue

from biobank.common.clock import as_utc
from biobank.editorial.models import Revision
from biobank.editorial.review.permissions import allowed_actions
from biobank.editorial.revisions import history
from biobank.http.auth import identity
from biobank.http.extensions import services
from biobank.web.core.gettext import _
from biobank.web.core.rendering import PageMetadata, render_page
from biobank.web.core.urls import Link
from biobank.web.desk.layout import render_desk
from biobank.web.desk.review.record_page import (
    RevisionRow,
    desk_person_url,
    load_person,
    revision_row,
)
from biobank.web.desk.review.rows import record_name
from biobank.web.people.page import PersonView, build_person_page
from biobank.web.revisions.changes_page import make_sections
from biobank.web.revisions.labels import change_kind_labels

#: Maximum number of selectable revisions; others are reachable by URL.
MAX_REVISION_CHOICES = 200


def preview_page(person_id: str, number: int) -> ResponseReturnValue:
    """Render a revision as the public page of the person.

    Raises:
        NotFound: if there is no such revision.
        Gone: if it was redacted.
    """
    catalogue = services.catalogue()
    with services.database.read() as session:
        person, latest = load_person(session, person_id)
        revision = history.get_revision(session, person_id, number, public=False)
        version = PersonView(revision.record, number, as_utc(revision.at), past=True)
        page = build_person_page(session, version, catalogue, g.lang)
    return render_page(
        "desk/review/preview.html",
        PageMetadata(_("Preview: %(name)s", name=page.name.text), indexed=False),
        page=page,
        revision=revision_row(history.RevisionChanges(revision, ()), person.published, g.lang),
        newest=latest.number,
        desk_url=desk_person_url(person_id, g.lang),
        may_restore=number != latest.number
        and "write" in allowed_actions(identity(), person, latest),
    )


def changes_page(person_id: str, number: int, start_number: int | None) -> ResponseReturnValue:
    """Render the changes against a given revision, else the public one, else the previous one.

    Raises:
        NotFound: if one of the revisions does not exist.
    """
    with services.database.read() as session:
        person, _latest = load_person(session, person_id)
        end_revision = history.get_revision(session, person_id, number, public=False)
        published_number = person.published if person.published != number else None
        base_number = (
            start_number
            or published_number
            or history.previous_number(session, person_id, number, public=False)
        )
        start_revision = (
            history.get_revision(session, person_id, base_number, public=False)
            if base_number
            else None
        )
        sections = make_sections(
            session,
            start_revision.record if start_revision else {},
            end_revision.record,
            services.catalogue(),
            g.lang,
            public=False,
        )
        steps = history.list_revisions(session, person_id, 0, MAX_REVISION_CHOICES, public=False)
    return render_desk(
        "review/changes.html",
        _("Changes in version %(number)s", number=number),
        person=Link(
            record_name(end_revision.record, person_id, g.lang).text,
            desk_person_url(person_id, g.lang),
        ),
        start=_row(start_revision, person.published) if start_revision else None,
        end=_row(end_revision, person.published),
        others=[_row(step.revision, person.published) for step in steps],
        differing=sections,
        kinds=change_kind_labels(),
        person_id=person_id,
    )


def _row(revision: Revision, published: int | None) -> RevisionRow:
    return revision_row(history.RevisionChanges(revision, ()), published, g.lang)
