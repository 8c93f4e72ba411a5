"""The picture of the map for the template: positions in per cent, sizes in pixels.

Circles and labels keep their size on every screen while the land scales. Screens of different
widths need different clusters: each of PICTURE_WIDTHS has its own, and the style sheet shows one of
them.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from biobank.search.geo import Area
from biobank.web.core.gettext import _, ngettext
from biobank.web.core.labels import format_number
from biobank.web.map.basemap import Outlines, outlines
from biobank.web.map.clustering import Cluster, MapPlace, cluster_places, people_bits_by_place
from biobank.web.map.label_placement import MapLabel, place_labels
from biobank.web.map.viewport import Viewport

#: Minimum width in pixels of each clustering, by its name in the style sheet.
PICTURE_WIDTHS: Final = {"narrow": 290, "middle": 560, "wide": 740}
#: Radius in pixels that a number in a circle needs, and the addition per digit.
NUMBER_RADIUS_PX: Final = 6.0
DIGIT_RADIUS_PX: Final = 3.2


@dataclass(frozen=True)
class ClusterView:
    """A cluster: `x`, `y` in per cent; `name` is the accessible name; `label` None without space."""

    x: str
    y: str
    radius: str
    touch_radius: str
    url: str
    name: str
    label: MapLabel | None
    number: str
    is_group: bool


@dataclass(frozen=True)
class AreaFrame:
    """A rectangle of the requested area, in per cent of the picture."""

    x: str
    y: str
    width: str
    height: str


@dataclass(frozen=True)
class MapPicture:
    """The picture; `clusters` by the name of each of PICTURE_WIDTHS."""

    viewport: Viewport
    outlines: Outlines
    clusters: dict[str, tuple[ClusterView, ...]]
    frames: tuple[AreaFrame, ...]


@dataclass(frozen=True)
class MapRenderer:
    """Renders places; `name` returns the name of a place, `url` the link of a cluster."""

    name: Callable[[str], str]
    url: Callable[[Cluster], str]

    def render(self, places: Sequence[MapPlace], viewport: Viewport, area: Area | None) -> MapPicture:
        people_bits = people_bits_by_place(places)
        clusters_by_width = {
            name: tuple(
                self._cluster_views(cluster_places(places, people_bits, viewport, width), viewport, width)
            )
            for name, width in PICTURE_WIDTHS.items()
        }
        return MapPicture(
            viewport, outlines(viewport), clusters_by_width, _frames(area, viewport) if area else ()
        )

    def _cluster_views(
        self, clusters: Sequence[Cluster], viewport: Viewport, width: int
    ) -> Iterator[ClusterView]:
        texts = [self._label_texts(cluster) for cluster in clusters]
        labels = place_labels(clusters, texts, width)
        for cluster, (text, *_short), label in zip(clusters, texts, labels, strict=True):
            x, y = viewport.project(cluster.main.point)
            yield ClusterView(
                x=_percent(x),
                y=_percent(y),
                radius=f"{cluster.radius:.1f}",
                touch_radius=f"{cluster.touch_radius:.1f}",
                url=self.url(cluster),
                # The accessible name contains the visible label (WCAG 2.5.3), for voice control.
                name=f"{label.text if label else text}: {people_count_text(cluster.count)}",
                label=label,
                number=_inner_number(cluster),
                is_group=len(cluster.places) > 1,
            )

    def _label_texts(self, cluster: Cluster) -> tuple[str, ...]:
        """Return the candidate labels of a cluster; the first is its full name."""
        name, other_count = self.name(cluster.main.id), len(cluster.places) - 1
        if not other_count:
            return (name,)
        full_label = _("%(place)s and %(count)s more", place=name, count=format_number(other_count))
        return full_label, f"{name} +{format_number(other_count)}"


def _inner_number(cluster: Cluster) -> str:
    text = format_number(cluster.count)
    return text if cluster.radius >= NUMBER_RADIUS_PX + DIGIT_RADIUS_PX * len(text) else ""


def people_count_text(count: int) -> str:
    """Return the number of people as text."""
    return ngettext("%(count)s person", "%(count)s people", count, count=format_number(count))


def _frames(area: Area, viewport: Viewport) -> tuple[AreaFrame, ...]:
    """Return one rectangle, or two for an area that crosses the 180th meridian."""
    if not area.crosses_antimeridian:
        return (_frame(area, viewport),)
    eastern = Area(area.west, area.south, 180, area.north)
    western = Area(-180, area.south, area.east, area.north)
    return _frame(western, viewport), _frame(eastern, viewport)


def _frame(area: Area, viewport: Viewport) -> AreaFrame:
    left, top = viewport.project((area.north, area.west))
    right, bottom = viewport.project((area.south, area.east))
    parts = (left, top, right - left, bottom - top)
    return AreaFrame(*(_percent(part) for part in parts))


def _percent(part: float) -> str:
    return f"{part * 100:.2f}%"
