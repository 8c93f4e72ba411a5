"""The pages of the inbox: the queue, and one message with its notes and actions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from flask import g, request, url_for
from flask.typing import ResponseReturnValue

from biobank.common.clock import as_utc
from biobank.common.i18n import LANGUAGES
from biobank.editorial.inbox.accept_correction import ProposedChange, can_apply, propose_change, target_field
from biobank.editorial.inbox.queue import (
    AGE_FILTER_DAYS,
    QUEUE_PAGE_SIZE,
    QueueFilter,
    get_message_detail,
    list_messages,
)
from biobank.editorial.inbox.registration import build_organisation_record
from biobank.editorial.inbox.triage import MESSAGE_STATES, allowed_steps, current_person_id
from biobank.editorial.models import MESSAGE_KINDS, InboxMessage, MessageNote
from biobank.editorial.revisions.latest_revisions import latest_revision
from biobank.editorial.revisions.record_diff import LOCALIZED_FIELDS
from biobank.errors import FieldError
from biobank.http.auth import identity
from biobank.http.extensions import services
from biobank.records.organisations.registrations import get_registration
from biobank.records.organisations.schemas import VALID_ORGANISATION_KINDS
from biobank.records.people.browse_queries import load_cards
from biobank.web.core.gettext import _
from biobank.web.core.labels import (
    MESSAGE_KIND_LABELS,
    ORGANISATION_KIND_LABELS,
    format_day,
    format_timestamp,
    language_name,
)
from biobank.web.core.pagination import Pagination, make_pagination, page_number
from biobank.web.core.record_labels import field_title
from biobank.web.core.urls import organisation_url, with_query
from biobank.web.desk.inbox.labels import (
    MESSAGE_AGE_LABELS,
    MESSAGE_NOTE_LABELS,
    MESSAGE_STATE_LABELS,
    SPAM_FLAG_LABELS,
)
from biobank.web.desk.inbox.message_view import MessageView, build_message_view, message_subject
from biobank.web.desk.layout import render_desk
from biobank.web.desk.review.record_page import desk_person_url

#: Maximum length of the excerpt of a message, in characters.
MAX_EXCERPT_CHARS = 160
#: Entries that an excerpt is taken from; the first one present is used.
EXCERPT_ENTRIES = ("text", "what", "why", "about", "dates")


@dataclass(frozen=True)
class InboxFacetValue:
    """A filter value with the number of messages it matches."""

    label: str
    url: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class InboxRow:
    """A message in the list of the inbox."""

    url: str
    kind: str
    state: str
    state_label: str
    about: str
    excerpt: str
    day: str
    sent_on: str
    flags: tuple[str, ...]
    is_urgent: bool


@dataclass(frozen=True)
class InboxPage:
    """The view model of the inbox."""

    total: int
    #: Pairs of group title and filter values.
    groups: tuple[tuple[str, tuple[InboxFacetValue, ...]], ...]
    rows: tuple[InboxRow, ...]
    paging: Pagination


def build_inbox_page() -> InboxPage:
    query = _parse_query()
    result = list_messages(services.database, identity(), query)
    with services.database.read() as session:
        person_ids = {message.person_id for message in result.messages if message.person_id}
        names = {id_: card.name(g.lang) for id_, card in load_cards(session, sorted(person_ids)).items()}
    non_spam_count = sum(number for state, number in result.states.items() if state != "spam")
    states = {"": non_spam_count, **{state: result.states.get(state, 0) for state in MESSAGE_STATES}}
    kinds = {"": sum(result.kinds.values()), **{kind: result.kinds.get(kind, 0) for kind in MESSAGE_KINDS}}
    return InboxPage(
        total=result.total,
        groups=(
            (
                _("Status"),
                _facet_values(query, "state", states, {"": _("all except spam"), **MESSAGE_STATE_LABELS}),
            ),
            (_("Type"), _facet_values(query, "kind", kinds, {"": _("all types"), **MESSAGE_KIND_LABELS})),
            (
                _("Waiting time"),
                _facet_values(query, "age", result.ages, {"": _("any length of time"), **MESSAGE_AGE_LABELS}),
            ),
        ),
        rows=tuple(_message_row(message, names) for message in result.messages),
        paging=make_pagination(
            query.page, QUEUE_PAGE_SIZE, result.total, lambda page: _queue_url(replace(query, page=page))
        ),
    )


def _parse_query() -> QueueFilter:
    """Return the filters of the request; unknown values are ignored."""
    state, kind = request.args.get("state", "new"), request.args.get("kind", "")
    age = request.args.get("age", "")
    return QueueFilter(
        kind=kind if kind in MESSAGE_KINDS else "",
        state=state if state in (*MESSAGE_STATES, "") else "new",
        age=age if age in AGE_FILTER_DAYS else "",
        page=page_number(request.args),
    )


def _queue_url(query: QueueFilter) -> str:
    values = [("state", query.state), ("kind", query.kind), ("age", query.age)]
    parameters = [pair for pair in values if pair[1] or pair[0] == "state"]
    if query.page > 1:
        parameters.append(("page", str(query.page)))
    return with_query(url_for("desk.inbox", lang=g.lang), parameters)


def _facet_values(
    query: QueueFilter, name: str, counts: Mapping[str, int], labels: Mapping[str, object]
) -> tuple[InboxFacetValue, ...]:
    chosen = getattr(query, name)
    return tuple(
        InboxFacetValue(
            label=str(labels[value]),
            url=_queue_url(replace(query, page=1, **{name: value})),
            count=count,
            chosen=value == chosen,
        )
        for value, count in counts.items()
    )


def _message_row(message: InboxMessage, names: Mapping[str, str]) -> InboxRow:
    person_id = message.person_id or ""
    sent_at = as_utc(message.sent_at)
    text = next((message.content[entry] for entry in EXCERPT_ENTRIES if message.content.get(entry)), "")
    field = field_title(message.field.partition(".")[0]) if message.field else ""
    subject = names.get(person_id, person_id) or message_subject(message)
    return InboxRow(
        url=url_for("desk.message", lang=g.lang, message_id=message.id),
        kind=str(MESSAGE_KIND_LABELS[message.kind]),
        state=message.state,
        state_label=str(MESSAGE_STATE_LABELS[message.state]),
        about=" · ".join(part for part in (subject, field) if part),
        excerpt=text if len(text) <= MAX_EXCERPT_CHARS else text[: MAX_EXCERPT_CHARS - 1] + "…",
        day=format_day(sent_at, g.lang),
        sent_on=f"{sent_at:%Y-%m-%d}",
        flags=tuple(str(SPAM_FLAG_LABELS.get(flag, flag)) for flag in message.marks),
        is_urgent=message.kind == "objection" and message.state == "new",
    )


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
    message, notes, similar_count = get_message_detail(services.database, identity(), message_id)
    page = build_message_page(message, notes, similar_count)
    language_names = {lang: language_name(lang, g.lang) for lang in LANGUAGES}
    registration_context = {
        "record": build_organisation_record(message),
        "kinds": _kind_options(),
        "languages": language_names,
    }
    return render_desk(
        "inbox/message.html",
        _title(page.message),
        errors,
        status,
        page=page,
        typed=request.form,
        mails=services.mailer is not None,
        **(registration_context if message.kind == "registration" else {}),
    )


def build_message_page(
    message: InboxMessage, notes: Sequence[MessageNote], similar_count: int
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
