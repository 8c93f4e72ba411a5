"""The histogram of births by decade, with a table and a form of the same data.

The histogram shows the last populated decades, or those around the chosen years; the table shows
all of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from biobank.records.proleptic_calendar import year_of
from biobank.search.engine import DecadeBirths
from biobank.search.normalize import date_filter
from biobank.search.query import DateFilter, SearchQuery
from biobank.search.response import SearchResponse
from biobank.web.core.labels import format_edtf_date
from biobank.web.core.urls import PLACEHOLDER, ParameterUrls


def filter_years(dates: DateFilter | None) -> tuple[int | None, int | None]:
    """Return the first and last year of a filter; None where it is open or absent."""
    if dates is None or dates.is_unknown:
        return None, None
    first, last = dates.earliest, dates.latest
    return (None if first is None else year_of(first), None if last is None else year_of(last))


def years_filter(since: int | None, until: int | None) -> DateFilter | None:
    """Return the filter of births between two years in any order, or None for all."""
    if since is not None and until is not None and since > until:
        since, until = until, since
    text = year_range_text(since, until)
    return None if text == ".." else date_filter(text)


def year_range_text(since: int | None, until: int | None) -> str:
    """Return the text of a date filter from `since` to `until`."""
    return f"{_edtf_year(since)}..{_edtf_year(until)}"


def _edtf_year(year: int | None) -> str:
    """Format a year as EDTF: four digits, with a sign before the common era."""
    return "" if year is None else f"{'-' if year < 0 else ''}{abs(year):04d}"


#: Maximum and minimum number of decades shown: as many as remain readable beside the results.
MAX_SHOWN_DECADES = 24
MIN_SHOWN_DECADES = 12
#: Decades shown after the last chosen one.
DECADES_AFTER_CHOICE = 3
#: SVG units: width of a decade and height of the tallest bar.
DECADE_WIDTH, MAX_BAR_HEIGHT = 10, 60
#: Minimum number of consecutive decades with equal counts that are merged into one row. A birth
#: "before 1500" counts in each of a hundred decades.
MIN_MERGED_DECADES = 4


@dataclass(frozen=True)
class DecadeBar:
    """One decade: `certain` and, above it, `possible` units high; `first` is its first year."""

    first: int
    x: int
    certain: float
    possible: float
    title: str
    chosen: bool
    url: str


@dataclass(frozen=True)
class DecadeRow:
    label: str
    certain: int
    possible: int
    chosen: bool
    url: str


@dataclass(frozen=True)
class BirthHistogram:
    """The histogram: `bars` without gaps from year `first` up to the year before `end`.

    `since` and `until` are the chosen years. `earlier` and `later` link to decades not shown,
    `clear_url` to births of any year; each is empty where not applicable.
    """

    bars: tuple[DecadeBar, ...]
    rows: tuple[DecadeRow, ...]
    first: int
    end: int
    since: int | None
    until: int | None
    certain: bool
    earlier: str
    later: str
    clear_url: str

    @property
    def width(self) -> int:
        return DECADE_WIDTH * len(self.bars)

    @property
    def selection(self) -> tuple[int, int]:
        """Return the x position and width of the chosen years."""
        chosen = [bar.x for bar in self.bars if bar.chosen]
        return (chosen[0], chosen[-1] - chosen[0] + DECADE_WIDTH) if chosen else (0, 0)


def make_birth_histogram(response: SearchResponse) -> BirthHistogram:
    """Return the births of a search response, each decade with a link."""
    query = response.query
    links = _YearLinks(query)
    counted = {births.decade: births for births in response.births}
    decades = _shown_decades(response.births, links.since, links.until)
    first, end = (decades[0], decades[-1] + 10) if decades else (0, 0)
    shown = [counted.get(year, DecadeBirths(year, 0, 0)) for year in decades]
    return BirthHistogram(
        bars=_bars(query, shown, links),
        rows=tuple(_rows(query, response.births, links)),
        first=first,
        end=end,
        since=links.since,
        until=links.until,
        certain=query.certainty == "certain",
        earlier=links.url(None, first - 1) if decades and min(counted) < first else "",
        later=links.url(end, None) if decades and max(counted) >= end else "",
        clear_url=links.clear_url if query.born else "",
    )


class _YearLinks:
    """The years of birth that a query selects, and the URLs that select others."""

    def __init__(self, query: SearchQuery) -> None:
        self.since, self.until = filter_years(query.born)
        self._selects_years = query.born is not None and not query.born.is_unknown
        placeholder = replace(query, born=DateFilter(PLACEHOLDER, None, None), page=1)
        self._urls = ParameterUrls(placeholder, "born")
        #: The URL of births in any year.
        self.clear_url = self._urls.without

    def url(self, since: int | None, until: int | None) -> str:
        return self._urls.url([year_range_text(since, until)])

    def is_chosen(self, first: int, last: int) -> bool:
        """Return whether any year of the decades from `first` to `last` is chosen."""
        return (
            self._selects_years
            and (self.since is None or self.since <= last + 9)
            and (self.until is None or self.until >= first)
        )

    def toggle_url(self, first: int, last: int) -> str:
        """Return the URL of these decades alone, or of any year if they are what is chosen."""
        if (self.since, self.until) == (first, last + 9):
            return self.clear_url
        return self.url(first, last + 9)


def _shown_decades(births: Sequence[DecadeBirths], since: int | None, until: int | None) -> range:
    """Return the first years of the decades to draw; chosen years are included if they fit."""
    # An open date counts in decades without end; decades without certain births need no bar.
    populated = [row.decade for row in births if row.certain] or [row.decade for row in births]
    if not populated:
        return range(0)
    last = max(populated)
    chosen = (until if until is not None else last) // 10 * 10
    if chosen <= last - MAX_SHOWN_DECADES * 10:
        last = max(chosen + DECADES_AFTER_CHOICE * 10, min(populated))
    first = max(min(populated), last - (MAX_SHOWN_DECADES - 1) * 10)
    if since is not None and since < first:
        first = max(since // 10 * 10, last - (MAX_SHOWN_DECADES - 1) * 10)
    if until is not None and until > last:
        last = min(until // 10 * 10, first + (MAX_SHOWN_DECADES - 1) * 10)
    padding = max(0, MIN_SHOWN_DECADES - (last - first) // 10 - 1)
    return range(first - padding // 2 * 10, last + (padding - padding // 2 + 1) * 10, 10)


def _bars(query: SearchQuery, births: Sequence[DecadeBirths], links: _YearLinks) -> tuple[DecadeBar, ...]:
    certain = query.certainty == "certain"
    max_count = max((row.certain if certain else row.possible for row in births), default=0) or 1
    return tuple(
        DecadeBar(
            first=row.decade,
            x=DECADE_WIDTH * index,
            certain=_bar_height(row.certain, max_count),
            possible=0 if certain else _bar_height(row.possible - row.certain, max_count),
            title=f"{_decades_label(row.decade, row.decade, query.lang)}: "
            f"{row.certain if certain else row.possible}",
            chosen=links.is_chosen(row.decade, row.decade),
            url=links.toggle_url(row.decade, row.decade),
        )
        for index, row in enumerate(births)
    )


def _bar_height(count: int, max_count: int) -> float:
    return round(MAX_BAR_HEIGHT * count / max_count, 1)


def _rows(query: SearchQuery, births: Sequence[DecadeBirths], links: _YearLinks) -> list[DecadeRow]:
    rows = []
    for run in _equal_runs(births):
        for group in [run] if len(run) >= MIN_MERGED_DECADES else [[decade] for decade in run]:
            first, last = group[0].decade, group[-1].decade
            rows.append(
                DecadeRow(
                    label=_decades_label(first, last, query.lang),
                    certain=group[0].certain,
                    possible=group[0].possible,
                    chosen=links.is_chosen(first, last),
                    url=links.toggle_url(first, last),
                )
            )
    return rows


def _equal_runs(births: Sequence[DecadeBirths]) -> list[list[DecadeBirths]]:
    """Group consecutive decades with equal possible counts and no certain births."""

    def group_key(numbered: tuple[int, DecadeBirths]) -> tuple[int, int, int]:
        index, row = numbered
        return row.decade - 10 * index, row.possible, index if row.certain else -1

    return [[row for _, row in run] for _, run in groupby(enumerate(births), group_key)]


def _decades_label(first: int, last: int, lang: str) -> str:
    return format_edtf_date(f"{first // 10:03d}X", lang) if first == last else f"{first}–{last + 9}"
