"""Conditions on places."""

from math import asin, cos, radians, sin, sqrt

from tests.relevance.oracle import Condition, Record, RecordBank

#: Latitude and longitude in degrees.
GeoPoint = tuple[float, float]
#: Mean radius of the Earth in kilometres.
EARTH_RADIUS_KM = 6371.0


def lived_in(*countries: str) -> Condition:
    return lambda _, person: not set(countries).isdisjoint(person.get("countries", []))


def has_place(*places: str) -> Condition:
    """Match people with a tie to one of the places or to a place within it."""
    return lambda bank, person: not set(places).isdisjoint(bank.catalogue.broader_places(places_of(person)))


def born_in(*places: str) -> Condition:
    return lambda bank, person: _within(bank, person, "birth", places)


def died_in(*places: str) -> Condition:
    return lambda bank, person: _within(bank, person, "death", places)


def without_place_of(role: str) -> Condition:
    return lambda _, person: "place" not in person.get(role, {})


def within_km(place: str, distance: float) -> Condition:
    """Match people with a tie to a place within `distance` kilometres of `place`."""

    def is_near(bank: RecordBank, person: Record) -> bool:
        centre = _point(bank, place)
        points = (_point(bank, other_place) for other_place in places_of(person))
        return any(centre and point and great_circle_km(centre, point) <= distance for point in points)

    return is_near


def in_box(west: float, south: float, east: float, north: float, tie: str = "any") -> Condition:
    """Match people with a place of the given tie between the meridians and parallels."""

    def inside(bank: RecordBank, person: Record) -> bool:
        points = (_point(bank, place) for place in places_of(person, tie))
        return any(point and south <= point[0] <= north and west <= point[1] <= east for point in points)

    return inside


def places_of(person: Record, tie: str = "any") -> list[str]:
    """Return the places of the birth, the death or the activity, or of all."""
    parts = {
        "birth": [person.get("birth", {})],
        "death": [person.get("death", {})],
        "activity": [person.get("floruit", {}), *person.get("events", [])],
    }
    chosen = [part for parts_of in parts.values() for part in parts_of]
    return [part["place"] for part in parts.get(tie, chosen) if "place" in part]


def _within(bank: RecordBank, person: Record, role: str, places: tuple[str, ...]) -> bool:
    own = bank.catalogue.broader_places(places_of(person, role))
    return not set(places).isdisjoint(own)


def _point(bank: RecordBank, place_id: str) -> GeoPoint | None:
    place = bank.catalogue.places[place_id]
    return (place["lat"], place["lon"]) if "lat" in place else None


def great_circle_km(first: GeoPoint, second: GeoPoint) -> float:
    """Return the great-circle distance of two points by the haversine formula."""
    (south, west), (north, east) = (map(radians, first), map(radians, second))
    haversine = sin((north - south) / 2) ** 2 + cos(south) * cos(north) * sin((east - west) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * asin(sqrt(haversine))
