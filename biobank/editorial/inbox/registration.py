"""Registration of organisations: creates the record and assigns the register number."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from biobank.accounts import audit
from biobank.accounts.identity import Identity
from biobank.accounts.policy import Action, require
from biobank.common.clock import now
from biobank.editorial.inbox.submission import organisation_names
from biobank.editorial.inbox.triage import accept_and_close, add_message_note, lock_message
from biobank.editorial.models import InboxMessage
from biobank.editorial.reference.service import lock_reference_records, save_record
from biobank.editorial.reference.validation import check_record
from biobank.errors import NotFound, RecordRefused, WrongState
from biobank.names.slug import slugify, unused_id
from biobank.records.organisations.models import Organisation
from biobank.records.organisations.registrations import Registration, get_registration
from biobank.records.organisations.schemas import RESERVED_IDS, organisation_schema
from biobank.records.reference.kinds import ORGANISATION_KIND
from biobank.records.reference.redirects import load_redirects
from biobank.records.reference.usage import mark_reviewed
from biobank.records.validation import load_validated
from biobank.store.session import Database

#: Maximum length of a generated id, in characters, before a numeric suffix is added.
MAX_ORGANISATION_ID_CHARS = 110


def register_organisation(
    database: Database, actor: Identity, message_id: int, record: Mapping[str, Any], organisation_id: str = ""
) -> Registration:
    """Enter the organisation of a message into the register, and accept the message.

    `record` is the record without an id, as checked by an editor. `organisation_id` is set if the
    organisation already exists in the bank.

    Raises:
        RecordRefused: if the record is invalid, or the organisation already has a number.
        WrongState: if the message is not a registration, or was already decided.
    """
    require(actor, Action.TRIAGE)
    with database.write() as session:
        lock_reference_records(session)
        message = lock_message(session, message_id)
        if message.kind != "registration":
            raise WrongState("This message is not a registration.")
        accept_and_close(message)
        if organisation_id:
            _require_unregistered(session, organisation_id)
        else:
            organisation_id = _add_organisation(session, actor, record)
        entry = _create_entry(session, organisation_id, message)
        message.organisation_id = organisation_id
        add_message_note(session, actor, message, "registered", entry.number, organisation=organisation_id)
        return entry


def set_struck_off(database: Database, actor: Identity, organisation_id: str, *, struck: bool) -> None:
    """Strike an organisation off the register, or revert that; it keeps its number.

    Raises:
        NotFound: if the organisation is not in the register.
    """
    require(actor, Action.TRIAGE)
    with database.write() as session:
        entry = get_registration(session, organisation_id)
        if entry is None:
            raise NotFound("This organisation has no registration.")
        entry.state = "struck" if struck else "registered"
        what = "struck_off" if struck else "registered_again"
        audit.record_for(session, actor, what, "organisation", organisation_id, number=entry.number)


def build_organisation_record(message: InboxMessage) -> dict[str, Any]:
    """Return the record of an organisation as registered, for an editor to check."""
    content = message.content
    names = organisation_names(content)
    record = {
        "names": [{"text": text, "lang": lang, "kind": "preferred"} for lang, text in names.items() if text],
        "country": content.get("country"),
        "founded": content.get("founded"),
        "summary": {message.lang: content["about"]} if content.get("about") else {},
        "website": content.get("website"),
    }
    return {key: value for key, value in record.items() if value}


def _add_organisation(session: Session, actor: Identity, fields: Mapping[str, Any]) -> str:
    """Save a new organisation as a reviewed reference record."""
    record = load_validated(organisation_schema, {**fields, "id": _generate_id(session, fields)})
    check_record(session, ORGANISATION_KIND, record)
    save_record(session, actor, ORGANISATION_KIND, "added", None, record)
    audit.record_for(session, actor, "added", ORGANISATION_KIND.name, record["id"])
    return str(record["id"])


def _generate_id(session: Session, record: Mapping[str, Any]) -> str:
    """Return an unused id derived from the first name."""
    name = next((name["text"] for name in record.get("names", ())), "")
    base_id = slugify(name)[:MAX_ORGANISATION_ID_CHARS].strip("-")
    existing_ids = session.scalars(select(Organisation.id).where(Organisation.id.like(f"{base_id}%")))
    merged_ids = load_redirects(session).get(ORGANISATION_KIND.name, {})
    return unused_id(base_id, {*existing_ids, *merged_ids, *RESERVED_IDS})


def _require_unregistered(session: Session, organisation_id: str) -> None:
    if session.get(Organisation, organisation_id) is None:
        message = f"There is no organisation {organisation_id[:120]!r}."
        raise RecordRefused.of_field("organisation", "unknown", message)
    if get_registration(session, organisation_id) is not None:
        raise RecordRefused.of_field(
            "organisation", "registered", "The organisation already has a registration number."
        )
    mark_reviewed(session, ORGANISATION_KIND, organisation_id)


def _create_entry(session: Session, organisation_id: str, message: InboxMessage) -> Registration:
    # The lock of reference records serializes registrations, so that serial numbers are unique.
    today = now().date()
    last = select(func.max(Registration.serial)).where(Registration.year == today.year)
    serial = (session.scalar(last) or 0) + 1
    entry = Registration(
        organisation_id=organisation_id,
        number=f"AZD-{today.year}-{serial:04}",
        year=today.year,
        serial=serial,
        registered_on=today,
        country=message.content["country"],
        city=message.content.get("city", ""),
        state="registered",
    )
    session.add(entry)
    session.flush()
    return entry
