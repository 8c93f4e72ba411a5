"""The view model of the map page: where the people of the results were born, died or active."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from biobank.bootstrap import Services
from biobank.search.answer import SearchAnswer
from biobank.search.query import SearchQuery
from biobank.search.where import TIES
from biobank.web.chips import Chip, make_chips
from biobank.web.links import Link, search_url
from biobank.web.map.areas import EDGE_MOST, AskedArea, closer, on_earth, wider
from biobank.web.map.gathering import ROUNDED, Spot
from biobank.web.map.land import HEIGHT, WIDTH
from biobank.web.map.lists import Lists, PlaceLine
from biobank.web.map.narrowing import Narrowing, map_url
from biobank.web.map.pictures import Drawer, Picture
from biobank.web.map.view import View, box_of, view_of, whole_earth_if_crossed
from biobank.web.problems import TOLD_MOST
from biobank.web.takeaway import in_words, whole
from biobank.web.text import _

#: Maximum number of lines shown open, of places listed, and of places listed as outside.
OPEN_MOST: Final = 12
LISTED_MOST: Final = 400
FAR_MOST: Final = 10


@dataclass(frozen=True)
class FoldedList:
    """The lines shown open, and the folded ones."""

    first: tuple[PlaceLine, ...]
    more: tuple[PlaceLine, ...]

    @classmethod
    def of(cls, lines: tuple[PlaceLine, ...]) -> "FoldedList":
        # One more line takes less space than the button that unfolds it.
        most = OPEN_MOST + 1 if len(lines) == OPEN_MOST + 1 else OPEN_MOST
        return cls(lines[:most], lines[most:LISTED_MOST])


@dataclass(frozen=True)
class Steps:
    """Links to other views of the map; empty where there is none."""

    closer: str
    wider: str
    whole: str


@dataclass(frozen=True)
class AreaForm:
    """The form of an area; `fields` keep the rest of the query."""

    asked: AskedArea
    fields: tuple[tuple[str, str], ...]
    most: int = EDGE_MOST


@dataclass(frozen=True)
class MapPage:
    """The map page. `placed_count` of `total` people are on the map; `far_places` are outside."""

    question: str
    total: int
    shown: int
    chips: tuple[Chip, ...]
    problems: tuple[str, ...]
    did_you_mean: tuple[Link, ...]
    ties: tuple[Link, ...]
    picture: Picture
    far: tuple[PlaceLine, ...]
    places: FoldedList
    lands: FoldedList
    steps: Steps
    form: AreaForm
    list_url: str
    #: Width and height of the basemap in its units.
    land_size: str = f"{WIDTH} {HEIGHT}"


def make_map_page(services: Services, query: SearchQuery, asked: AskedArea) -> MapPage:
    """Run the search and return its people on the map."""
    answer = services.search.search(replace(query, page=1, size=1))
    query = whole(answer.query)
    catalogue, ties = services.catalogue(), services.search.ties(query)
    lists = Lists(query, catalogue, ties, Narrowing(query, catalogue))
    spots = lists.spots()
    view = view_of(query.area, {spot.point: spot.count for spot in spots})
    drawer = Drawer(lists.name, lists.narrowing.circle_url)
    far = [spot for spot in spots if not view.holds(spot.point)]
    chips = _chips(answer, query)
    return MapPage(
        question=in_words(chips),
        total=answer.total,
        shown=len(frozenset().union(*(spot.people for spot in spots))),
        chips=chips,
        problems=tuple(problem.message for problem in answer.problems[:TOLD_MOST]),
        did_you_mean=tuple(
            Link(text, map_url(replace(query, text=text))) for text in answer.did_you_mean
        ),
        ties=_ties(query),
        picture=drawer.picture([spot for spot in spots if spot not in far], view, query.area),
        far=lists.lines(far)[:FAR_MOST],
        places=FoldedList.of(lists.everywhere(spots)),
        lands=FoldedList.of(lists.lands(answer)),
        steps=_steps(query, view, spots),
        form=AreaForm(asked, _fields(query)),
        list_url=search_url(query),
    )


def _chips(answer: SearchAnswer, query: SearchQuery) -> tuple[Chip, ...]:
    # Dropping the area keeps the selected tie.
    return make_chips(answer, lambda rest: map_url(replace(rest, tie=query.tie)))


def _ties(query: SearchQuery) -> tuple[Link, ...]:
    labels = {
        "any": _("Everything"),
        "birth": _("Births"),
        "death": _("Deaths"),
        "activity": _("Activity"),
    }
    return tuple(
        Link(labels[tie], map_url(replace(query, tie=tie)), current=tie == query.tie)
        for tie in TIES
    )


def _fields(query: SearchQuery) -> tuple[tuple[str, str], ...]:
    kept = replace(query, area=None).address()
    return (*kept, *((("tie", query.tie),) if query.tie != TIES[0] else ()))


def _steps(query: SearchQuery, view: View, spots: Sequence[Spot]) -> Steps:
    """Return the zoom links; zooming in targets the place with most people, so it is never empty.
    """
    shown = query.area or on_earth(view.west, view.south, view.east, view.north)
    box = whole_earth_if_crossed(shown)
    near = closer(box, spots[0].point) if spots else None
    if query.area:
        far = wider(box)
    else:
        beyond = any(not view.holds(spot.point) for spot in spots)
        far = box_of((spot.point for spot in spots), ROUNDED) if beyond else None
    return Steps(
        closer=map_url(replace(query, area=near)) if near else "",
        wider=map_url(replace(query, area=far)) if far else "",
        whole=map_url(replace(query, area=None)) if query.area else "",
    )
