"""The page of one message: its content, its history and the possible actions."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import g, request, url_for
from flask.typing import ResponseReturnValue

from biobank.bootstrap import Services
from biobank.common.i18n import LANGUAGES
from biobank.editorial.inbox.accept_correction import ProposedChange, can_apply, propose_change, target_field
from biobank.editorial.inbox.queue import get_message_detail
from biobank.editorial.inbox.registration import build_organisation_record
from biobank.editorial.inbox.triage import allowed_steps, current_person_id
from biobank.editorial.models import InboxMessage, MessageNote
from biobank.editorial.revisions.latest_revisions import latest_revision
from biobank.editorial.revisions.record_diff import LOCALIZED_FIELDS
from biobank.errors import FieldError
from biobank.http.auth import identity
from biobank.http.extensions import services as app_services
from biobank.records.organisations.registrations import get_registration
from biobank.records.organisations.schemas import VALID_ORGANISATION_KINDS
from biobank.web.core.labels import ORGANISATION_KIND_LABELS, format_timestamp, language_name
from biobank.web.core.urls import organisation_url
from biobank.web.desk.inbox.labels import MESSAGE_NOTE_LABELS, MESSAGE_STATE_LABELS, SPAM_FLAG_LABELS
from biobank.web.desk.inbox.message_view import MessageView, build_message_view
from biobank.web.desk.layout import render_desk
from biobank.web.desk.review.record_page import desk_person_url


@dataclass(frozen=True)
class MessageNoteRow:
    """An entry in the history of a message; `not_mailed` marks a reply that was not e-mailed."""

    what: str
    text: str
    author: str
    at: str
    not_mailed: bool


@dataclass(frozen=True)
class MessagePage:
    """The view model of the page of one message."""

    message: MessageView
    kind: str
    state: str
    state_label: str
    outcome: str
    #: The sender's e-mail address; empty if none was given or it was erased.
    address: str
    flags: tuple[str, ...]
    similar_count: int
    notes: tuple[MessageNoteRow, ...]
    steps: tuple[str, ...]
    edit_url: str
    revision_url: str
    #: The page on which the resulting draft is submitted.
    record_url: str
    revision: int | None
    #: The resulting value, if the message proposes a single value.
    proposed: ProposedChange | None
    long_value: bool
    #: The register number of the organisation.
    number: str
    struck: bool
    organisation_url: str


def message_page(
    message_id: int, errors: Sequence[FieldError] = (), status: int = 200
) -> ResponseReturnValue:
    """Render the page of a message, with error messages if there are any."""
    message, notes, similar_count = get_message_detail(app_services.database, identity(), message_id)
    page = build_message_page(app_services, message, notes, similar_count)
    language_names = {lang: language_name(lang, g.lang) for lang in LANGUAGES}
    registration_context = {
        "record": build_organisation_record(message),
        "kinds": _kind_options(),
        "tongues": language_names,
    }
    return render_desk(
        "inbox/message.html",
        _title(page.message),
        errors,
        status,
        page=page,
        typed=request.form,
        mails=app_services.mailer is not None,
        **(registration_context if message.kind == "registration" else {}),
    )


def build_message_page(
    services: Services, message: InboxMessage, notes: Sequence[MessageNote], similar_count: int
) -> MessagePage:
    with services.database.read() as session:
        person_id = current_person_id(session, message)
        latest = latest_revision(session, person_id) if person_id else None
        registration = get_registration(session, message.organisation_id or "")
        view = build_message_view(session, message)
    is_applicable = latest is not None and can_apply(message) and message.state == "new"
    return MessagePage(
        message=view,
        kind=message.kind,
        state=message.state,
        state_label=str(MESSAGE_STATE_LABELS[message.state]),
        outcome=str(MESSAGE_STATE_LABELS[message.outcome]) if message.outcome else "",
        address=message.address,
        flags=tuple(str(SPAM_FLAG_LABELS.get(flag, flag)) for flag in message.marks),
        similar_count=similar_count,
        notes=tuple(map(_note_row, notes)),
        steps=allowed_steps(message.state),
        edit_url=edit_url(message, person_id),
        revision_url=_revision_url(message),
        record_url=desk_person_url(message.person_id, g.lang) if message.person_id else "",
        revision=message.revision,
        proposed=propose_change(message, latest.record) if latest is not None and is_applicable else None,
        long_value=target_field(message)[0] in LOCALIZED_FIELDS,
        number=registration.number if registration else "",
        struck=registration is not None and registration.state == "struck",
        organisation_url=organisation_url(registration.organisation_id, g.lang) if registration else "",
    )


def edit_url(message: InboxMessage, person_id: str | None) -> str:
    """Return the URL of the person's form with the message beside it; empty if none applies."""
    arguments = {"lang": g.lang, "suggestion": str(message.id)}
    if message.kind == "proposal" and person_id is None:
        return url_for("desk.new_person", **arguments)
    if message.kind in ("correction", "proposal"):
        return url_for("desk.edit", person_id=person_id, **arguments)
    return ""


def _revision_url(message: InboxMessage) -> str:
    if message.revision is None or message.person_id is None:
        return ""
    return url_for("desk.revision", lang=g.lang, person_id=message.person_id, number=message.revision)


def _note_row(note: MessageNote) -> MessageNoteRow:
    return MessageNoteRow(
        what=str(MESSAGE_NOTE_LABELS[note.kind]),
        text=note.text,
        author=note.author,
        at=format_timestamp(note.at),
        not_mailed=note.kind == "replied" and not note.mailed,
    )


def _kind_options() -> list[tuple[str, str]]:
    return [(kind, str(ORGANISATION_KIND_LABELS.get(kind, kind))) for kind in VALID_ORGANISATION_KINDS]


def _title(message: MessageView) -> str:
    subject = message.person.label if message.person else message.subject
    return f"{message.kind}: {subject}" if subject else message.kind
