"""The view of a message, as shown on its own page and beside the writing form."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import g, request, url_for
from sqlalchemy.orm import Session

from biobank.editorial.inbox.accept_correction import find_form_message
from biobank.editorial.inbox.submission import MESSAGE_FORMS
from biobank.editorial.inbox.triage import current_person_id
from biobank.editorial.models import InboxMessage
from biobank.editorial.revisions.latest_revisions import latest_revision
from biobank.http.auth import identity
from biobank.http.extensions import services
from biobank.records.countries import country_name
from biobank.records.people.mapping import preferred_name
from biobank.web.core.forms import parse_number
from biobank.web.core.labels import MESSAGE_KIND_LABELS, format_timestamp, language_name
from biobank.web.core.record_labels import field_title
from biobank.web.core.urls import Link
from biobank.web.desk.inbox.labels import MESSAGE_ENTRY_LABELS

#: Entries that name the subject of a message; the first one present is used.
SUBJECT_ENTRIES = ("names", "name_az", "name_en", "name_ru")


@dataclass(frozen=True)
class MessageView:
    """The content, sender and subject of a message; `entries` are pairs of title and text."""

    id: int
    reference: str
    kind: str
    lang: str
    entries: tuple[tuple[str, str], ...]
    #: The name of the sender.
    name: str
    #: The person or organisation that the message names, which may not be in the bank yet.
    subject: str
    person: Link | None
    field: str
    sent_at: str


def build_message_view(session: Session, message: InboxMessage) -> MessageView:
    """Return the view of a message."""
    return MessageView(
        id=message.id,
        reference=message.reference,
        kind=str(MESSAGE_KIND_LABELS[message.kind]),
        lang=message.lang,
        entries=_entries(message.kind, message.content),
        name=message.name,
        subject=message_subject(message),
        person=_person_link(session, current_person_id(session, message)),
        field=field_label(message.field),
        sent_at=format_timestamp(message.sent_at),
    )


def message_subject(message: InboxMessage) -> str:
    """Return the first line of the entry that names a proposed person or organisation."""
    texts = (message.content.get(entry, "").strip() for entry in SUBJECT_ENTRIES)
    return next((text.splitlines()[0] for text in texts if text), "")


def _person_link(session: Session, person_id: str | None) -> Link | None:
    """Return a link to the person of a message, named by the latest revision, draft or not."""
    latest = latest_revision(session, person_id) if person_id else None
    if latest is None:
        return None
    url = url_for("desk.person", lang=g.lang, person_id=latest.person_id)
    return Link(preferred_name(latest.record, g.lang), url)


def field_label(path: str) -> str:
    """Return the label of a field path, such as `Birth` or `Biography (English)`."""
    field, _dot, lang = path.partition(".")
    if not field:
        return ""
    return f"{field_title(field)} ({language_name(lang, g.lang)})" if lang else field_title(field)


def _entries(kind: str, content: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    texts = dict(content)
    if texts.get("country"):
        texts["country"] = country_name(texts["country"], g.lang)
    return tuple(
        (str(MESSAGE_ENTRY_LABELS[entry.name]), texts[entry.name])
        for entry in MESSAGE_FORMS[kind]
        if entry.name in MESSAGE_ENTRY_LABELS and texts.get(entry.name)
    )


def requested_message_id() -> int | None:
    """Return the message number that the URL names."""
    return parse_number(request.args.get("suggestion", ""))


def get_suggestion(message_id: int | None, person_id: str | None) -> InboxMessage | None:
    """Return the message that is being handled, if the current user may decide on it."""
    return find_form_message(services.database, identity(), message_id, person_id)


def get_suggestion_view(message_id: int | None, person_id: str | None) -> MessageView | None:
    """Return the view of the message that is being handled, if any."""
    message = get_suggestion(message_id, person_id)
    if message is None:
        return None
    with services.database.read() as session:
        return build_message_view(session, message)
