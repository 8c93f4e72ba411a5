"""The published record of a person as tables. A publish replaces a person's rows as a whole."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from biobank.store.base import Base

MERGED = "merged"
#: Why a person was taken out: their own wish, a mistake, the law, or merged with another.
WITHDRAWALS = ("wish", "mistake", "law", MERGED)


class OfPerson(Base):
    """A row that belongs to a person, at a position in one of the record's lists."""

    __abstract__ = True

    id: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int]

    @declared_attr
    def person_id(self) -> Mapped[str]:
        return mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)


class Dated:
    """An EDTF date, and the earliest and latest day it can mean as Gregorian ordinals."""

    date: Mapped[str | None] = mapped_column(String(64))
    earliest: Mapped[int | None] = mapped_column(BigInteger)
    latest: Mapped[int | None] = mapped_column(BigInteger)


class PersonName(OfPerson):
    """One written form of a name."""

    __tablename__ = "person_names"

    text: Mapped[str] = mapped_column(String(200))
    lang: Mapped[str] = mapped_column(String(12))
    script: Mapped[str | None] = mapped_column(String(4))
    kind: Mapped[str] = mapped_column(String(20))


class Biography(OfPerson):
    """The narrative about a person in one language, CommonMark with citations."""

    __tablename__ = "biographies"
    __table_args__ = (UniqueConstraint("person_id", "lang"),)

    lang: Mapped[str] = mapped_column(String(2))
    text: Mapped[str] = mapped_column(Text)


class PersonProfession(OfPerson):
    __tablename__ = "person_professions"
    __table_args__ = (Index(None, "term_key", "person_id"),)

    term_key: Mapped[str] = mapped_column(ForeignKey("terms.key"), index=True)


class PersonCountry(OfPerson):
    __tablename__ = "person_countries"

    country: Mapped[str] = mapped_column(String(2), index=True)


class Event(Dated, OfPerson):
    """A dated fact of a life: the birth, the death, the floruit, or an entry of `events`."""

    __tablename__ = "events"
    # "Born in this town": by one column alone, half of the table would be walked through.
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
    #: Of a birth or death that is known to the day: see `anniversaries`.
    month_day: Mapped[int | None]


class Relation(Dated, OfPerson):
    """A tie to another person; `type` names the other one's role. Stored at one end only."""

    __tablename__ = "relations"

    type_key: Mapped[str] = mapped_column(ForeignKey("terms.key"), index=True)
    #: Checked at commit: people of one file may point at each other, forward too.
    other_id: Mapped[str] = mapped_column(
        ForeignKey("people.id", deferrable=True, initially="DEFERRED"), index=True
    )


class Membership(Dated, OfPerson):
    __tablename__ = "memberships"
    __table_args__ = (Index(None, "organisation_id", "person_id"),)

    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    role: Mapped[dict[str, str] | None] = mapped_column(JSON(none_as_null=True))


class Work(Dated, OfPerson):
    __tablename__ = "works"

    title: Mapped[dict[str, str]]
    type_key: Mapped[str | None] = mapped_column(ForeignKey("terms.key"), index=True)


class PersonAward(Dated, OfPerson):
    __tablename__ = "person_awards"

    award_key: Mapped[str] = mapped_column(ForeignKey("terms.key"), index=True)


class Media(OfPerson):
    """A picture, film or recording, at its own address or the bank's, with its licence."""

    __tablename__ = "media"
    # Whose picture this is: asked whenever a file of it is.
    __table_args__ = (Index(None, "url"),)

    type: Mapped[str] = mapped_column(String(10))
    url: Mapped[str] = mapped_column(String(1000))
    licence: Mapped[str | None] = mapped_column(String(100))
    author: Mapped[str | None] = mapped_column(String(300))
    source: Mapped[str | None] = mapped_column(String(1000))
    alt: Mapped[dict[str, str] | None] = mapped_column(JSON(none_as_null=True))


class Identifier(OfPerson):
    """The person's id in another catalogue, e.g. scheme `wikidata`, value `Q317397`."""

    __tablename__ = "identifiers"

    scheme: Mapped[str] = mapped_column(String(30))
    value: Mapped[str] = mapped_column(String(200), index=True)


class PersonSource(OfPerson):
    __tablename__ = "person_sources"

    source_id: Mapped[str] = mapped_column(ForeignKey("sources.id"), index=True)


class Citation(OfPerson):
    """Which source supports which fact; `fact` is its path in the record: `events[2]`."""

    __tablename__ = "citations"

    fact: Mapped[str] = mapped_column(String(60))
    source_id: Mapped[str] = mapped_column(ForeignKey("sources.id"), index=True)
    locator: Mapped[str | None] = mapped_column(String(200))


class Likeness(OfPerson):
    """Something that other lives may share, made of the record: see `likenesses`."""

    __tablename__ = "likenesses"
    __table_args__ = (Index(None, "key", "kind", "person_id"),)

    kind: Mapped[str] = mapped_column(String(20))
    key: Mapped[str] = mapped_column(String(200))


class TextAge(Base):
    """In which published revision a biography last changed, and in which it was last said to agree.

    A text is stale where another language changed after both.
    """

    __tablename__ = "text_ages"

    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    lang: Mapped[str] = mapped_column(String(2), primary_key=True)
    changed: Mapped[int]
    agrees: Mapped[int]


class Person(Base):
    """A person. Rows below it hold the published record and are empty until there is one."""

    __tablename__ = "people"
    id: Mapped[str] = mapped_column(String(120), primary_key=True)
    #: The number of the revision that is public; none for a draft or a withdrawn person.
    published: Mapped[int | None] = mapped_column(index=True)
    gender: Mapped[str | None] = mapped_column(String(10))
    headline: Mapped[dict[str, str] | None] = mapped_column(JSON(none_as_null=True))
    connection: Mapped[dict[str, str] | None] = mapped_column(JSON(none_as_null=True))
    checked: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    #: When what is public of it last changed; of one that was withdrawn, when that was. None for
    #: a person who never was public.
    updated_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True), index=True)
    #: When and why it was taken out of the bank: a tombstone stays; see WITHDRAWALS.
    withdrawn_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True), index=True)
    withdrawal: Mapped[str | None] = mapped_column(String(20))
    #: Azerbaijani alphabetical order of the preferred name, the same in every database.
    sort_key: Mapped[str] = mapped_column(String(400), index=True, default="")
    initial: Mapped[str] = mapped_column(String(2), index=True, default="")

    # Read-only views of the rows below; `mapping` and `queries` write them as a whole.
    names: Mapped[list[PersonName]] = relationship(order_by=PersonName.position, viewonly=True)
    biographies: Mapped[list[Biography]] = relationship(order_by=Biography.position, viewonly=True)
    professions: Mapped[list[PersonProfession]] = relationship(
        order_by=PersonProfession.position, viewonly=True
    )
    countries: Mapped[list[PersonCountry]] = relationship(
        order_by=PersonCountry.position, viewonly=True
    )
    events: Mapped[list[Event]] = relationship(order_by=Event.position, viewonly=True)
    relations: Mapped[list[Relation]] = relationship(
        foreign_keys=Relation.person_id, order_by=Relation.position, viewonly=True
    )
    memberships: Mapped[list[Membership]] = relationship(
        order_by=Membership.position, viewonly=True
    )
    works: Mapped[list[Work]] = relationship(order_by=Work.position, viewonly=True)
    awards: Mapped[list[PersonAward]] = relationship(order_by=PersonAward.position, viewonly=True)
    media: Mapped[list[Media]] = relationship(order_by=Media.position, viewonly=True)
    identifiers: Mapped[list[Identifier]] = relationship(
        order_by=Identifier.position, viewonly=True
    )
    sources: Mapped[list[PersonSource]] = relationship(
        order_by=PersonSource.position, viewonly=True
    )
    citations: Mapped[list[Citation]] = relationship(order_by=Citation.position, viewonly=True)
