"""Links from a place or box of the map to the narrowed search."""

from dataclasses import replace
from typing import Final

from biobank.records.catalogue import Catalogue
from biobank.search.geo import TIE_KINDS, Area
from biobank.search.query import FacetChoice, SearchQuery
from biobank.search.query_explanation import with_choice
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
