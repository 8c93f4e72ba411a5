"""The register of diaspora organisations: numbers and registration dates."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Date, ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from biobank.records.organisations.models import Organisation
from biobank.store.base import Base


class Registration(Base):
    """An entry of the register. Numbers are never reused, even if struck off."""

    __tablename__ = "registrations"
    __table_args__ = (UniqueConstraint("year", "serial"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    #: A merged organisation has the numbers of both.
    organisation_id: Mapped[str] = mapped_column(ForeignKey(Organisation.id), index=True)
    #: `AZD-2026-0001`: the year and a gapless serial number within it.
    number: Mapped[str] = mapped_column(String(20), unique=True)
    year: Mapped[int]
    serial: Mapped[int]
    registered_on: Mapped[date] = mapped_column(Date)
    country: Mapped[str] = mapped_column(String(2), index=True)
    #: As submitted: the town may not be a place of the bank.
    city: Mapped[str] = mapped_column(String(100), default="")
    state: Mapped[str] = mapped_column(String(12), default="registered")


def list_registrations(session: Session) -> Sequence[Registration]:
    """Return all entries by number, including those struck off."""
    query = select(Registration).order_by(Registration.year, Registration.serial)
    return session.scalars(query).all()


def get_registration(session: Session, organisation_id: str) -> Registration | None:
    """Return the first entry of an organisation, if any."""
    query = select(Registration).where(Registration.organisation_id == organisation_id)
    registration: Registration | None = session.scalar(query.order_by(Registration.id).limit(1))
    return registration
