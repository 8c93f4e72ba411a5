"""What the public sent, what was done with it, and nothing of where it came from."""

from datetime import datetime

from sqlalchemy import DateTime, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from biobank.accounts.models import EMAIL_MOST
from biobank.editorial.models import NAME_MOST
from biobank.records.organisations.models import Organisation
from biobank.records.people.models import Person
from biobank.store.base import Base

#: The most pressing first: an objection is about somebody's rights.
KINDS = ("objection", "correction", "proposal", "registration")
#: Letters of a SHA-256 in hexadecimal.
HASH = 64


class Message(Base):
    """One message: a correction, a proposal, an objection, a registration."""

    __tablename__ = "messages"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: What its sender is told. Made when the form was shown, so that a form is taken once.
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    kind: Mapped[str] = mapped_column(String(20), index=True)
    state: Mapped[str] = mapped_column(String(10), index=True)
    #: As what it was closed: accepted, declined or spam; empty where it was neither, or is open.
    outcome: Mapped[str] = mapped_column(String(10), default="")
    person_id: Mapped[str | None] = mapped_column(ForeignKey(Person.id), index=True)
    #: What a correction is about: `birth`, `biography.az`; empty for the whole of the record.
    field: Mapped[str] = mapped_column(String(40), default="")
    #: What was written, by entry of the form; see `forms`.
    content: Mapped[dict[str, str]]
    #: The language of the page that it was sent from, in which it is answered.
    lang: Mapped[str] = mapped_column(String(2))
    #: Who is to be thanked in public; empty where nobody.
    name: Mapped[str] = mapped_column(String(NAME_MOST), default="")
    #: Where an answer goes; erased 90 days after the message was settled.
    address: Mapped[str] = mapped_column(String(EMAIL_MOST), default="")
    #: What makes it look like spam: `links`, `repeated`, `trap`.
    marks: Mapped[list[str]]
    #: The same for the same words, whoever they are about.
    content_hash: Mapped[str] = mapped_column(String(HASH), index=True)
    sent_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)
    #: When it was declined, closed or marked as spam: from then the address is kept 90 days.
    settled_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True), index=True)
    #: The number of the person's revision that came of it.
    revision: Mapped[int | None]
    organisation_id: Mapped[str | None] = mapped_column(ForeignKey(Organisation.id), index=True)


#: What a note says was done.
NOTE_KINDS = (
    "accepted",
    "declined",
    "spam",
    "closed",
    "reopened",
    "drafted",
    "withdrew",
    "registered",
    "published",
    "replied",
    "redacted",
)


class MessageNote(Base):
    """What somebody did with a message and why, or what was answered. Seen at the desk only."""

    __tablename__ = "message_notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(
        ForeignKey("messages.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str] = mapped_column(String(12))
    text: Mapped[str] = mapped_column(Text, default="")
    #: Whether an answer went out by mail; else somebody sends it by hand.
    mailed: Mapped[bool] = mapped_column(default=False)
    author: Mapped[str] = mapped_column(String(NAME_MOST))
    author_id: Mapped[int | None]
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
