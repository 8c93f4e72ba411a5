"""Tables of places and their names."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from biobank.store.base import Base


class PlaceName(Base):
    """A name of a place in one language, current or of a period."""

    __tablename__ = "place_names"

    id: Mapped[int] = mapped_column(primary_key=True)
    place_id: Mapped[str] = mapped_column(ForeignKey("places.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    text: Mapped[str] = mapped_column(String(200))
    lang: Mapped[str] = mapped_column(String(12))
    #: EDTF interval in which the name was in use; None for a current name.
    period: Mapped[str | None] = mapped_column(String(64))


class Place(Base):
    """A town, village, region or country."""

    __tablename__ = "places"

    id: Mapped[str] = mapped_column(String(120), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    broader_id: Mapped[str | None] = mapped_column(
        # Checked at commit: a file may refer to a broader place before it defines it.
        ForeignKey("places.id", deferrable=True, initially="DEFERRED"),
        index=True,
    )
    #: Present-day country, ISO 3166-1 alpha-2.
    country: Mapped[str | None] = mapped_column(String(2), index=True)
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    identifiers: Mapped[dict[str, str]]

    names: Mapped[list[PlaceName]] = relationship(cascade="all, delete-orphan", order_by=PlaceName.position)
