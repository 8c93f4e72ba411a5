"""The register of diaspora organisations: which organisation has which number, since when."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Date, ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from biobank.records.organisations.models import Organisation
from biobank.store.base import Base

STATES = ("registered", "struck")


class Registration(Base):
    """An organisation in the register. A number is given once and stays, struck off or not."""

    __tablename__ = "registrations"
    __table_args__ = (UniqueConstraint("year", "serial"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    #: One that two were merged into has the numbers of both.
    organisation_id: Mapped[str] = mapped_column(ForeignKey(Organisation.id), index=True)
    #: `AZD-2026-0001`: the year and, within it, a number that rises without gaps.
    number: Mapped[str] = mapped_column(String(20), unique=True)
    year: Mapped[int]
    serial: Mapped[int]
    registered_on: Mapped[date] = mapped_column(Date)
    country: Mapped[str] = mapped_column(String(2), index=True)
    #: As it was sent: the town may be none of the bank's places.
    city: Mapped[str] = mapped_column(String(100), default="")
    state: Mapped[str] = mapped_column(String(12), default="registered")


def registered(session: Session) -> Sequence[Registration]:
    """All of the register by number, those struck off too."""
    query = select(Registration).order_by(Registration.year, Registration.serial)
    return session.scalars(query).all()


def registration_of(session: Session, organisation_id: str) -> Registration | None:
    """The entry of an organisation, the first of several; none where it has none."""
    query = select(Registration).where(Registration.organisation_id == organisation_id)
    found: Registration | None = session.scalar(query.order_by(Registration.id).limit(1))
    return found
