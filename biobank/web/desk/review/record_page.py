"""The page of a record: state, pending changes, review thread, history and actions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import g, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from biobank.common.clock import as_utc
from biobank.editorial.merging.redirects import find_survivor_id
from biobank.editorial.models import ReviewNote, Revision
from biobank.editorial.review import notes
from biobank.editorial.review.four_eyes import blocked_by_four_eyes, own_work_error
from biobank.editorial.review.workflow import allowed_actions
from biobank.editorial.revisions import history
from biobank.editorial.revisions.latest_revisions import latest_revision
from biobank.editorial.revisions.publication import public_revisions
from biobank.errors import FieldError, NotFound
from biobank.http.auth import identity
from biobank.http.extensions import services
from biobank.records.people.models import WITHDRAWAL_REASONS, Person
from biobank.web.core.gettext import _
from biobank.web.core.labels import format_edtf_date, format_timestamp
from biobank.web.core.name_forms import NameForm
from biobank.web.core.pagination import Pagination, make_pagination, page_number
from biobank.web.core.record_changes import ChangeSection, make_sections
from biobank.web.core.record_labels import FIELD_TITLES, change_kind_labels, field_title
from biobank.web.core.urls import person_url, with_query
from biobank.web.desk.layout import render_desk
from biobank.web.desk.review.labels import (
    done_message,
    message_label,
    note_label,
    own_work_message,
    state_label,
    withdrawal_label,
)
from biobank.web.desk.review.pages import changed_field_labels, record_name

#: Revisions per page.
REVISIONS_PER_PAGE = 20


@dataclass(frozen=True)
class ReviewEntry:
    """A comment or action in the review thread."""

    what: str
    by: str
    at: str
    at_iso: str
    number: int
    #: The label of the field it concerns, and the anchor of that field on the page.
    field: str
    anchor: str
    text: str


@dataclass(frozen=True)
class RevisionRow:
    """A revision in the history."""

    number: int
    state: str
    by: str
    at: str
    at_iso: str
    message: str
    credit: str
    reviewer: str
    published: str
    changed_fields: tuple[str, ...]
    first: bool
    redacted: bool
    current: bool


@dataclass(frozen=True)
class RecordPage:
    """The view model of a record.

    `sections` are the changes of the latest revision to the public one, or its whole content.
    """

    id: str
    name: NameForm
    latest: RevisionRow
    states: tuple[str, ...]
    public: int | None
    public_url: str
    edit_url: str
    checked: str
    withdrawn: str
    withdrawal_reason: str
    merged_into: str
    sections: tuple[ChangeSection, ...]
    thread: tuple[ReviewEntry, ...]
    revisions: tuple[RevisionRow, ...]
    paging: Pagination
    allowed: frozenset[str]
    #: Why the current user may not publish their own work; empty otherwise.
    own_work_text: str


def record_page(person_id: str, errors: Sequence[FieldError] = (), status: int = 200) -> ResponseReturnValue:
    """Render the page of a record; with errors, the submitted input is shown again.

    Raises:
        NotFound: if there is no such record.
    """
    with services.database.read() as session:
        page = _build_page(session, person_id, g.lang)
    return render_desk(
        "review/record.html",
        page.name.text,
        errors,
        status,
        page=page,
        kinds=change_kind_labels(),
        fields=[(field, field_title(field)) for field in FIELD_TITLES],
        chosen=_submitted("about") or request.args.get("field", ""),
        comment=_submitted("text"),
        reason=_submitted("reason"),
        reasons=[(reason, withdrawal_label(reason)) for reason in WITHDRAWAL_REASONS if reason != "merged"],
        max_chars=notes.MAX_NOTE_CHARS,
        done=done_message(request.args.get("done", "")) if not errors else "",
    )


def desk_person_url(person_id: str, lang: str, **arguments: str) -> str:
    """Return the URL of a record at the desk."""
    return with_query(url_for("desk.person", lang=lang, person_id=person_id), arguments.items())


def load_person(session: Session, person_id: str) -> tuple[Person, Revision]:
    """Return a person and the latest revision.

    Raises:
        NotFound: if there is none.
    """
    person, latest = session.get(Person, person_id), latest_revision(session, person_id)
    if person is None or latest is None:
        raise NotFound(_("Biography not found."))
    return person, latest


def _build_page(session: Session, person_id: str, lang: str) -> RecordPage:
    person, latest = load_person(session, person_id)
    public = public_revisions(session, [person]).get(person_id)
    public_record = public.record if public and public.number != latest.number else {}
    sections = make_sections(session, public_record, latest.record, services.catalogue(), lang, public=False)
    page = page_number(request.args)
    total = history.count_revisions(session, person_id, public=False)
    steps = history.list_revisions(
        session, person_id, (page - 1) * REVISIONS_PER_PAGE, REVISIONS_PER_PAGE, public=False
    )
    rows = [revision_row(step, person.published, lang) for step in steps]
    latest_row = revision_row(history.RevisionChanges(latest, ()), person.published, lang)
    return RecordPage(
        id=person_id,
        name=record_name(latest.record, person_id, lang),
        latest=latest_row,
        states=_state_labels(person, latest),
        public=person.published,
        public_url=person_url(person_id, lang) if person.published else "",
        edit_url=url_for("desk.edit", lang=lang, person_id=person_id),
        checked=format_edtf_date((latest.record.get("checked") or {}).get("on"), lang),
        withdrawn=format_timestamp(person.withdrawn_at) if person.withdrawn_at else "",
        withdrawal_reason=withdrawal_label(person.withdrawal or ""),
        merged_into=find_survivor_id(session, person_id),
        sections=sections,
        thread=tuple(_review_entry(note, number) for note, number in notes.list_notes(session, person_id)),
        revisions=tuple(rows),
        paging=make_pagination(
            page, REVISIONS_PER_PAGE, total, lambda number: desk_person_url(person_id, lang, page=str(number))
        ),
        allowed=allowed_actions(identity(), person, latest),
        own_work_text=_own_work_text(session, latest),
    )


def _own_work_text(session: Session, latest: Revision) -> str:
    if latest.state != "review" or not blocked_by_four_eyes(latest, identity()):
        return ""
    return own_work_message(own_work_error(session, latest))


def revision_row(step: history.RevisionChanges, published: int | None, lang: str) -> RevisionRow:
    revision = step.revision
    return RevisionRow(
        number=revision.number,
        state=state_label(revision.state),
        by=revision.author,
        at=format_timestamp(revision.at),
        at_iso=_iso_timestamp(revision.at),
        message=message_label(revision.message),
        credit=revision.credit,
        reviewer=revision.reviewer,
        published=format_timestamp(revision.published_at) if revision.published_at else "",
        changed_fields=changed_field_labels(step.changes, lang),
        first=revision.number == 1,
        redacted=revision.redacted_at is not None,
        current=revision.number == published,
    )


def _state_labels(person: Person, latest: Revision) -> tuple[str, ...]:
    is_withdrawn = person.withdrawn_at is not None and latest.state != "withdrawn"
    return tuple(map(state_label, [latest.state, *(["withdrawn"] if is_withdrawn else [])]))


def _review_entry(note: ReviewNote, number: int) -> ReviewEntry:
    field = note.path.partition(".")[0].partition("[")[0]
    return ReviewEntry(
        what=note_label(note.kind),
        by=note.author,
        at=format_timestamp(note.at),
        at_iso=_iso_timestamp(note.at),
        number=number,
        field=field_title(field) if field in FIELD_TITLES else note.path,
        anchor=field if field in FIELD_TITLES else "",
        text=note.text,
    )


def _iso_timestamp(at: datetime) -> str:
    return as_utc(at).isoformat()


def _submitted(name: str) -> str:
    """Return the submitted text of a rejected form field."""
    return request.form.get(name, "")[: notes.MAX_NOTE_CHARS]
