"""The places of the map as lists, with links to the search narrowed to a place."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from biobank.records.catalogue import Catalogue
from biobank.search.geo import AREA_KINDS, TIE_KINDS, Area, TiesByPlace, place_point
from biobank.search.query import FacetChoice, SearchQuery
from biobank.search.query_explanation import with_choice
from biobank.search.response import SearchResponse
from biobank.web.core.urls import map_url, search_url
from biobank.web.map.clustering import Cluster, MapPlace

#: The facet equivalent to each tie; activity has none.
FACET_BY_TIE: Final = {"any": "place", "birth": "birthplace", "death": "deathplace"}
#: Minimum size of a box in degrees for which zooming in may separate its places.
MIN_BOX_DEGREES: Final = 0.01


class DrilldownLinks:
    """Links that find exactly the people counted by a cluster or a line of a list."""

    def __init__(self, query: SearchQuery, catalogue: Catalogue) -> None:
        self._query = query
        self._facet = FACET_BY_TIE.get(query.tie, "")
        # A facet includes narrower places, so it only fits places that have none.
        self._broader_ids = {place.get("broader") for place in catalogue.places.values()}

    @property
    def facet(self) -> str:
        """Return the facet equivalent to the tie if it is not filtered yet, else the empty string."""
        chosen = self._query.choices.get(self._facet, FacetChoice()).values
        return "" if chosen else self._facet

    def map_place_url(self, place: MapPlace) -> str:
        """Return the URL of the people tied to a place on the map."""
        return self.place_url(place.id) or self._area_url(place.box)

    def place_url(self, place_id: str) -> str:
        """Return the URL of the people of a place without narrower ones, or the empty string."""
        is_broader = not self.facet or place_id in self._broader_ids
        return "" if is_broader else self.facet_url(place_id)

    def facet_url(self, value: str) -> str:
        """Return the URL of the people tied to a place or to one within it."""
        full_query = replace(self._query, area=None, tie=TIE_KINDS[0])
        return search_url(with_choice(full_query, self.facet, FacetChoice((value,))))

    def cluster_url(self, cluster: Cluster) -> str:
        """Return the people of a single place, or for several places a zoomed map."""
        if len(cluster.places) == 1:
            return self.map_place_url(cluster.main)
        box = cluster.box
        is_separable = max(box.east - box.west, box.north - box.south) > MIN_BOX_DEGREES
        if is_separable and box != self._query.area:
            return map_url(replace(self._query, area=box))
        return self._area_url(box)

    def _area_url(self, box: Area) -> str:
        return search_url(replace(self._query, area=box, page=1))


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
