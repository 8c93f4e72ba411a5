"""The places of the map as lists."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from biobank.records.catalogue import Catalogue
from biobank.search.answer import SearchAnswer
from biobank.search.query import SearchQuery
from biobank.search.where import AREA_KINDS, Ties, point_of
from biobank.web.map.gathering import Spot
from biobank.web.map.narrowing import Narrowing


@dataclass(frozen=True)
class PlaceLine:
    """A place and its number of people; `url` is empty where no search finds exactly them."""

    label: str
    count: int
    url: str
    #: Whether the place has coordinates.
    drawn: bool = True


@dataclass(frozen=True)
class Lists:
    """Builds the place lists of one search, most people first."""

    query: SearchQuery
    catalogue: Catalogue
    ties: Ties
    narrowing: Narrowing

    def spots(self) -> list[Spot]:
        """Return the places of the selected tie within the requested area."""
        area, found = self.query.area, []
        for place_id, people in self._tied.items():
            point = point_of(self.catalogue.places.get(place_id))
            if point and (area is None or area.contains(*point)):
                found.append(Spot(place_id, point, people))
        return sorted(found, key=lambda spot: spot.order)

    def lines(self, spots: Iterable[Spot]) -> tuple[PlaceLine, ...]:
        lines = (
            PlaceLine(self.name(spot.id), spot.count, self.narrowing.spot_url(spot))
            for spot in spots
        )
        return _ordered(lines)

    def everywhere(self, spots: Iterable[Spot]) -> tuple[PlaceLine, ...]:
        """Return `places`, and places without coordinates if no area is requested."""
        lines = list(self.lines(spots))
        if self.query.area is None:
            lines += [
                PlaceLine(self.name(id_), len(people), self.narrowing.place_url(id_), drawn=False)
                for id_, people in self._tied.items()
                if not self._is_land(id_) and point_of(self.catalogue.places.get(id_)) is None
            ]
        return _ordered(lines)

    def lands(self, answer: SearchAnswer) -> tuple[PlaceLine, ...]:
        """Return countries and regions with all their people, as the facet counts them."""
        facet = self.narrowing.facet if self.query.area is None else ""
        lines = (
            PlaceLine(value.label, value.count, self.narrowing.facet_url(value.id), drawn=False)
            for value in answer.facets.get(facet, ())
            if self._is_land(value.id)
        )
        return _ordered(lines)

    def name(self, place_id: str) -> str:
        return self.catalogue.place_name(place_id, self.query.lang)

    @cached_property
    def _tied(self) -> dict[str, frozenset[str]]:
        """Return the people with the selected tie, by place."""
        found = {place_id: self.ties.of(place_id, self.query.tie) for place_id in self.ties}
        return {place_id: people for place_id, people in found.items() if people}

    def _is_land(self, place_id: str) -> bool:
        return self.catalogue.places.get(place_id, {}).get("kind") in AREA_KINDS


def _ordered(lines: Iterable[PlaceLine]) -> tuple[PlaceLine, ...]:
    return tuple(sorted(lines, key=lambda line: (-line.count, line.label)))
