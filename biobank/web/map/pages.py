"""The view model of the map page: where the people of the results were born, died or active."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from biobank.bootstrap import Services
from biobank.search.geo import TIE_KINDS
from biobank.search.query import SearchQuery
from biobank.search.response import SearchResponse
from biobank.web.core.gettext import _
from biobank.web.core.search_chips import (
    MAX_DESCRIBED_PROBLEMS,
    Chip,
    describe_chips,
    describe_dropped,
    make_chips,
)
from biobank.web.core.urls import Link, first_page, map_url, search_url
from biobank.web.map.basemap import BASEMAP_HEIGHT, BASEMAP_WIDTH
from biobank.web.map.clustering import URL_PRECISION_DEGREES, MapPlace
from biobank.web.map.forms import MAX_EDGE_CHARS, RequestedArea, clamp_to_earth, zoom_in, zoom_out
from biobank.web.map.picture import MapPicture, MapRenderer
from biobank.web.map.place_lists import DrilldownLinks, PlaceCount, PlaceLists
from biobank.web.map.viewport import Viewport, bounding_box, choose_viewport, widen_if_crossing

#: Maximum number of lines shown open, of places listed, and of places listed as outside.
MAX_OPEN_LINES: Final = 12
MAX_LISTED_PLACES: Final = 400
MAX_FAR_PLACES: Final = 10


@dataclass(frozen=True)
class FoldedList:
    """The lines shown open, and the folded ones."""

    first: tuple[PlaceCount, ...]
    more: tuple[PlaceCount, ...]

    @classmethod
    def from_lines(cls, lines: tuple[PlaceCount, ...]) -> "FoldedList":
        # One more line takes less space than the button that unfolds it.
        max_open = MAX_OPEN_LINES + 1 if len(lines) == MAX_OPEN_LINES + 1 else MAX_OPEN_LINES
        return cls(lines[:max_open], lines[max_open:MAX_LISTED_PLACES])


@dataclass(frozen=True)
class ZoomLinks:
    """Links to other views of the map; empty where there is none."""

    zoom_in_url: str
    zoom_out_url: str
    reset_url: str


@dataclass(frozen=True)
class AreaForm:
    """The form of an area; `fields` keep the rest of the query."""

    requested: RequestedArea
    fields: tuple[tuple[str, str], ...]
    max_chars: int = MAX_EDGE_CHARS


@dataclass(frozen=True)
class MapPage:
    """The map page. `placed_count` of `total` people are on the map; `far_places` are outside."""

    question: str
    total: int
    placed_count: int
    chips: tuple[Chip, ...]
    problems: tuple[str, ...]
    did_you_mean: tuple[Link, ...]
    ties: tuple[Link, ...]
    picture: MapPicture
    far_places: tuple[PlaceCount, ...]
    places: FoldedList
    regions: FoldedList
    zoom_links: ZoomLinks
    form: AreaForm
    list_url: str
    #: Width and height of the basemap in its units.
    basemap_size: str = f"{BASEMAP_WIDTH} {BASEMAP_HEIGHT}"


def make_map_page(services: Services, query: SearchQuery, requested: RequestedArea) -> MapPage:
    """Run the search and return its people on the map."""
    response = services.search.search(replace(query, page=1, size=1))
    query = first_page(response.query)
    catalogue, ties = services.catalogue(), services.search.people_by_place(query)
    lists = PlaceLists(query, catalogue, ties, DrilldownLinks(query, catalogue))
    places = lists.places()
    viewport = choose_viewport(query.area, {place.point: place.count for place in places})
    renderer = MapRenderer(lists.place_name, lists.drilldown.cluster_url)
    far_places = [place for place in places if not viewport.contains(place.point)]
    chips = _chips(response, query)
    return MapPage(
        question=describe_chips(chips),
        total=response.total,
        placed_count=len(frozenset().union(*(place.people for place in places))),
        chips=chips,
        problems=tuple(_notices(response, query)),
        did_you_mean=tuple(Link(text, map_url(replace(query, text=text))) for text in response.did_you_mean),
        ties=_tie_links(query),
        picture=renderer.render([place for place in places if place not in far_places], viewport, query.area),
        far_places=lists.place_counts(far_places)[:MAX_FAR_PLACES],
        places=FoldedList.from_lines(lists.all_place_counts(places)),
        regions=FoldedList.from_lines(lists.region_counts(response)),
        zoom_links=_zoom_links(query, viewport, places),
        form=AreaForm(requested, _fields(query)),
        list_url=search_url(query),
    )


def _notices(response: SearchResponse, query: SearchQuery) -> Iterator[str]:
    """Yield the problems of the query, and the filters that were given up."""
    for problem in response.problems[:MAX_DESCRIBED_PROBLEMS]:
        yield problem.message_with_suggestions(query.lang)
    if dropped := describe_dropped(response):
        yield dropped


def _chips(response: SearchResponse, query: SearchQuery) -> tuple[Chip, ...]:
    # Dropping the area keeps the selected tie.
    return make_chips(response, lambda remaining_query: map_url(replace(remaining_query, tie=query.tie)))


def _tie_links(query: SearchQuery) -> tuple[Link, ...]:
    labels = {
        "any": _("All places"),
        "birth": _("Places of birth"),
        "death": _("Places of death"),
        "activity": _("Places of activity"),
    }
    return tuple(
        Link(labels[tie], map_url(replace(query, tie=tie)), current=tie == query.tie) for tie in TIE_KINDS
    )


def _fields(query: SearchQuery) -> tuple[tuple[str, str], ...]:
    arguments = replace(query, area=None).url_params()
    return (*arguments, *((("tie", query.tie),) if query.tie != TIE_KINDS[0] else ()))


def _zoom_links(query: SearchQuery, viewport: Viewport, places: Sequence[MapPlace]) -> ZoomLinks:
    """Return the zoom links; zooming in targets the place with most people, so it is never empty."""
    visible = query.area or clamp_to_earth(viewport.west, viewport.south, viewport.east, viewport.north)
    box = widen_if_crossing(visible)
    closer_area = zoom_in(box, places[0].point) if places else None
    if query.area:
        wider_area = zoom_out(box)
    else:
        has_outside = any(not viewport.contains(place.point) for place in places)
        wider_area = (
            bounding_box((place.point for place in places), URL_PRECISION_DEGREES) if has_outside else None
        )
    return ZoomLinks(
        zoom_in_url=map_url(replace(query, area=closer_area)) if closer_area else "",
        zoom_out_url=map_url(replace(query, area=wider_area)) if wider_area else "",
        reset_url=map_url(replace(query, area=None)) if query.area else "",
    )
