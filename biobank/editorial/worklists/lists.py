"""The worklists, each defined by a query in the search language."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from biobank.i18n import LANGUAGES
from biobank.search.query import SearchQuery

#: The key of the count of all people, which the lists are compared with.
PEOPLE: Final = "people"
#: Number of calendar years for which a comparison with the sources stays valid.
CHECKED_FOR: Final = 1


@dataclass(frozen=True)
class Worklist:
    """A list: its id, its query on a day and the order of its people.

    `gap` is the query field that explains why a person is on the list; empty for `checked`.
    """

    id: str
    text: Callable[[date], str]
    gap: str
    sort: str = "relevance"

    def question(self, lang: str, day: date) -> SearchQuery:
        """Return the search query for the people on the list."""
        return SearchQuery(text=self.text(day), lang=lang, sort=self.sort)


def _asks(list_id: str, gap: str, value: str) -> Worklist:
    return Worklist(list_id, lambda _day: f"{gap}:{value}", gap)


def checked_since(day: date) -> int:
    """Return the first year in which a comparison with the sources is still valid."""
    return day.year - CHECKED_FOR


LISTS: Final[Mapping[str, Worklist]] = {
    each.id: each
    for each in (
        *(_asks(f"missing-{lang}", "lacks", lang) for lang in LANGUAGES),
        *(_asks(f"stale-{lang}", "stale", lang) for lang in LANGUAGES),
        _asks("unsourced-facts", "unsourced", "fact"),
        _asks("unsourced-biographies", "unsourced", "biography"),
        _asks("uncertain-dates", "uncertain", "date"),
        _asks("dead-ends", "lacks", "relation"),
        Worklist(
            "unchecked",
            lambda day: f"checked:unknown OR checked:<{checked_since(day)}",
            "",
            sort="checked",
        ),
        _asks("without-portrait", "lacks", "portrait"),
        _asks("without-identifier", "lacks", "identifier"),
    )
}
