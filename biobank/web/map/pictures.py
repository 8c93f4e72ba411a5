"""The picture of the map for the template: positions in per cent, sizes in pixels.

Circles and labels keep their size on every screen while the land scales. Screens of different
widths need different clusters: each of PICTURE_WIDTHS has its own, and the style sheet shows one of
them.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from biobank.search.where import Area
from biobank.web.map.gathering import Circle, Spot, circles, crowds_of
from biobank.web.map.labels import Label, place_labels
from biobank.web.map.land import Outlines, outlines
from biobank.web.map.view import View
from biobank.web.text import _, ngettext
from biobank.web.words import number

#: Minimum width in pixels of each clustering, by its name in the style sheet.
WIDTHS: Final = {"narrow": 290, "middle": 560, "wide": 740}
#: Radius in pixels that a number in a circle needs, and the addition per digit.
NUMBERED: Final = 6.0
DIGIT: Final = 3.2


@dataclass(frozen=True)
class CircleView:
    """A cluster: `x`, `y` in per cent; `name` is the accessible name; `label` None without space.
    """

    x: str
    y: str
    radius: str
    reach: str
    url: str
    name: str
    label: Label | None
    number: str
    gathered: bool


@dataclass(frozen=True)
class Frame:
    """A rectangle of the requested area, in per cent of the picture."""

    x: str
    y: str
    width: str
    height: str


@dataclass(frozen=True)
class Picture:
    """The picture; `clusters` by the name of each of PICTURE_WIDTHS."""

    view: View
    outlines: Outlines
    circles: dict[str, tuple[CircleView, ...]]
    frames: tuple[Frame, ...]


@dataclass(frozen=True)
class Drawer:
    """Renders places; `name` returns the name of a place, `url` the link of a cluster."""

    name: Callable[[str], str]
    url: Callable[[Circle], str]

    def picture(self, spots: Sequence[Spot], view: View, area: Area | None) -> Picture:
        crowds = crowds_of(spots)
        drawn = {
            name: tuple(self._circles(circles(spots, crowds, view, width), view, width))
            for name, width in WIDTHS.items()
        }
        return Picture(view, outlines(view), drawn, _frames(area, view) if area else ())

    def _circles(self, found: Sequence[Circle], view: View, width: int) -> Iterator[CircleView]:
        texts = [self._texts(circle) for circle in found]
        labels = place_labels(found, texts, width)
        for circle, (text, *_short), label in zip(found, texts, labels, strict=True):
            x, y = view.place(circle.first.point)
            yield CircleView(
                x=_hundredths(x),
                y=_hundredths(y),
                radius=f"{circle.radius:.1f}",
                reach=f"{circle.reach:.1f}",
                url=self.url(circle),
                # The accessible name contains the visible label (WCAG 2.5.3), for voice control.
                name=f"{label.text if label else text}: {people(circle.count)}",
                label=label,
                number=_inside(circle),
                gathered=len(circle.spots) > 1,
            )

    def _texts(self, circle: Circle) -> tuple[str, ...]:
        """Return the candidate labels of a cluster; the first is its full name."""
        name, others = self.name(circle.first.id), len(circle.spots) - 1
        if not others:
            return (name,)
        more = _("%(place)s and %(count)s more", place=name, count=number(others))
        return more, f"{name} +{number(others)}"


def _inside(circle: Circle) -> str:
    text = number(circle.count)
    return text if circle.radius >= NUMBERED + DIGIT * len(text) else ""


def people(count: int) -> str:
    """Return the number of people as text."""
    return ngettext("%(count)s person", "%(count)s people", count, count=number(count))


def _frames(area: Area, view: View) -> tuple[Frame, ...]:
    """Return one rectangle, or two for an area that crosses the 180th meridian."""
    if not area.crosses:
        return (_frame(area, view),)
    eastern = Area(area.west, area.south, 180, area.north)
    western = Area(-180, area.south, area.east, area.north)
    return _frame(western, view), _frame(eastern, view)


def _frame(area: Area, view: View) -> Frame:
    left, top = view.place((area.north, area.west))
    right, bottom = view.place((area.south, area.east))
    parts = (left, top, right - left, bottom - top)
    return Frame(*(_hundredths(part) for part in parts))


def _hundredths(part: float) -> str:
    return f"{part * 100:.2f}%"
