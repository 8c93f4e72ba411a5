"""Where: areas of the earth, the places within them, and who is tied to which place."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt
from typing import Any, Final

from biobank.errors import BadQuery
from biobank.records.catalogue import Catalogue
from biobank.records.people.citations import facts

#: How a person may be tied to a place: born there, died there, anything else a record tells of it.
TIES: Final = ("any", "birth", "death", "activity")
#: Digits after the point that an address carries: about ten metres.
DIGITS: Final = 4
#: Mean radius of the earth in kilometres (IUGG).
EARTH_KM: Final = 6371.0088
#: Kinds of place that are areas: a point given for one is only its middle.
AREA_KINDS: Final = frozenset({"country", "region"})

Record = Mapping[str, Any]
Widen = Callable[[Iterable[str]], Iterable[str]]

#: A number of degrees as an address carries it.
DEGREES: Final = re.compile(r"[+-]?[0-9]{1,3}(?:\.[0-9]{1,20})?")
_SHAPE = "bbox takes four numbers of degrees: west,south,east,north, as in 44.7,38.3,50.7,42."


@dataclass(frozen=True)
class Area:
    """A rectangle in degrees, its edges included; west > east crosses the 180th meridian.

    Raises:
        BadQuery: where a number is not on the earth, or the south is north of the north.
    """

    west: float
    south: float
    east: float
    north: float

    def __post_init__(self) -> None:
        for name in ("west", "south", "east", "north"):
            most = 180 if name in ("west", "east") else 90
            value = getattr(self, name)
            if not -most <= value <= most:
                raise BadQuery(f"bbox: {name} takes degrees from -{most} to {most}.")
            # As an address carries it, so that an area is equal to what its text reads as.
            object.__setattr__(self, name, round(float(value), DIGITS) + 0.0)
        if self.south > self.north:
            raise BadQuery("bbox: the south must not be north of the north.")

    @classmethod
    def read(cls, text: str) -> "Area":
        """From `west,south,east,north`, as `text` writes it.

        Raises:
            BadQuery: saying what it takes.
        """
        parts = [part.strip() for part in text.split(",")]
        if len(parts) != 4 or not all(DEGREES.fullmatch(part) for part in parts):
            raise BadQuery(_SHAPE)
        return cls(*map(float, parts))

    @property
    def text(self) -> str:
        """Its one canonical form: no zeros that say nothing."""
        return ",".join(degrees(edge) for edge in (self.west, self.south, self.east, self.north))

    @property
    def crosses(self) -> bool:
        """Whether the 180th meridian runs through it."""
        return self.west > self.east

    def contains(self, lat: float, lon: float) -> bool:
        if not self.south <= lat <= self.north:
            return False
        # The 180th meridian has two names.
        return self._spans(lon) or (abs(lon) == 180 and self._spans(-lon))

    def _spans(self, lon: float) -> bool:
        if self.crosses:
            return lon >= self.west or lon <= self.east
        return self.west <= lon <= self.east


def degrees(value: float) -> str:
    """A number of degrees as an address carries it."""
    return f"{value:.{DIGITS}f}".rstrip("0").rstrip(".")


def point_of(place: Record | None) -> tuple[float, float] | None:
    """Where a place lies, as latitude and longitude; None where that is not known, or an area."""
    if place is None or place["kind"] in AREA_KINDS:
        return None
    lat, lon = place.get("lat"), place.get("lon")
    return None if lat is None or lon is None else (lat, lon)


def places_within(catalogue: Catalogue, area: Area) -> frozenset[str]:
    """Ids of the places whose own point lies in `area`; countries and regions have none."""
    return frozenset(
        place_id
        for place_id, place in catalogue.places.items()
        if (point := point_of(place)) and area.contains(*point)
    )


def places_near(catalogue: Catalogue, place_id: str, km: float) -> frozenset[str]:
    """Ids of the places at most `km` from a place, that place always among them."""
    middle = point_of(catalogue.places.get(place_id))
    if middle is None:
        return frozenset({place_id})
    near = (
        other
        for other, place in catalogue.places.items()
        if (point := point_of(place)) and distance_km(middle, point) <= km
    )
    return frozenset({place_id, *near})


def distance_km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Kilometres between two points (latitude, longitude) on a sphere, by haversines."""
    (lat, lon), (lat2, lon2) = (tuple(map(radians, point)) for point in (one, other))
    half = sin((lat2 - lat) / 2) ** 2 + cos(lat) * cos(lat2) * sin((lon2 - lon) / 2) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(half)))


@dataclass(frozen=True)
class PlaceTies:
    """People who were born, died, were active at a place or several; `people` counts each once."""

    births: int
    deaths: int
    activity: int
    people: int

    def of(self, tie: str) -> int:
        """How many people have one of TIES."""
        counts = {"birth": self.births, "death": self.deaths, "activity": self.activity}
        return counts.get(tie, self.people)


class Ties(Mapping[str, PlaceTies]):
    """PlaceTies by place. Made of the people by place, for each of TIES but `any`."""

    def __init__(self, people: Mapping[str, Mapping[str, frozenset[str]]]) -> None:
        self._people = people
        self._places = sorted({place for by_place in people.values() for place in by_place})

    def __getitem__(self, place: str) -> PlaceTies:
        if not any(place in by_place for by_place in self._people.values()):
            raise KeyError(place)
        return self.together((place,))

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)

    def of(self, place: str, tie: str) -> frozenset[str]:
        """The ids of the people who have one of TIES to a place."""
        kinds = TIES[1:] if tie == TIES[0] else (tie,)
        return frozenset().union(*(self._people.get(kind, {}).get(place, ()) for kind in kinds))

    def together(self, places: Iterable[str]) -> PlaceTies:
        """The ties to any of `places`, each person counted once."""
        wanted = set(places)
        births, deaths, activity = (self._of(tie, wanted) for tie in TIES[1:])
        return PlaceTies(len(births), len(deaths), len(activity), len(births | deaths | activity))

    def _of(self, tie: str, places: set[str]) -> frozenset[str]:
        by_place = self._people.get(tie, {})
        return frozenset().union(*(by_place.get(place, ()) for place in places))


def ties_of(records: Iterable[Record], widen: Widen = tuple) -> Ties:
    """Who is tied to which place. `widen` adds to places of a fact what they lie in."""
    people: dict[str, dict[str, set[str]]] = {tie: {} for tie in TIES[1:]}
    for record in records:
        for path, fact in facts(record):
            if place := fact.get("place"):
                tie = path if path in people else "activity"
                for each in widen((place,)):
                    people[tie].setdefault(each, set()).add(record["id"])
    return Ties(
        {
            tie: {place: frozenset(ids) for place, ids in by_place.items()}
            for tie, by_place in people.items()
        }
    )
