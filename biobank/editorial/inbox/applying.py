"""Acceptance of a correction: apply it as a draft, directly if it changes one simple field."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from biobank.accounts.identity import Identity
from biobank.accounts.policy import Action, require
from biobank.editorial import saving
from biobank.editorial.inbox import triage
from biobank.editorial.inbox.beside import said
from biobank.editorial.inbox.models import Message
from biobank.editorial.inbox.notes import find, person_now
from biobank.editorial.inbox.states import after
from biobank.editorial.models import Revision
from biobank.editorial.summary import TEXTS
from biobank.errors import NotFound, Problem, RecordRefused
from biobank.records.edtf import DateError
from biobank.records.people.citations import FACTS
from biobank.records.people.schemas import person_schema
from biobank.records.problems import load
from biobank.records.typed_dates import read_typed
from biobank.store.session import Database

#: Fields for which a correction contains the whole new value: a text in one language, or a date.
SIMPLE = (*TEXTS, *FACTS)


@dataclass(frozen=True)
class Proposed:
    """The current value of a field, and the proposed one."""

    present: str
    value: str


def place_of(message: Message) -> tuple[str, str]:
    """Return the field that a message is about, and its part: a language, or the date."""
    field, _dot, lang = message.field.partition(".")
    return field, "date" if field in FACTS else lang or message.lang


def is_simple(message: Message) -> bool:
    """Return whether the correction can be applied without the form; a redacted one cannot."""
    return message.kind == "correction" and bool(message.content) and place_of(message)[0] in SIMPLE


def proposed(message: Message, record: Mapping[str, Any]) -> Proposed:
    """Return the current and the proposed value of the field, for an editor to check.

    A quotation is replaced within the text if it occurs there once.
    """
    field, part = place_of(message)
    text = message.content.get("text", "")
    present = str((record.get(field) or {}).get(part, ""))
    if field in FACTS:
        return Proposed(present, _as_date(text))
    quote = message.content.get("quote", "")
    if quote and present.count(quote) == 1:
        return Proposed(present, present.replace(quote, text))
    # The message may contain one sentence only, so it does not replace a whole biography.
    return Proposed(present, present if field == "biography" else text)


def _as_date(text: str) -> str:
    """Return the date in the text, or an empty string if it contains more than a date."""
    try:
        return read_typed(text)
    except DateError:
        return ""


def apply(database: Database, who: Identity, message_id: int, value: str) -> saving.Saved:
    """Save a draft of the latest record with `value` in the field of the message.

    The sender is credited by name. The draft is subject to the normal review.

    Raises:
        NotFound: if the message cannot be applied directly.
        RecordRefused: if the value is invalid, or equal to the current one.
        WrongState: if the message was already decided.
        EditConflict: if the record was saved concurrently.
    """
    require(who, Action.TRIAGE)
    with database.read() as session:
        message = find(session, message_id)
        after(message.state, "accept")
        newest = saving.head(session, person_now(session, message) or "")
    if newest is None or not is_simple(message):
        raise NotFound("There is nothing that this could be applied to.")
    record = load(person_schema, _with_value(newest, message, value.strip()))
    if record == newest.record:
        raise RecordRefused([Problem("value", "same", "The record says this already.")])
    saved = saving.save_draft(
        database,
        who,
        record,
        newest.number,
        message=said(message),
        credit=message.name,
    )
    with database.write() as session:
        triage.accepted(session, who, message_id, revision=saved.number, person_id=saved.person_id)
    return saved


def _with_value(newest: Revision, message: Message, value: str) -> dict[str, Any]:
    field, part = place_of(message)
    record = dict(newest.record)
    whole = {**(record.get(field) or {}), part: value}
    record[field] = {name: text for name, text in whole.items() if text}
    return record
