"""From a place or a box of the map to the same question about it."""

from dataclasses import replace
from typing import Final

from flask import url_for

from biobank.records.catalogue import Catalogue
from biobank.search.query import SIZE_DEFAULT, Choice, SearchQuery
from biobank.search.understanding import with_choice
from biobank.search.where import TIES, Area
from biobank.web.links import search_url, with_parameters
from biobank.web.map.gathering import Circle, Spot

#: The facet that asks the same of a place as a tie does; activity has none.
FACETS: Final = {"any": "place", "birth": "birthplace", "death": "deathplace"}
#: Degrees that a box is larger than, if coming closer may tell its places apart.
APART: Final = 0.01


def map_url(query: SearchQuery) -> str:
    """The map of an answer. It keeps the tie that is shown, without an area too."""
    whole = replace(query, page=1, size=SIZE_DEFAULT)
    parts = whole.address()
    if query.tie != TIES[0] and not query.area:
        parts.append(("tie", query.tie))
    return with_parameters(url_for("web.search_map", lang=query.lang), parts)


class Narrowing:
    """Links that find exactly the people whom a circle or a line of the list counts."""

    def __init__(self, query: SearchQuery, catalogue: Catalogue) -> None:
        self._query = query
        self._facet = FACETS.get(query.tie, "")
        # A facet counts what lies within a place as well: it will do for places without.
        self._holding = {place.get("broader") for place in catalogue.places.values()}

    @property
    def facet(self) -> str:
        """The facet whose values say the same as the tie, where none is chosen yet; or empty."""
        chosen = self._query.choices.get(self._facet, Choice()).values
        return "" if chosen else self._facet

    def spot_url(self, spot: Spot) -> str:
        """The people tied to a place on the map."""
        return self.place_url(spot.id) or self._area_url(spot.box)

    def place_url(self, place_id: str) -> str:
        """The people tied to a place and to none in it; empty where no facet asks that."""
        wider = not self.facet or place_id in self._holding
        return "" if wider else self.facet_url(place_id)

    def facet_url(self, value: str) -> str:
        """The people tied to a place or to one in it."""
        whole = replace(self._query, area=None, tie=TIES[0])
        return search_url(with_choice(whole, self.facet, Choice((value,))))

    def circle_url(self, circle: Circle) -> str:
        """A place's people; of several places, the map that tells them apart."""
        if len(circle.spots) == 1:
            return self.spot_url(circle.first)
        box = circle.box
        wide = max(box.east - box.west, box.north - box.south) > APART
        if wide and box != self._query.area:
            return map_url(replace(self._query, area=box))
        return self._area_url(box)

    def _area_url(self, box: Area) -> str:
        return search_url(replace(self._query, area=box, page=1))
