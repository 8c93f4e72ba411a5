"""The line chart of a daily count, with the same data as a table."""

from collections.abc import Sequence
from dataclasses import dataclass

from biobank.editorial.worklists.counting import Noted
from biobank.web.text import _
from biobank.web.words import date_words, number

#: The size of the view box, in user units; the drawing is scaled to the page.
WIDTH, HEIGHT = 400, 100
#: Maximum number of table rows; of more days an even sample is shown.
ROWS_MOST = 24


@dataclass(frozen=True)
class Row:
    day: str
    count: str


@dataclass(frozen=True)
class LineChart:
    """A chart in a view box of CHART_WIDTH × CHART_HEIGHT from zero to `max_label`.

    `title` and `description` describe it; `id` is unique in the page.
    """

    id: str
    title: str
    description: str
    path: str
    most: str
    first: str
    last: str
    rows: tuple[Row, ...]

    @property
    def size(self) -> tuple[int, int]:
        return WIDTH, HEIGHT


def line_chart(id_: str, title: str, noted: Sequence[Noted], lang: str) -> LineChart | None:
    """Return the chart of a history, oldest first; None for fewer than two days."""
    if len(noted) < 2:
        return None
    first, last = noted[0], noted[-1]
    most = max(each.count for each in noted) or 1
    days = (last.day - first.day).days
    across = (WIDTH * (each.day - first.day).days / days for each in noted)
    down = (HEIGHT - HEIGHT * each.count / most for each in noted)
    points = (f"{x:.1f} {y:.1f}" for x, y in zip(across, down, strict=True))
    return LineChart(
        id=id_,
        title=title,
        description=_(
            "%(before)s on %(first)s, %(now)s on %(last)s",
            before=number(first.count),
            first=_day(first, lang),
            now=number(last.count),
            last=_day(last, lang),
        ),
        path="M" + "L".join(points),
        most=number(most),
        first=_day(first, lang),
        last=_day(last, lang),
        rows=tuple(Row(_day(each, lang), number(each.count)) for each in _some(noted)),
    )


def _some(noted: Sequence[Noted]) -> list[Noted]:
    """Return at most MAX_TABLE_ROWS entries with the first and the last, newest first."""
    last, steps = len(noted) - 1, min(len(noted), ROWS_MOST) - 1
    return [noted[round(last * step / steps)] for step in range(steps, -1, -1)]


def _day(noted: Noted, lang: str) -> str:
    return date_words(noted.day.isoformat(), lang)
