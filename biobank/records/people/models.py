"""Tables of published records. Publishing replaces all rows of a person."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, DateTime, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from biobank.store.base import Base

MERGED = "merged"
#: Reasons of withdrawals: the person's wish, a mistake, a legal reason, or a merge.
WITHDRAWAL_REASONS = ("wish", "mistake", "law", MERGED)


REVISION_STATES = ("draft", "review", "published", "withdrawn")
#: Nearly all revisions are published: with these states in a condition SQLite uses a selective
#: index.
UNPUBLISHED_STATES = tuple(state for state in REVISION_STATES if state != "published")
#: Maximum length of a user's name, in characters.
MAX_REVISION_AUTHOR_CHARS = 200


class PersonRow(Base):
    """Base class of rows that belong to a person, at a position in a list of the record."""

    __abstract__ = True

    id: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int]

    @declared_attr
    def person_id(self) -> Mapped[str]:
        return mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)


class DatedMixin:
    """An EDTF date, and its earliest and latest possible day as Gregorian ordinals."""

    date: Mapped[str | None] = mapped_column(String(64))
    earliest: Mapped[int | None] = mapped_column(BigInteger)
    latest: Mapped[int | None] = mapped_column(BigInteger)


class PersonName(PersonRow):
    """A written form of a name."""

    __tablename__ = "person_names"

    text: Mapped[str] = mapped_column(String(200))
    lang: Mapped[str] = mapped_column(String(12))
    script: Mapped[str | None] = mapped_column(String(4))
    kind: Mapped[str] = mapped_column(String(20))
    #: As the record states them; most names state none.
    family: Mapped[str | None] = mapped_column(String(200))
    given: Mapped[str | None] = mapped_column(String(200))


class Biography(PersonRow):
    """The biography of a person in one language, CommonMark with citations."""

    __tablename__ = "biographies"
    __table_args__ = (UniqueConstraint("person_id", "lang"),)

    lang: Mapped[str] = mapped_column(String(2))
    text: Mapped[str] = mapped_column(Text)


class PersonProfession(PersonRow):
    __tablename__ = "person_professions"
    __table_args__ = (Index(None, "term_key", "person_id"),)

    term_key: Mapped[str] = mapped_column(ForeignKey("terms.key"), index=True)


class PersonCountry(PersonRow):
    __tablename__ = "person_countries"

    country: Mapped[str] = mapped_column(String(2), index=True)


class Event(DatedMixin, PersonRow):
    """A dated fact: the birth, the death, the floruit, or an entry of `events`."""

    __tablename__ = "events"
    # For "born in this town": an index of one column would scan half of the table.
    __table_args__ = (
        Index(None, "person_id", "role"),
        Index(None, "place_id", "role", "person_id"),
        Index(None, "month_day", "role"),
    )

    role: Mapped[str] = mapped_column(String(10), index=True)
    type_key: Mapped[str | None] = mapped_column(ForeignKey("terms.key"), index=True)
    place_id: Mapped[str | None] = mapped_column(ForeignKey("places.id"), index=True)
    original: Mapped[dict[str, str] | None] = mapped_column(JSON(none_as_null=True))
    text: Mapped[dict[str, str] | None] = mapped_column(JSON(none_as_null=True))
    #: Set for a birth or death that is known to the day: see `anniversaries`.
    month_day: Mapped[int | None]


class Relation(DatedMixin, PersonRow):
    """A relation to another person; `type` is the other's role. Stored at one end only."""

    __tablename__ = "relations"

    type_key: Mapped[str] = mapped_column(ForeignKey("terms.key"), index=True)
    #: Checked at commit: people in one import file may refer to each other in any order.
    other_id: Mapped[str] = mapped_column(
        ForeignKey("people.id", deferrable=True, initially="DEFERRED"), index=True
    )


class Membership(DatedMixin, PersonRow):
    __tablename__ = "memberships"
    __table_args__ = (Index(None, "organisation_id", "person_id"),)

    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    role: Mapped[dict[str, str] | None] = mapped_column(JSON(none_as_null=True))


class Work(DatedMixin, PersonRow):
    __tablename__ = "works"

    title: Mapped[dict[str, str]]
    type_key: Mapped[str | None] = mapped_column(ForeignKey("terms.key"), index=True)


class PersonAward(DatedMixin, PersonRow):
    __tablename__ = "person_awards"

    award_key: Mapped[str] = mapped_column(ForeignKey("terms.key"), index=True)


class Media(PersonRow):
    """A picture, film or recording with its licence, stored in the bank or elsewhere."""

    __tablename__ = "media"
    # Looked up at each request of a picture file.
    __table_args__ = (Index(None, "url"),)

    type: Mapped[str] = mapped_column(String(10))
    url: Mapped[str] = mapped_column(String(1000))
    licence: Mapped[str | None] = mapped_column(String(100))
    author: Mapped[str | None] = mapped_column(String(300))
    source: Mapped[str | None] = mapped_column(String(1000))
    alt: Mapped[dict[str, str] | None] = mapped_column(JSON(none_as_null=True))


class Identifier(PersonRow):
    """The person's id in an external catalogue, e.g. scheme `wikidata`, value `Q317397`."""

    __tablename__ = "identifiers"

    scheme: Mapped[str] = mapped_column(String(30))
    value: Mapped[str] = mapped_column(String(200), index=True)


class PersonSource(PersonRow):
    __tablename__ = "person_sources"

    source_id: Mapped[str] = mapped_column(ForeignKey("sources.id"), index=True)


class Citation(PersonRow):
    """A source that supports a fact; `fact` is its path in the record: `events[2]`."""

    __tablename__ = "citations"

    fact: Mapped[str] = mapped_column(String(60))
    source_id: Mapped[str] = mapped_column(ForeignKey("sources.id"), index=True)
    locator: Mapped[str | None] = mapped_column(String(200))


class SimilarityKey(PersonRow):
    """A derived key that similar people share: see `similarity_keys`."""

    __tablename__ = "likenesses"
    __table_args__ = (Index(None, "key", "kind", "person_id"),)

    kind: Mapped[str] = mapped_column(String(20))
    key: Mapped[str] = mapped_column(String(200))


class TextAge(Base):
    """The published revisions in which a biography last changed and was last confirmed to agree.

    A text is stale if another language changed after both.
    """

    __tablename__ = "text_ages"

    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    lang: Mapped[str] = mapped_column(String(2), primary_key=True)
    changed: Mapped[int]
    agrees: Mapped[int]


class Person(Base):
    """A person. Child rows contain the published record and are empty until it is published."""

    __tablename__ = "people"
    id: Mapped[str] = mapped_column(String(120), primary_key=True)
    #: Number of the published revision; None for a draft or a withdrawn person.
    published: Mapped[int | None] = mapped_column(index=True)
    gender: Mapped[str | None] = mapped_column(String(10))
    headline: Mapped[dict[str, str] | None] = mapped_column(JSON(none_as_null=True))
    connection: Mapped[dict[str, str] | None] = mapped_column(JSON(none_as_null=True))
    checked: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    #: When the published record last changed or was withdrawn; None if never published.
    updated_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True), index=True)
    #: When and why the person was withdrawn; see WITHDRAWAL_REASONS.
    withdrawn_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True), index=True)
    withdrawal: Mapped[str | None] = mapped_column(String(20))
    #: Collation key of the name shown in Azerbaijani, surname first, independent of the database;
    #: and the letter under which it is listed.
    sort_key: Mapped[str] = mapped_column(String(400), index=True, default="")
    initial: Mapped[str] = mapped_column(String(2), index=True, default="")
    sort_key_en: Mapped[str] = mapped_column(String(400), index=True, default="", server_default="")
    initial_en: Mapped[str] = mapped_column(String(2), index=True, default="", server_default="")
    sort_key_ru: Mapped[str] = mapped_column(String(400), index=True, default="", server_default="")
    initial_ru: Mapped[str] = mapped_column(String(2), index=True, default="", server_default="")
    #: The published record if it differs from its revision, because ids in it were merged since.
    redirected_record: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True), deferred=True)


#: Columns of the order of names and of their initials by language.
SORT_KEY_COLUMNS = {"az": Person.sort_key, "en": Person.sort_key_en, "ru": Person.sort_key_ru}
INITIAL_COLUMNS = {"az": Person.initial, "en": Person.initial_en, "ru": Person.initial_ru}


class Revision(Base):
    """One version of one record, with author, time and message.

    Immutable except for its state, unless an administrator redacts it for legal reasons.
    """

    __tablename__ = "revisions"
    __table_args__ = (UniqueConstraint("person_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    #: Counts from 1 per person.
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(10), index=True)
    record: Mapped[dict[str, Any]]
    author: Mapped[str] = mapped_column(String(MAX_REVISION_AUTHOR_CHARS))
    #: The id of the author; None for the operator and for revisions older than user accounts.
    author_id: Mapped[int | None] = mapped_column(index=True)
    #: Ids of users who contributed to what becomes public with this revision: its author and the
    #: authors of the drafts it is based on. None of them may publish it; see `four_eyes`.
    writers: Mapped[list[int]] = mapped_column(JSON, default=list)
    message: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    #: The number of the revision that it was edited from.
    base: Mapped[int | None]
    #: Languages whose biography was confirmed to agree with the others in this revision.
    agrees: Mapped[list[str]] = mapped_column(JSON, default=list)
    #: The name credited in public for the change.
    credit: Mapped[str] = mapped_column(String(MAX_REVISION_AUTHOR_CHARS), default="")
    #: The user who published it, and when.
    reviewer: Mapped[str] = mapped_column(String(MAX_REVISION_AUTHOR_CHARS), default="")
    reviewer_id: Mapped[int | None]
    published_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True), index=True)
    redacted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    #: The import run that made it; 0 if unknown.
    import_run: Mapped[int | None] = mapped_column(index=True)
