"""The lists of work, each of them a question in the language of the search."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from biobank.i18n import LANGUAGES
from biobank.search.query import SearchQuery

#: Everybody: what the lists are held against.
PEOPLE: Final = "people"
#: Whole years after which a record is to be compared with its sources again.
CHECKED_FOR: Final = 1


@dataclass(frozen=True)
class Worklist:
    """A list: its id, the question on a day, the order of its people.

    `gap` is the field of the question that tells why somebody is on it; empty for `checked`.
    """

    id: str
    text: Callable[[date], str]
    gap: str
    sort: str = "relevance"

    def question(self, lang: str, day: date) -> SearchQuery:
        """Who is on the list, as one may ask it in any search."""
        return SearchQuery(text=self.text(day), lang=lang, sort=self.sort)


def _asks(list_id: str, gap: str, value: str) -> Worklist:
    return Worklist(list_id, lambda _day: f"{gap}:{value}", gap)


def checked_since(day: date) -> int:
    """The year before which a comparison with the sources is too old."""
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
