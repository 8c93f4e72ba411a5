"""Geography: areas, the places within them, and the people tied to each place."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt
from typing import Any, Final

from biobank.errors import BadQuery
from biobank.records.catalogue import Catalogue
from biobank.records.people.citations import iter_facts

#: Ties of a person to a place: any, born there, died there, or any other fact located there.
TIE_KINDS: Final = ("any", "birth", "death", "activity")
#: Decimal places of degrees in URLs: about ten metres.
DEGREE_DIGITS: Final = 4
#: Mean radius of the Earth in kilometres (IUGG).
EARTH_RADIUS_KM: Final = 6371.0088
#: Kinds of places that are areas; their coordinates are only a centre.
AREA_KINDS: Final = frozenset({"country", "region"})

RecordMapping = Mapping[str, Any]
PlaceWidener = Callable[[Iterable[str]], Iterable[str]]

#: A number of degrees in a URL.
DEGREES_PATTERN: Final = re.compile(r"[+-]?[0-9]{1,3}(?:\.[0-9]{1,20})?")
_BBOX_MESSAGE = "bbox takes four numbers of degrees: west,south,east,north, as in 44.7,38.3,50.7,42."


@dataclass(frozen=True)
class Area:
    """A rectangle in degrees, edges included; west > east crosses the 180th meridian.

    Raises:
        BadQuery: If a number is out of range, or the south is north of the north.
    """

    west: float
    south: float
    east: float
    north: float

    def __post_init__(self) -> None:
        for name in ("west", "south", "east", "north"):
            limit = 180 if name in ("west", "east") else 90
            value = getattr(self, name)
            if not -limit <= value <= limit:
                raise BadQuery(f"bbox: {name} takes degrees from -{limit} to {limit}.")
            # Rounded as in URLs, so that an area equals the parsed form of its text.
            object.__setattr__(self, name, round(float(value), DEGREE_DIGITS) + 0.0)
        if self.south > self.north:
            raise BadQuery("bbox: the south must not be north of the north.")

    @classmethod
    def parse(cls, text: str) -> "Area":
        """Parse `west,south,east,north` as written by `text`.

        Raises:
            BadQuery: If the text is not an area; the message shows the accepted form.
        """
        parts = [part.strip() for part in text.split(",")]
        if len(parts) != 4 or not all(DEGREES_PATTERN.fullmatch(part) for part in parts):
            raise BadQuery(_BBOX_MESSAGE)
        return cls(*map(float, parts))

    @property
    def text(self) -> str:
        """Return the canonical form, without trailing zeros."""
        return ",".join(format_degrees(edge) for edge in (self.west, self.south, self.east, self.north))

    @property
    def crosses_antimeridian(self) -> bool:
        """Return whether the area crosses the 180th meridian."""
        return self.west > self.east

    def contains(self, lat: float, lon: float) -> bool:
        if not self.south <= lat <= self.north:
            return False
        # The 180th meridian is both 180 and -180.
        return self._contains_longitude(lon) or (abs(lon) == 180 and self._contains_longitude(-lon))

    def _contains_longitude(self, lon: float) -> bool:
        if self.crosses_antimeridian:
            return lon >= self.west or lon <= self.east
        return self.west <= lon <= self.east


def format_degrees(value: float) -> str:
    """Format a number of degrees for a URL."""
    return f"{value:.{DEGREE_DIGITS}f}".rstrip("0").rstrip(".")


def place_point(place: RecordMapping | None) -> tuple[float, float] | None:
    """Return latitude and longitude of a place; None if unknown or if the place is an area."""
    if place is None or place["kind"] in AREA_KINDS:
        return None
    lat, lon = place.get("lat"), place.get("lon")
    return None if lat is None or lon is None else (lat, lon)


def places_within(catalogue: Catalogue, area: Area) -> frozenset[str]:
    """Return ids of places whose own point lies in `area`; countries and regions have none."""
    return frozenset(
        place_id
        for place_id, place in catalogue.places.items()
        if (point := place_point(place)) and area.contains(*point)
    )


def places_within_km(catalogue: Catalogue, place_id: str, km: float) -> frozenset[str]:
    """Return ids of the places within `km` kilometres of a place, the place itself included."""
    centre = place_point(catalogue.places.get(place_id))
    if centre is None:
        return frozenset({place_id})
    nearby = (
        nearby_id
        for nearby_id, place in catalogue.places.items()
        if (point := place_point(place)) and distance_km(centre, point) <= km
    )
    return frozenset({place_id, *nearby})


def distance_km(first: tuple[float, float], second: tuple[float, float]) -> float:
    """Return the great-circle distance in km of two (latitude, longitude) points."""
    (lat, lon), (lat2, lon2) = (tuple(map(radians, point)) for point in (first, second))
    haversine = sin((lat2 - lat) / 2) ** 2 + cos(lat) * cos(lat2) * sin((lon2 - lon) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(haversine)))


@dataclass(frozen=True)
class PlaceTieCounts:
    """Counts of people born, deceased or active at places; `people` counts each person once."""

    births: int
    deaths: int
    activity: int
    people: int

    def count(self, tie: str) -> int:
        """Return the count for one of TIE_KINDS."""
        counts = {"birth": self.births, "death": self.deaths, "activity": self.activity}
        return counts.get(tie, self.people)


class TiesByPlace(Mapping[str, PlaceTieCounts]):
    """Counts by place, built from ids of people by tie (all TIE_KINDS but `any`) and place."""

    def __init__(self, people: Mapping[str, Mapping[str, frozenset[str]]]) -> None:
        self._people = people
        self._places = sorted({place for by_place in people.values() for place in by_place})

    def __getitem__(self, place: str) -> PlaceTieCounts:
        if not any(place in by_place for by_place in self._people.values()):
            raise KeyError(place)
        return self.counts((place,))

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)

    def people(self, place: str, tie: str) -> frozenset[str]:
        """Return the ids of people with a tie to a place."""
        kinds = TIE_KINDS[1:] if tie == TIE_KINDS[0] else (tie,)
        return frozenset().union(*(self._people.get(kind, {}).get(place, ()) for kind in kinds))

    def counts(self, places: Iterable[str]) -> PlaceTieCounts:
        """Return the counts for any of `places`, each person counted once."""
        place_ids = set(places)
        births, deaths, activity = (self._people_at(tie, place_ids) for tie in TIE_KINDS[1:])
        return PlaceTieCounts(len(births), len(deaths), len(activity), len(births | deaths | activity))

    def _people_at(self, tie: str, places: set[str]) -> frozenset[str]:
        by_place = self._people.get(tie, {})
        return frozenset().union(*(by_place.get(place, ()) for place in places))


def collect_ties(records: Iterable[RecordMapping], widen: PlaceWidener = tuple) -> TiesByPlace:
    """Build the ties of `records`; `widen` adds broader places to a place."""
    people: dict[str, dict[str, set[str]]] = {tie: {} for tie in TIE_KINDS[1:]}
    for record in records:
        for path, fact in iter_facts(record):
            if place := fact.get("place"):
                tie = path if path in people else "activity"
                for place_id in widen((place,)):
                    people[tie].setdefault(place_id, set()).add(record["id"])
    return TiesByPlace(
        {tie: {place: frozenset(ids) for place, ids in by_place.items()} for tie, by_place in people.items()}
    )
