"""The histogram of births by decade, with a table and a form of the same data.

The histogram shows the last populated decades, or those around the chosen years; the table shows
all of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from biobank.search.answer import SearchAnswer
from biobank.search.port import Births
from biobank.search.query import SearchQuery
from biobank.search.understanding import without_dates
from biobank.web.birth_years import years_filter, years_of
from biobank.web.links import search_url
from biobank.web.words import date_words

#: Maximum and minimum number of decades drawn: as many as remain readable beside the results.
DRAWN = 24
DRAWN_LEAST = 12
#: Decades drawn after the last chosen one.
AFTER = 3
#: SVG units: width of a decade and height of the tallest bar.
WIDTH, HEIGHT = 10, 60
#: Minimum number of consecutive decades with equal counts that are merged into one row. A birth
#: "before 1500" counts in each of a hundred decades.
ALIKE_LEAST = 4


@dataclass(frozen=True)
class Bar:
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
class BirthYears:
    """The histogram: `bars` without gaps from year `first` up to the year before `end`.

    `since` and `until` are the chosen years. `earlier` and `later` link to decades not drawn,
    `clear_url` to births of any year; each is empty where not applicable.
    """

    bars: tuple[Bar, ...]
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
        return WIDTH * len(self.bars)

    @property
    def band(self) -> tuple[int, int]:
        """Return the x position and width of the chosen years."""
        chosen = [bar.x for bar in self.bars if bar.chosen]
        return (chosen[0], chosen[-1] - chosen[0] + WIDTH) if chosen else (0, 0)


def make_births(answer: SearchAnswer) -> BirthYears:
    """Return the births of a search response, each decade with a link."""
    query = answer.query
    since, until = years_of(query.born)
    counted = {births.decade: births for births in answer.births}
    drawn = _drawn(answer.births, since, until)
    first, end = (drawn[0], drawn[-1] + 10) if drawn else (0, 0)
    return BirthYears(
        bars=_bars(query, [counted.get(year, Births(year, 0, 0)) for year in drawn]),
        rows=tuple(_rows(query, answer.births)),
        first=first,
        end=end,
        since=since,
        until=until,
        certain=query.certainty == "certain",
        earlier=_url(query, None, first - 1) if drawn and min(counted) < first else "",
        later=_url(query, end, None) if drawn and max(counted) >= end else "",
        clear_url=search_url(without_dates(query, "born")) if query.born else "",
    )


def _drawn(births: Sequence[Births], since: int | None, until: int | None) -> range:
    """Return the first years of the decades to draw; chosen years are included if they fit."""
    # An open date counts in decades without end; decades without certain births need no bar.
    telling = [one.decade for one in births if one.certain] or [one.decade for one in births]
    if not telling:
        return range(0)
    last = max(telling)
    chosen = (until if until is not None else last) // 10 * 10
    if chosen <= last - DRAWN * 10:
        last = max(chosen + AFTER * 10, min(telling))
    first = max(min(telling), last - (DRAWN - 1) * 10)
    if since is not None and since < first:
        first = max(since // 10 * 10, last - (DRAWN - 1) * 10)
    if until is not None and until > last:
        last = min(until // 10 * 10, first + (DRAWN - 1) * 10)
    lacking = max(0, DRAWN_LEAST - (last - first) // 10 - 1)
    return range(first - lacking // 2 * 10, last + (lacking - lacking // 2 + 1) * 10, 10)


def _bars(query: SearchQuery, births: Sequence[Births]) -> tuple[Bar, ...]:
    certain = query.certainty == "certain"
    most = max((one.certain if certain else one.possible for one in births), default=0) or 1
    return tuple(
        Bar(
            first=one.decade,
            x=WIDTH * at,
            certain=_height(one.certain, most),
            possible=0 if certain else _height(one.possible - one.certain, most),
            title=f"{_decades(one.decade, one.decade, query.lang)}: "
            f"{one.certain if certain else one.possible}",
            chosen=_chosen(query, one.decade, one.decade),
            url=_toggle(query, one.decade, one.decade),
        )
        for at, one in enumerate(births)
    )


def _height(count: int, most: int) -> float:
    return round(HEIGHT * count / most, 1)


def _rows(query: SearchQuery, births: Sequence[Births]) -> list[DecadeRow]:
    rows = []
    for run in _runs(births):
        for alike in [run] if len(run) >= ALIKE_LEAST else [[one] for one in run]:
            first, last = alike[0].decade, alike[-1].decade
            rows.append(
                DecadeRow(
                    label=_decades(first, last, query.lang),
                    certain=alike[0].certain,
                    possible=alike[0].possible,
                    chosen=_chosen(query, first, last),
                    url=_toggle(query, first, last),
                )
            )
    return rows


def _runs(births: Sequence[Births]) -> list[list[Births]]:
    """Group consecutive decades with equal possible counts and no certain births."""

    def kind(numbered: tuple[int, Births]) -> tuple[int, int, int]:
        at, one = numbered
        return one.decade - 10 * at, one.possible, at if one.certain else -1

    return [[one for _, one in run] for _, run in groupby(enumerate(births), kind)]


def _decades(first: int, last: int, lang: str) -> str:
    return date_words(f"{first // 10:03d}X", lang) if first == last else f"{first}–{last + 9}"


def _chosen(query: SearchQuery, first: int, last: int) -> bool:
    """Return whether any year of the decades from `first` to `last` is chosen."""
    if query.born is None or query.born.unknown:
        return False
    since, until = years_of(query.born)
    return (since is None or since <= last + 9) and (until is None or until >= first)


def _toggle(query: SearchQuery, first: int, last: int) -> str:
    """Return the URL of these decades alone, or of any year if they are what is chosen."""
    if query.born and years_of(query.born) == (first, last + 9):
        return search_url(without_dates(query, "born"))
    return _url(query, first, last + 9)


def _url(query: SearchQuery, since: int | None, until: int | None) -> str:
    return search_url(replace(query, born=years_filter(since, until), page=1))
