"""Registration of organisations: creates the record and assigns the register number."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from biobank.accounts import audit
from biobank.accounts.clock import now
from biobank.accounts.identity import Identity
from biobank.accounts.policy import Action, require
from biobank.editorial.inbox.forms import names_of
from biobank.editorial.inbox.models import Message
from biobank.editorial.inbox.notes import hold, note
from biobank.editorial.inbox.triage import settle
from biobank.editorial.reference.checking import check
from biobank.editorial.reference.keeping import lock, put
from biobank.errors import NotFound, Problem, RecordRefused, WrongState
from biobank.names.slug import slug
from biobank.records.organisations.models import Organisation
from biobank.records.organisations.registrations import Registration, registration_of
from biobank.records.organisations.schemas import RESERVED, organisation_schema
from biobank.records.problems import load
from biobank.records.reference.kinds import ORGANISATION
from biobank.records.reference.redirects import where_now
from biobank.records.reference.unreviewed import mark_reviewed
from biobank.store.session import Database

#: Maximum length of a generated id, in characters, before a numeric suffix is added.
ID_MOST = 110


def register(
    database: Database,
    who: Identity,
    message_id: int,
    given: Mapping[str, Any],
    organisation_id: str = "",
) -> Registration:
    """Enter the organisation of a message into the register, and accept the message.

    `record` is the record without an id, as checked by an editor. `organisation_id` is set if the
    organisation already exists in the bank.

    Raises:
        RecordRefused: if the record is invalid, or the organisation already has a number.
        WrongState: if the message is not a registration, or was already decided.
    """
    require(who, Action.TRIAGE)
    with database.write() as session:
        lock(session)
        message = hold(session, message_id)
        if message.kind != "registration":
            raise WrongState("This is no registration.")
        settle(message)
        if organisation_id:
            _require_free(session, organisation_id)
        else:
            organisation_id = _add(session, who, given)
        entry = _entry(session, organisation_id, message)
        message.organisation_id = organisation_id
        note(session, who, message, "registered", entry.number, organisation=organisation_id)
        return entry


def strike(database: Database, who: Identity, organisation_id: str, *, off: bool) -> None:
    """Strike an organisation off the register, or revert that; it keeps its number.

    Raises:
        NotFound: if the organisation is not in the register.
    """
    require(who, Action.TRIAGE)
    with database.write() as session:
        entry = registration_of(session, organisation_id)
        if entry is None:
            raise NotFound("This organisation is not in the register.")
        entry.state = "struck" if off else "registered"
        what = "struck_off" if off else "registered_again"
        audit.note_about(session, who, what, "organisation", organisation_id, number=entry.number)


def record_of(message: Message) -> dict[str, Any]:
    """Return the record of an organisation as registered, for an editor to check."""
    content = message.content
    names = names_of(content)
    record = {
        "names": [
            {"text": text, "lang": lang, "kind": "preferred"}
            for lang, text in names.items()
            if text
        ],
        "country": content.get("country"),
        "founded": content.get("founded"),
        "summary": {message.lang: content["about"]} if content.get("about") else {},
        "website": content.get("website"),
    }
    return {key: value for key, value in record.items() if value}


def _add(session: Session, who: Identity, given: Mapping[str, Any]) -> str:
    """Save a new organisation as a reviewed reference record."""
    record = load(organisation_schema, {**given, "id": _free_id(session, given)})
    check(session, ORGANISATION, record)
    put(session, who, ORGANISATION, "added", None, record)
    audit.note_about(session, who, "added", ORGANISATION.name, record["id"])
    return str(record["id"])


def _free_id(session: Session, given: Mapping[str, Any]) -> str:
    """Return an unused id derived from the first name."""
    name = next((name["text"] for name in given.get("names", ())), "")
    wanted = slug(name)[:ID_MOST].strip("-")
    taken = {*session.scalars(select(Organisation.id).where(Organisation.id.like(f"{wanted}%")))}
    candidate, nth = wanted, 1
    while candidate in taken | RESERVED or where_now(session, ORGANISATION.name, candidate):
        nth += 1
        candidate = f"{wanted}-{nth}"
    return candidate


def _require_free(session: Session, organisation_id: str) -> None:
    if session.get(Organisation, organisation_id) is None:
        message = f"There is no organisation {organisation_id[:120]!r}."
        raise RecordRefused([Problem("organisation", "unknown", message)])
    if registration_of(session, organisation_id) is not None:
        raise RecordRefused([Problem("organisation", "registered", "It has a number already.")])
    mark_reviewed(session, ORGANISATION, organisation_id)


def _entry(session: Session, organisation_id: str, message: Message) -> Registration:
    # The lock of reference records serializes registrations, so that serial numbers are unique.
    today: date = now().date()
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
