"""Models of revisions, review notes, messages, merges, saved searches and their helpers."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, DateTime, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from biobank.accounts.models import MAX_EMAIL_CHARS
from biobank.records.organisations.models import Organisation
from biobank.records.people.models import MAX_REVISION_AUTHOR_CHARS as MAX_REVISION_AUTHOR_CHARS
from biobank.records.people.models import REVISION_STATES as REVISION_STATES
from biobank.records.people.models import UNPUBLISHED_STATES as UNPUBLISHED_STATES
from biobank.records.people.models import Person
from biobank.records.people.models import Revision as Revision
from biobank.records.people.models import TextAge as TextAge
from biobank.store.base import Base

#: The review actions that a note records; `comment` records none.
REVIEW_NOTE_KINDS = ("comment", "submitted", "returned", "published", "withdrawn", "reopened")


class ReviewNote(Base):
    """A comment on a revision, or a review action with its reason. Visible at the desk only."""

    __tablename__ = "review_notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    #: The commented field in dotted notation (`events[2].place`); empty for the whole record.
    path: Mapped[str] = mapped_column(String(120), default="")
    text: Mapped[str] = mapped_column(Text, default="")
    author: Mapped[str] = mapped_column(String(MAX_REVISION_AUTHOR_CHARS))
    author_id: Mapped[int | None]
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class WorkingCopy(Base):
    """The unsaved contents of a user's form; deleted when they are saved as a revision."""

    __tablename__ = "working_copies"

    #: The key in the URL; random, so that it cannot be guessed.
    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    #: None for a person that does not exist yet.
    person_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"), index=True)
    #: The number of the revision that the form was opened with.
    base: Mapped[int | None]
    #: The submitted fields as pairs of name and value.
    fields: Mapped[list[Any]] = mapped_column(JSON)
    saved_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)


class Redirect(Base):
    """A permanent redirect from a merged id to the remaining one."""

    __tablename__ = "redirects"

    old_id: Mapped[str] = mapped_column(String(120), primary_key=True)
    new_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class ImportKey(Base):
    """Maps an imported line without an id to its person, so that repeated imports match it."""

    __tablename__ = "import_keys"

    file: Mapped[str] = mapped_column(String(200), primary_key=True)
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)


#: Most urgent first: an objection concerns personal rights.
MESSAGE_KINDS = ("objection", "correction", "proposal", "registration")
#: Length of a hexadecimal SHA-256 hash, in characters.
HASH_CHARS = 64


class InboxMessage(Base):
    """A message from the public: a correction, a proposal, an objection or a registration."""

    __tablename__ = "messages"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: The reference given to the sender. It is generated with the form, so that a form is accepted
    #: once.
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    kind: Mapped[str] = mapped_column(String(20), index=True)
    state: Mapped[str] = mapped_column(String(10), index=True)
    #: The result with which it was closed: accepted, declined or spam; empty if none, or still
    #: open.
    outcome: Mapped[str] = mapped_column(String(10), default="")
    person_id: Mapped[str | None] = mapped_column(ForeignKey(Person.id), index=True)
    #: The field that a correction is about: `birth`, `biography.az`; empty for the whole record.
    field: Mapped[str] = mapped_column(String(40), default="")
    #: The contents by form entry; see `forms`.
    content: Mapped[dict[str, str]]
    #: The language of the page that it was sent from; replies use it.
    lang: Mapped[str] = mapped_column(String(2))
    #: The name to credit in public; empty for none.
    name: Mapped[str] = mapped_column(String(MAX_REVISION_AUTHOR_CHARS), default="")
    #: The e-mail address for replies; erased 90 days after the message is settled.
    address: Mapped[str] = mapped_column(String(MAX_EMAIL_CHARS), default="")
    #: Signs of spam: `links`, `repeated`, `trap`.
    marks: Mapped[list[str]]
    #: Equal for equal contents, whatever person they are about.
    content_hash: Mapped[str] = mapped_column(String(HASH_CHARS), index=True)
    sent_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)
    #: When it was declined, closed or marked as spam; the address is kept for 90 days from then.
    settled_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True), index=True)
    #: The number of the person's revision that resulted from it.
    revision: Mapped[int | None]
    organisation_id: Mapped[str | None] = mapped_column(ForeignKey(Organisation.id), index=True)


class MessageNote(Base):
    """An action on a message with its reason, or a reply. Visible at the desk only."""

    __tablename__ = "message_notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    text: Mapped[str] = mapped_column(Text, default="")
    #: Whether a reply was sent by e-mail; otherwise an editor sends it manually.
    mailed: Mapped[bool] = mapped_column(default=False)
    author: Mapped[str] = mapped_column(String(MAX_REVISION_AUTHOR_CHARS))
    author_id: Mapped[int | None]
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class Merge(Base):
    """A record that was merged into another. The contents are in the revisions."""

    __tablename__ = "merges"

    id: Mapped[int] = mapped_column(primary_key=True)
    kept_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    gone_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    #: The numbers of the latest and of the public revision of the duplicate.
    gone_number: Mapped[int]
    gone_published: Mapped[int | None]
    #: The state of the latest revision of the duplicate.
    gone_state: Mapped[str] = mapped_column(String(10))
    #: The rewritten records: `[person, before, after]` with two revision numbers, the survivor
    #: first; a person occurs twice if there was a draft on top of the public revision.
    rewritten: Mapped[list[Any]] = mapped_column(JSON)
    #: Ids that redirected to the duplicate, and imported lines that were matched to it.
    redirects: Mapped[list[Any]] = mapped_column(JSON)
    lines: Mapped[list[Any]] = mapped_column(JSON)
    #: Ids of open messages from the public about the duplicate.
    messages: Mapped[list[Any]] = mapped_column(JSON)
    #: The text ages of the survivor: `[lang, changed, agrees]`, as in `text_ages`.
    ages: Mapped[list[Any]] = mapped_column(JSON)
    text: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)
    by: Mapped[str] = mapped_column(String(MAX_REVISION_AUTHOR_CHARS))
    by_id: Mapped[int | None]
    undone_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    undone_by: Mapped[str] = mapped_column(String(MAX_REVISION_AUTHOR_CHARS), default="")
    undone_by_id: Mapped[int | None]


MAX_SEARCH_NAME_CHARS = 100
#: Maximum length of the parameters of a search, in characters: the text, with up to nine characters
#: per encoded one, and the filters.
MAX_SEARCH_ADDRESS_CHARS = 6000


class SavedSearch(Base):
    """A named search of a user; visible to others if shared."""

    __tablename__ = "saved_searches"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    shared: Mapped[bool] = mapped_column(index=True)
    name: Mapped[str] = mapped_column(String(MAX_SEARCH_NAME_CHARS))
    #: The query string of its canonical URL.
    address: Mapped[str] = mapped_column(String(MAX_SEARCH_ADDRESS_CHARS))
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class WorklistCount(Base):
    """The number of people on a list on one day; `list` is an id from `definitions`."""

    __tablename__ = "worklist_counts"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    list: Mapped[str] = mapped_column(String(40), primary_key=True)
    count: Mapped[int]
