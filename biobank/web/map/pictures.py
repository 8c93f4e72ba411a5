"""The picture as data for the template: positions in hundredths of it, sizes in pixels.

So circles and labels keep their size on every screen while the land grows and shrinks. Screens of
different width need other gatherings: each of WIDTHS has its own circles, and the style sheet shows
one of them.
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

#: The narrowest picture in pixels for which circles are gathered, by the name in the style sheet.
WIDTHS: Final = {"narrow": 290, "middle": 560, "wide": 740}
#: Pixels of radius that a number inside a circle needs, and more for each of its digits.
NUMBERED: Final = 6.0
DIGIT: Final = 3.2


@dataclass(frozen=True)
class CircleView:
    """`x`, `y` per cent of the picture; `name` for those who hear it; `label` None without room."""

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
    """A rectangle of the area asked for, per cent of the picture."""

    x: str
    y: str
    width: str
    height: str


@dataclass(frozen=True)
class Picture:
    """`circles` by the name of each of WIDTHS."""

    view: View
    outlines: Outlines
    circles: dict[str, tuple[CircleView, ...]]
    frames: tuple[Frame, ...]


@dataclass(frozen=True)
class Drawer:
    """Draws spots; `name` is what a place is called, `url` where a circle leads."""

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
                # Whoever speaks to the page says what is seen: the label stands in the name.
                name=f"{label.text if label else text}: {people(circle.count)}",
                label=label,
                number=_inside(circle),
                gathered=len(circle.spots) > 1,
            )

    def _texts(self, circle: Circle) -> tuple[str, ...]:
        """What a circle may be labelled; the first is what it is."""
        name, others = self.name(circle.first.id), len(circle.spots) - 1
        if not others:
            return (name,)
        more = _("%(place)s and %(count)s more", place=name, count=number(others))
        return more, f"{name} +{number(others)}"


def _inside(circle: Circle) -> str:
    text = number(circle.count)
    return text if circle.radius >= NUMBERED + DIGIT * len(text) else ""


def people(count: int) -> str:
    """How many people, in words."""
    return ngettext("%(count)s person", "%(count)s people", count, count=number(count))


def _frames(area: Area, view: View) -> tuple[Frame, ...]:
    """One rectangle; of an area through which the 180th meridian runs, one at each end."""
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
