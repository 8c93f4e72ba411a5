"""Acceptance of a message: a correction becomes a draft, an objection a withdrawal."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from biobank.accounts.identity import Identity
from biobank.accounts.policy import Action, is_allowed, require
from biobank.editorial.inbox.triage import (
    accept_and_close,
    add_message_note,
    current_person_id,
    get_message,
    lock_message,
    next_message_state,
    record_accepted,
)
from biobank.editorial.models import InboxMessage, Revision
from biobank.editorial.review import workflow
from biobank.editorial.revisions import drafts
from biobank.editorial.revisions.drafts import DraftDetails, SavedRevision
from biobank.editorial.revisions.latest_revisions import latest_revision
from biobank.editorial.revisions.record_diff import LOCALIZED_FIELDS
from biobank.errors import NotFound, RecordRefused, WrongState
from biobank.records.date_parser.parser import parse_typed_date
from biobank.records.edtf import DateError
from biobank.records.people.citations import FACT_FIELDS
from biobank.records.people.schemas import person_schema
from biobank.records.validation import load_validated
from biobank.store.session import Database

#: Kinds and states of messages that can be worked on in the form.
FORM_MESSAGE_KINDS, FORM_MESSAGE_STATES = ("correction", "proposal"), ("new", "accepted")


def find_form_message(
    database: Database, actor: Identity, message_id: int | None, person_id: str | None
) -> InboxMessage | None:
    """Return the message if the actor may handle it and it is about this person.

    `person_id` is None for a new person.
    """
    if message_id is None or not is_allowed(actor, Action.TRIAGE):
        return None
    with database.read() as session:
        message = session.get(InboxMessage, message_id)
        if message is None or current_person_id(session, message) != person_id:
            return None
    return message if message.kind in FORM_MESSAGE_KINDS and message.state in FORM_MESSAGE_STATES else None


def record_result(database: Database, actor: Identity, message: InboxMessage, saved: SavedRevision) -> None:
    """Record the saved revision as the result of the message; do nothing if nothing was saved."""
    if saved.changed:
        with database.write() as session:
            record_accepted(session, actor, message.id, saved.number, saved.person_id)


def revision_message(message: InboxMessage) -> str:
    """Return the revision message: the reference and the source given by the sender."""
    return f"{message.reference}: {message.content.get('source', '')}"


#: Fields for which a correction contains the whole new value: a text in one language, or a date.
SIMPLE_FIELDS = (*LOCALIZED_FIELDS, *FACT_FIELDS)


@dataclass(frozen=True)
class ProposedChange:
    """The current value of a field, and the proposed one."""

    current: str
    value: str


def target_field(message: InboxMessage) -> tuple[str, str]:
    """Return the field that a message is about, and its part: a language, or the date."""
    field, _dot, lang = message.field.partition(".")
    return field, "date" if field in FACT_FIELDS else lang or message.lang


def can_apply(message: InboxMessage) -> bool:
    """Return whether the correction can be applied without the form; a redacted one cannot."""
    is_simple = target_field(message)[0] in SIMPLE_FIELDS
    return message.kind == "correction" and bool(message.content) and is_simple


def propose_change(message: InboxMessage, record: Mapping[str, Any]) -> ProposedChange:
    """Return the current and the proposed value of the field, for an editor to check.

    A quotation is replaced within the text if it occurs there once.
    """
    field, part = target_field(message)
    text = message.content.get("text", "")
    current = str((record.get(field) or {}).get(part, ""))
    if field in FACT_FIELDS:
        return ProposedChange(current, _parse_date(text))
    quote = message.content.get("quote", "")
    if quote and current.count(quote) == 1:
        return ProposedChange(current, current.replace(quote, text))
    # The message may contain one sentence only, so it does not replace a whole biography.
    return ProposedChange(current, current if field == "biography" else text)


def _parse_date(text: str) -> str:
    """Return the date in the text, or an empty string if it contains more than a date."""
    try:
        return parse_typed_date(text)
    except DateError:
        return ""


def apply_correction(database: Database, actor: Identity, message_id: int, value: str) -> SavedRevision:
    """Save a draft of the latest record with `value` in the field of the message.

    The sender is credited by name. The draft is subject to the normal review.

    Raises:
        NotFound: if the message cannot be applied directly.
        RecordRefused: if the value is invalid, or equal to the current one.
        WrongState: if the message was already decided.
        EditConflict: if the record was saved concurrently.
    """
    require(actor, Action.TRIAGE)
    with database.read() as session:
        message = get_message(session, message_id)
        next_message_state(message.state, "accept")
        latest = latest_revision(session, current_person_id(session, message) or "")
    if latest is None or not can_apply(message):
        raise NotFound("This correction cannot be applied to the record automatically.")
    record = load_validated(person_schema, _with_value(latest, message, value.strip()))
    if record == latest.record:
        raise RecordRefused.of_field("value", "same", "The record already has this value.")
    details = DraftDetails(revision_message(message), credit=message.name)
    saved = drafts.save_draft(database, actor, record, latest.number, details)
    with database.write() as session:
        record_accepted(session, actor, message_id, saved.number, saved.person_id)
    return saved


def _with_value(latest: Revision, message: InboxMessage, value: str) -> dict[str, Any]:
    field, part = target_field(message)
    record = dict(latest.record)
    values = {**(record.get(field) or {}), part: value}
    record[field] = {name: text for name, text in values.items() if text}
    return record


def withdraw_person(database: Database, actor: Identity, message_id: int, text: str) -> None:
    """Withdraw the person of an objection, and record the decision.

    Raises:
        RecordRefused: if no reason is given.
        WrongState: if it is not an objection or was already decided, or the person is not public.
    """
    require(actor, Action.TRIAGE)
    require(actor, Action.WITHDRAW_PEOPLE)
    if not text.strip():
        raise RecordRefused.of_field("reason", "missing", "Enter a reason for the withdrawal.")
    with database.read() as session:
        message = get_message(session, message_id)
        next_message_state(message.state, "accept")
        person_id = current_person_id(session, message)
    if message.kind != "objection" or person_id is None:
        raise WrongState("This message is not an objection.")
    workflow.withdraw(database, actor, person_id, "wish", text.strip())
    with database.write() as session:
        message = lock_message(session, message_id)
        if message.state == "new":
            accept_and_close(message)
        add_message_note(session, actor, message, "withdrew", text)
