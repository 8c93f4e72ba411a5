"""Tables of organisations and their names."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from biobank.store.base import Base


class OrganisationName(Base):
    """A name of an organisation; a former name has a period."""

    __tablename__ = "organisation_names"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[str] = mapped_column(
        ForeignKey("organisations.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int]
    text: Mapped[str] = mapped_column(String(300))
    lang: Mapped[str] = mapped_column(String(12))
    kind: Mapped[str] = mapped_column(String(20))
    period: Mapped[str | None] = mapped_column(String(64))


class Organisation(Base):
    """A school, theatre, orchestra, party, company, diaspora organisation, etc."""

    __tablename__ = "organisations"

    id: Mapped[str] = mapped_column(String(120), primary_key=True)
    kind: Mapped[str] = mapped_column(String(30), index=True)
    place_id: Mapped[str | None] = mapped_column(ForeignKey("places.id"), index=True)
    country: Mapped[str | None] = mapped_column(String(2), index=True)
    founded: Mapped[str | None] = mapped_column(String(64))
    dissolved: Mapped[str | None] = mapped_column(String(64))
    summary: Mapped[dict[str, str]]
    website: Mapped[str | None] = mapped_column(String(500))
    identifiers: Mapped[dict[str, str]]

    names: Mapped[list[OrganisationName]] = relationship(
        cascade="all, delete-orphan", order_by=OrganisationName.position
    )
