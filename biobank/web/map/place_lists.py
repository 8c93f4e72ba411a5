"""The places of the map as lists."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from biobank.records.catalogue import Catalogue
from biobank.search.geo import AREA_KINDS, TiesByPlace, place_point
from biobank.search.query import SearchQuery
from biobank.search.response import SearchResponse
from biobank.web.map.clustering import MapPlace
from biobank.web.map.drilldown import DrilldownLinks


@dataclass(frozen=True)
class PlaceCount:
    """A place and its number of people; `url` is empty where no search finds exactly them."""

    label: str
    count: int
    url: str
    #: Whether the place has coordinates.
    is_on_map: bool = True


@dataclass(frozen=True)
class PlaceLists:
    """Builds the place lists of one search, most people first."""

    query: SearchQuery
    catalogue: Catalogue
    ties: TiesByPlace
    drilldown: DrilldownLinks

    def places(self) -> list[MapPlace]:
        """Return the places of the selected tie within the requested area."""
        area, places = self.query.area, []
        for place_id, people in self._people_by_place.items():
            point = place_point(self.catalogue.places.get(place_id))
            if point and (area is None or area.contains(*point)):
                places.append(MapPlace(place_id, point, people))
        return sorted(places, key=lambda place: place.sort_key)

    def place_counts(self, places: Iterable[MapPlace]) -> tuple[PlaceCount, ...]:
        counts = (
            PlaceCount(self.place_name(place.id), place.count, self.drilldown.map_place_url(place))
            for place in places
        )
        return _by_count(counts)

    def all_place_counts(self, places: Iterable[MapPlace]) -> tuple[PlaceCount, ...]:
        """Return `places`, and places without coordinates if no area is requested."""
        counts = list(self.place_counts(places))
        if self.query.area is None:
            counts += [
                PlaceCount(self.place_name(id_), len(people), self.drilldown.place_url(id_), is_on_map=False)
                for id_, people in self._people_by_place.items()
                if not self._is_region(id_) and place_point(self.catalogue.places.get(id_)) is None
            ]
        return _by_count(counts)

    def region_counts(self, response: SearchResponse) -> tuple[PlaceCount, ...]:
        """Return countries and regions with all their people, as the facet counts them."""
        facet = self.drilldown.facet if self.query.area is None else ""
        counts = (
            PlaceCount(value.label, value.count, self.drilldown.facet_url(value.id), is_on_map=False)
            for value in response.facets.get(facet, ())
            if self._is_region(value.id)
        )
        return _by_count(counts)

    def place_name(self, place_id: str) -> str:
        return self.catalogue.place_name(place_id, self.query.lang)

    @cached_property
    def _people_by_place(self) -> dict[str, frozenset[str]]:
        """Return the people with the selected tie, by place."""
        by_place = {place_id: self.ties.people(place_id, self.query.tie) for place_id in self.ties}
        return {place_id: people for place_id, people in by_place.items() if people}

    def _is_region(self, place_id: str) -> bool:
        return self.catalogue.places.get(place_id, {}).get("kind") in AREA_KINDS


def _by_count(counts: Iterable[PlaceCount]) -> tuple[PlaceCount, ...]:
    return tuple(sorted(counts, key=lambda entry: (-entry.count, entry.label)))
