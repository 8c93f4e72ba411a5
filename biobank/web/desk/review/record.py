"""The page of a record: state, pending changes, review thread, history and actions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import g, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from biobank.access import identity
from biobank.accounts.clock import as_utc
from biobank.editorial import history, notes, saving
from biobank.editorial.making_public import public_revisions
from biobank.editorial.merging.leading import merged_into
from biobank.editorial.models import ReviewNote, Revision
from biobank.editorial.second_person import only_work_forbids, own_work
from biobank.editorial.steps import steps_of
from biobank.errors import NotFound
from biobank.extensions import services
from biobank.records.people.models import WITHDRAWALS, Person
from biobank.web.account.words import moment
from biobank.web.desk.page import Mistake, render_desk
from biobank.web.desk.review.message import message_words
from biobank.web.desk.review.rows import name_of, touched_list
from biobank.web.desk.review.words import (
    done_words,
    note_words,
    own_work_words,
    state_words,
    withdrawal_words,
)
from biobank.web.links import person_url, with_parameters
from biobank.web.names import NameForm
from biobank.web.paging import Paging, make_paging, page_of
from biobank.web.revisions.changes_page import Section, make_sections
from biobank.web.revisions.titles import FIELDS, change_kinds, field_title
from biobank.web.text import _
from biobank.web.words import date_words

#: Revisions per page.
SIZE = 20


@dataclass(frozen=True)
class Saying:
    """A comment or action in the review thread."""

    what: str
    by: str
    at: str
    at_on: str
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
    at_on: str
    message: str
    credit: str
    reviewer: str
    published: str
    touched: tuple[str, ...]
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
    head: RevisionRow
    states: tuple[str, ...]
    public: int | None
    public_url: str
    edit_url: str
    checked: str
    withdrawn: str
    withdrawn_why: str
    merged_into: str
    sections: tuple[Section, ...]
    sayings: tuple[Saying, ...]
    revisions: tuple[RevisionRow, ...]
    paging: Paging
    may: frozenset[str]
    #: Why the current user may not publish their own work; empty otherwise.
    own_work: str


def record_page(
    person_id: str, mistakes: Sequence[Mistake] = (), status: int = 200
) -> ResponseReturnValue:
    """Render the page of a record; with errors, the submitted input is shown again.

    Raises:
        NotFound: if there is no such record.
    """
    with services.database.read() as session:
        page = _make(session, person_id, g.lang)
    return render_desk(
        "review/record.html",
        page.name.text,
        mistakes,
        status,
        page=page,
        kinds=change_kinds(),
        fields=[(field, field_title(field)) for field in FIELDS],
        chosen=_typed("about") or request.args.get("field", ""),
        said=_typed("text"),
        reason=_typed("reason"),
        reasons=[(it, withdrawal_words(it)) for it in WITHDRAWALS if it != "merged"],
        most=notes.TEXT_MOST,
        done=done_words(request.args.get("done", "")) if not mistakes else "",
    )


def desk_url(person_id: str, lang: str, **arguments: str) -> str:
    """Return the URL of a record at the desk."""
    return with_parameters(
        url_for("web.desk_person", lang=lang, person_id=person_id), arguments.items()
    )


def held(session: Session, person_id: str) -> tuple[Person, Revision]:
    """Return a person and the latest revision.

    Raises:
        NotFound: if there is none.
    """
    person, newest = session.get(Person, person_id), saving.head(session, person_id)
    if person is None or newest is None:
        raise NotFound(_("There is no such person in the bank."))
    return person, newest


def _make(session: Session, person_id: str, lang: str) -> RecordPage:
    person, head = held(session, person_id)
    public = public_revisions(session, [person]).get(person_id)
    before = public.record if public and public.number != head.number else {}
    sections = make_sections(session, before, head.record, services.catalogue(), lang, public=False)
    page = page_of(request.args)
    total = history.count(session, person_id, public=False)
    steps = history.steps(session, person_id, (page - 1) * SIZE, SIZE, public=False)
    rows = [revision_row(step, person.published, lang) for step in steps]
    newest = revision_row(history.Step(head, ()), person.published, lang)
    return RecordPage(
        id=person_id,
        name=name_of(head.record, person_id, lang),
        head=newest,
        states=_states(person, head),
        public=person.published,
        public_url=person_url(person_id, lang) if person.published else "",
        edit_url=url_for("web.desk_edit", lang=lang, person_id=person_id),
        checked=date_words((head.record.get("checked") or {}).get("on"), lang),
        withdrawn=moment(person.withdrawn_at) if person.withdrawn_at else "",
        withdrawn_why=withdrawal_words(person.withdrawal or ""),
        merged_into=merged_into(session, person_id),
        sections=sections,
        sayings=tuple(_saying(note, number) for note, number in notes.thread(session, person_id)),
        revisions=tuple(rows),
        paging=make_paging(
            page, SIZE, total, lambda number: desk_url(person_id, lang, page=str(number))
        ),
        may=steps_of(identity(), person, head),
        own_work=_own_work(session, head),
    )


def _own_work(session: Session, head: Revision) -> str:
    if head.state != "review" or not only_work_forbids(head, identity()):
        return ""
    return own_work_words(own_work(session, head))


def revision_row(step: history.Step, published: int | None, lang: str) -> RevisionRow:
    it = step.revision
    return RevisionRow(
        number=it.number,
        state=state_words(it.state),
        by=it.author,
        at=moment(it.at),
        at_on=_on(it.at),
        message=message_words(it.message),
        credit=it.credit,
        reviewer=it.reviewer,
        published=moment(it.published_at) if it.published_at else "",
        touched=touched_list(step.changes, lang),
        first=it.number == 1,
        redacted=it.redacted_at is not None,
        current=it.number == published,
    )


def _states(person: Person, head: Revision) -> tuple[str, ...]:
    away = person.withdrawn_at is not None and head.state != "withdrawn"
    return tuple(map(state_words, [head.state, *(["withdrawn"] if away else [])]))


def _saying(note: ReviewNote, number: int) -> Saying:
    field = note.path.partition(".")[0].partition("[")[0]
    return Saying(
        what=note_words(note.kind),
        by=note.author,
        at=moment(note.at),
        at_on=_on(note.at),
        number=number,
        field=field_title(field) if field in FIELDS else note.path,
        anchor=field if field in FIELDS else "",
        text=note.text,
    )


def _on(at: datetime) -> str:
    return as_utc(at).isoformat()


def _typed(name: str) -> str:
    """Return the submitted text of a rejected form field."""
    return request.form.get(name, "")[: notes.TEXT_MOST]
