"""The view of a message, as shown on its own page and beside the writing form."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import g, url_for
from sqlalchemy.orm import Session

from biobank.editorial import saving
from biobank.editorial.inbox.forms import FORMS
from biobank.editorial.inbox.models import Message
from biobank.editorial.inbox.notes import person_now
from biobank.records.countries import country_name
from biobank.records.people.mapping import preferred_name
from biobank.web.account.words import moment
from biobank.web.desk.inbox.words import ENTRIES
from biobank.web.links import Link
from biobank.web.public.words import KINDS
from biobank.web.revisions.titles import field_title
from biobank.web.words import language_name

#: Entries that name the subject of a message; the first one present is used.
NAMED = ("names", "name_az", "name_en", "name_ru")


@dataclass(frozen=True)
class Told:
    """The content, sender and subject of a message; `entries` are pairs of title and text."""

    id: int
    reference: str
    kind: str
    lang: str
    entries: tuple[tuple[str, str], ...]
    #: The name of the sender.
    name: str
    #: The person or organisation that the message names, which may not be in the bank yet.
    named: str
    person: Link | None
    field: str
    sent: str


def told(session: Session, message: Message) -> Told:
    """Return the view of a message."""
    return Told(
        id=message.id,
        reference=message.reference,
        kind=str(KINDS[message.kind]),
        lang=message.lang,
        entries=_entries(message.kind, message.content),
        name=message.name,
        named=named(message),
        person=_person(session, person_now(session, message)),
        field=field_words(message.field),
        sent=moment(message.sent_at),
    )


def named(message: Message) -> str:
    """Return the first line of the entry that names a proposed person or organisation."""
    said = (message.content.get(entry, "").strip() for entry in NAMED)
    return next((text.splitlines()[0] for text in said if text), "")


def _person(session: Session, person_id: str | None) -> Link | None:
    """Return a link to the person of a message, named by the latest revision, draft or not."""
    newest = saving.head(session, person_id) if person_id else None
    if newest is None:
        return None
    url = url_for("web.desk_person", lang=g.lang, person_id=newest.person_id)
    return Link(preferred_name(newest.record, g.lang), url)


def field_words(path: str) -> str:
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
        (str(ENTRIES[entry.name]), texts[entry.name])
        for entry in FORMS[kind]
        if entry.name in ENTRIES and texts.get(entry.name)
    )
