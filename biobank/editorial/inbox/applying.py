"""A correction becomes a draft: by one value where the field is a simple one, else in the form."""

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

#: Fields of which a correction gives the whole new value: a text in one language, or a date.
SIMPLE = (*TEXTS, *FACTS)


@dataclass(frozen=True)
class Proposed:
    """What a record would say: the value that stands there, and the one that is proposed."""

    present: str
    value: str


def place_of(message: Message) -> tuple[str, str]:
    """The field that a message is about, and the part of it: a language, or the date."""
    field, _dot, lang = message.field.partition(".")
    return field, "date" if field in FACTS else lang or message.lang


def is_simple(message: Message) -> bool:
    """Whether it can be applied without the form; what was redacted can not."""
    return message.kind == "correction" and bool(message.content) and place_of(message)[0] in SIMPLE


def proposed(message: Message, record: Mapping[str, Any]) -> Proposed:
    """What `message` makes of the field it is about; the value is for an editor to look over.

    Words that were quoted are replaced in the text where they stand in it once.
    """
    field, part = place_of(message)
    text = message.content.get("text", "")
    present = str((record.get(field) or {}).get(part, ""))
    if field in FACTS:
        return Proposed(present, _as_date(text))
    quote = message.content.get("quote", "")
    if quote and present.count(quote) == 1:
        return Proposed(present, present.replace(quote, text))
    # The whole of a life is not replaced by what may be one sentence of it.
    return Proposed(present, present if field == "biography" else text)


def _as_date(text: str) -> str:
    """The date that somebody wrote in words; nothing where a sentence says more than one."""
    try:
        return read_typed(text)
    except DateError:
        return ""


def apply(database: Database, who: Identity, message_id: int, value: str) -> saving.Saved:
    """Makes a draft of the newest record with `value` in the field of the message.

    Its credit is the sender's name. The draft is published by a second person, as every other.

    Raises:
        RecordRefused: where the value is not one of the field, or the record says it already.
        WrongState: where the message is decided on.
        EditConflict: where somebody saves at the same moment.
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
