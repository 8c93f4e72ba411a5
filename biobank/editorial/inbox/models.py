"""Models of messages from the public and of their handling.

The sender's IP address is not stored.
"""

from datetime import datetime

from sqlalchemy import DateTime, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from biobank.accounts.models import MAX_EMAIL_CHARS
from biobank.editorial.models import MAX_REVISION_AUTHOR_CHARS
from biobank.records.organisations.models import Organisation
from biobank.records.people.models import Person
from biobank.store.base import Base

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
