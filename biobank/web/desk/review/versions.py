"""The pages of one revision: its preview as a public page, and its changes."""

from flask import g
from flask.typing import ResponseReturnValue

from biobank.access import identity
from biobank.accounts.clock import as_utc
from biobank.editorial import history
from biobank.editorial.models import Revision
from biobank.editorial.steps import steps_of
from biobank.extensions import services
from biobank.web.desk.page import render_desk
from biobank.web.desk.review.record import RevisionRow, desk_url, held, revision_row
from biobank.web.desk.review.rows import name_of
from biobank.web.links import Link
from biobank.web.person_page import Told, page_of
from biobank.web.rendering import Head, render_page
from biobank.web.revisions.changes_page import make_sections
from biobank.web.revisions.titles import change_kinds
from biobank.web.text import _

#: Maximum number of selectable revisions; others are reachable by URL.
CHOICES_MOST = 200


def preview_page(person_id: str, number: int) -> ResponseReturnValue:
    """Render a revision as the public page of the person.

    Raises:
        NotFound: if there is no such revision.
        Gone: if it was redacted.
    """
    catalogue = services.catalogue()
    with services.database.read() as session:
        person, newest = held(session, person_id)
        revision = history.at(session, person_id, number, public=False)
        told = Told(revision.record, number, as_utc(revision.at), past=True)
        page = page_of(session, told, catalogue, g.lang)
    return render_page(
        "desk/review/preview.html",
        Head(_("Preview: %(name)s", name=page.name.text), indexed=False),
        page=page,
        revision=revision_row(history.Step(revision, ()), person.published, g.lang),
        newest=newest.number,
        desk_url=desk_url(person_id, g.lang),
        may_restore=number != newest.number and "write" in steps_of(identity(), person, newest),
    )


def changes_page(person_id: str, number: int, start: int | None) -> ResponseReturnValue:
    """Render the changes against a given revision, else the public one, else the previous one.

    Raises:
        NotFound: if one of the revisions does not exist.
    """
    with services.database.read() as session:
        person, _newest = held(session, person_id)
        end = history.at(session, person_id, number, public=False)
        public = person.published if person.published != number else None
        number_before = start or public or history.before(session, person_id, number, public=False)
        begin = (
            history.at(session, person_id, number_before, public=False) if number_before else None
        )
        sections = make_sections(
            session,
            begin.record if begin else {},
            end.record,
            services.catalogue(),
            g.lang,
            public=False,
        )
        others = history.steps(session, person_id, 0, CHOICES_MOST, public=False)
    return render_desk(
        "review/changes.html",
        _("What changed in revision %(number)s", number=number),
        person=Link(name_of(end.record, person_id, g.lang).text, desk_url(person_id, g.lang)),
        start=_row(begin, person.published) if begin else None,
        end=_row(end, person.published),
        others=[_row(it.revision, person.published) for it in others],
        differing=sections,
        kinds=change_kinds(),
        person_id=person_id,
    )


def _row(revision: Revision, published: int | None) -> RevisionRow:
    return revision_row(history.Step(revision, ()), published, g.lang)
