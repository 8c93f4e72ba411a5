"""The line chart of a daily count, with the same data as a table."""

from collections.abc import Sequence
from dataclasses import dataclass

from biobank.editorial.worklists.counts import DailyCount
from biobank.web.core.gettext import _
from biobank.web.core.labels import format_edtf_date, format_number

#: The size of the view box, in user units; the drawing is scaled to the page.
CHART_WIDTH, CHART_HEIGHT = 400, 100
#: Maximum number of table rows; of more days an even sample is shown.
MAX_TABLE_ROWS = 24


@dataclass(frozen=True)
class ChartRow:
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
    max_label: str
    first: str
    last: str
    rows: tuple[ChartRow, ...]

    @property
    def size(self) -> tuple[int, int]:
        return CHART_WIDTH, CHART_HEIGHT


def build_line_chart(
    id_: str, title: str, history: Sequence[DailyCount], lang: str
) -> LineChart | None:
    """Return the chart of a history, oldest first; None for fewer than two days."""
    if len(history) < 2:
        return None
    first, last = history[0], history[-1]
    max_count = max(entry.count for entry in history) or 1
    days = (last.day - first.day).days
    xs = (CHART_WIDTH * (entry.day - first.day).days / days for entry in history)
    ys = (CHART_HEIGHT - CHART_HEIGHT * entry.count / max_count for entry in history)
    points = (f"{x:.1f} {y:.1f}" for x, y in zip(xs, ys, strict=True))
    return LineChart(
        id=id_,
        title=title,
        description=_(
            "%(before)s on %(first)s, %(now)s on %(last)s",
            before=format_number(first.count),
            first=_day_label(first, lang),
            now=format_number(last.count),
            last=_day_label(last, lang),
        ),
        path="M" + "L".join(points),
        max_label=format_number(max_count),
        first=_day_label(first, lang),
        last=_day_label(last, lang),
        rows=tuple(
            ChartRow(_day_label(entry, lang), format_number(entry.count))
            for entry in _sample(history)
        ),
    )


def _sample(history: Sequence[DailyCount]) -> list[DailyCount]:
    """Return at most MAX_TABLE_ROWS entries with the first and the last, newest first."""
    last, steps = len(history) - 1, min(len(history), MAX_TABLE_ROWS) - 1
    return [history[round(last * step / steps)] for step in range(steps, -1, -1)]


def _day_label(entry: DailyCount, lang: str) -> str:
    return format_edtf_date(entry.day.isoformat(), lang)
