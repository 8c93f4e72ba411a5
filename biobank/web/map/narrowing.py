"""Links from a place or box of the map to the narrowed search."""

from dataclasses import replace
from typing import Final

from flask import url_for

from biobank.records.catalogue import Catalogue
from biobank.search.query import SIZE_DEFAULT, Choice, SearchQuery
from biobank.search.understanding import with_choice
from biobank.search.where import TIES, Area
from biobank.web.links import search_url, with_parameters
from biobank.web.map.gathering import Circle, Spot

#: The facet equivalent to each tie; activity has none.
FACETS: Final = {"any": "place", "birth": "birthplace", "death": "deathplace"}
#: Minimum size of a box in degrees for which zooming in may separate its places.
APART: Final = 0.01


def map_url(query: SearchQuery) -> str:
    """Return the URL of the map of a search, which keeps the selected tie."""
    whole = replace(query, page=1, size=SIZE_DEFAULT)
    parts = whole.address()
    if query.tie != TIES[0] and not query.area:
        parts.append(("tie", query.tie))
    return with_parameters(url_for("web.search_map", lang=query.lang), parts)


class Narrowing:
    """Links that find exactly the people counted by a cluster or a line of a list."""

    def __init__(self, query: SearchQuery, catalogue: Catalogue) -> None:
        self._query = query
        self._facet = FACETS.get(query.tie, "")
        # A facet includes narrower places, so it only fits places that have none.
        self._holding = {place.get("broader") for place in catalogue.places.values()}

    @property
    def facet(self) -> str:
        """Return the facet equivalent to the tie if it is not filtered yet, else the empty string.
        """
        chosen = self._query.choices.get(self._facet, Choice()).values
        return "" if chosen else self._facet

    def spot_url(self, spot: Spot) -> str:
        """Return the URL of the people tied to a place on the map."""
        return self.place_url(spot.id) or self._area_url(spot.box)

    def place_url(self, place_id: str) -> str:
        """Return the URL of the people of a place without narrower ones, or the empty string."""
        wider = not self.facet or place_id in self._holding
        return "" if wider else self.facet_url(place_id)

    def facet_url(self, value: str) -> str:
        """Return the URL of the people tied to a place or to one within it."""
        whole = replace(self._query, area=None, tie=TIES[0])
        return search_url(with_choice(whole, self.facet, Choice((value,))))

    def circle_url(self, circle: Circle) -> str:
        """Return the people of a single place, or for several places a zoomed map."""
        if len(circle.spots) == 1:
            return self.spot_url(circle.first)
        box = circle.box
        wide = max(box.east - box.west, box.north - box.south) > APART
        if wide and box != self._query.area:
            return map_url(replace(self._query, area=box))
        return self._area_url(box)

    def _area_url(self, box: Area) -> str:
        return search_url(replace(self._query, area=box, page=1))
