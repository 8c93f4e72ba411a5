"""Resolution of places by name and identifier, and of terms by label.

The resolver is a snapshot taken when an import begins, extended by the places in the file.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from math import cos, hypot, radians
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from biobank.i18n import LANGUAGES
from biobank.names.folding import fold
from biobank.names.slug import slug
from biobank.records.countries import COUNTRIES, OTHER_NAMES, country_name
from biobank.records.places.models import Place
from biobank.records.vocabulary.models import Term

#: Kilometres within which two places of one name and country are the same place: catalogues put
#: the point of a city anywhere within it.
NEAR = 50.0
#: Kilometres of one degree of latitude.
DEGREE = 111.2

Point = tuple[float, float]


@dataclass(frozen=True)
class Spot:
    """The properties that distinguish a place from others of the same name."""

    id: str
    kind: str
    country: str | None
    point: Point | None


@dataclass(frozen=True)
class Wanted:
    """A place as a file describes it: its name, and what else is known of it."""

    name: str
    country: str | None = None
    point: Point | None = None
    kind: str | None = None


@dataclass
class Bank:
    """The known places and terms; a new resolver knows none."""

    ids: set[str] = field(default_factory=set)
    by_name: dict[str, dict[str, Spot]] = field(default_factory=dict)
    by_identifier: dict[tuple[str, str], str] = field(default_factory=dict)
    #: From vocabulary to folded ids, labels and alternative labels, and from these to term ids.
    terms: dict[str, dict[str, set[str]]] = field(default_factory=dict)
    #: Places that the file adds, by id.
    brought: dict[str, dict[str, Any]] = field(default_factory=dict)

    def places(self, wanted: Wanted) -> list[Spot]:
        """Return the matching places: none, exactly one, or all that cannot be told apart."""
        spots = list(self.by_name.get(fold(wanted.name), {}).values())
        if wanted.country:
            spots = [spot for spot in spots if spot.country in (wanted.country, None)]
        if wanted.point:
            far = {spot.id: _apart(spot.point, wanted.point) for spot in spots if spot.point}
            near = [spot for spot in spots if spot.id in far and far[spot.id] <= NEAR]
            if near:
                return [min(near, key=lambda spot: _order(spot, wanted, far[spot.id]))]
            spots = [spot for spot in spots if not spot.point]
        return spots if len(spots) < 2 else _told_apart(spots, wanted)

    def bring(self, wanted: Wanted, names: list[dict[str, str]], **more: Any) -> dict[str, Any]:
        """Add a new place and index it, so that later lines find it; return its record."""
        lat, lon = wanted.point or (None, None)
        record = {
            "id": self._free(wanted),
            "kind": wanted.kind or "settlement",
            "names": names,
            "country": wanted.country,
            "lat": lat,
            "lon": lon,
            **more,
        }
        record = {key: value for key, value in record.items() if value not in (None, {})}
        self.brought[record["id"]] = record
        self.learn(record)
        return record

    def learn(self, place: Mapping[str, Any]) -> None:
        lat, lon = place.get("lat"), place.get("lon")
        point = (lat, lon) if lat is not None and lon is not None else None
        spot = Spot(place["id"], place["kind"], place.get("country"), point)
        self.ids.add(spot.id)
        for name in place["names"]:
            self.by_name.setdefault(fold(name["text"]), {})[spot.id] = spot
        for identifier in place.get("identifiers", {}).items():
            self.by_identifier.setdefault(identifier, spot.id)

    def _free(self, wanted: Wanted) -> str:
        base = _base(wanted.name, wanted.country)
        candidate, nth = base, 1
        while candidate in self.ids:
            nth += 1
            candidate = f"{base}-{nth}"
        return candidate


def load_bank(session: Session) -> Bank:
    bank = Bank()
    for place in session.scalars(select(Place).options(selectinload(Place.names))):
        bank.learn(
            {
                "id": place.id,
                "kind": place.kind,
                "country": place.country,
                "lat": place.lat,
                "lon": place.lon,
                "identifiers": place.identifiers,
                "names": [{"text": name.text} for name in place.names],
            }
        )
    for term in session.scalars(select(Term)):
        words = bank.terms.setdefault(term.vocabulary, {})
        for word in _words(term):
            words.setdefault(fold(word), set()).add(term.id)
    return bank


def _words(term: Term) -> Iterator[str]:
    yield term.id
    yield from term.labels.values()
    for words in term.alt.values():
        yield from words


def country_code(text: str) -> str | None:
    """Return the code of a country written as its code or its name in az, en or ru."""
    text = text.strip()
    if text in COUNTRIES:
        return text
    folded = fold(text.replace("_", " ")).replace("saint ", "st. ")
    return _NAMES.get(folded) or _NAMES.get(folded.replace(" and ", " & "))


def _base(name: str, country: str | None) -> str:
    """Return the base id of an added place; later places of the same base get a numeric suffix."""
    return slug(f"{name} {country or ''}")


def _was_brought(spot: Spot, name: str) -> bool:
    """Return whether the id of a place has the form that imports generate."""
    return bool(re.fullmatch(re.escape(_base(name, spot.country)) + "(-[0-9]+)?", spot.id))


# When a file is imported again, places that were missing for its first lines exist, and each line
# must resolve to the same place as before. Hence imported places always rank after curated ones,
# and among themselves by creation order, not by distance.


def _told_apart(spots: list[Spot], wanted: Wanted) -> list[Spot]:
    """Narrow down several places of one name where the file gives no coordinates."""
    if wanted.country:
        own = [spot for spot in spots if not _was_brought(spot, wanted.name)]
        if len(own) == 1:
            return own
        if not own:
            return [min(spots, key=lambda spot: (len(spot.id), spot.id))]
        spots = own
    return [spot for spot in spots if spot.kind == wanted.kind] or spots


def _order(spot: Spot, wanted: Wanted, kilometres: float) -> tuple[bool, float, int, str]:
    """Rank curated places first, by distance; then imported ones, in creation order."""
    brought = _was_brought(spot, wanted.name)
    return brought, 0 if brought else kilometres, len(spot.id), spot.id


def _apart(one: Point | None, other: Point) -> float:
    """Return the kilometres between two points; accurate up to a few hundred kilometres."""
    assert one is not None
    lon = (one[1] - other[1] + 180) % 360 - 180
    return hypot(one[0] - other[0], lon * cos(radians(other[0]))) * DEGREE


_NAMES = {
    **{fold(country_name(code, lang)): code for code in COUNTRIES for lang in LANGUAGES},
    **OTHER_NAMES,
}
