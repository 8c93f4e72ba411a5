"""The worklists, each defined by a query in the search language."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from biobank.common.i18n import LANGUAGES
from biobank.search.query import SearchQuery

#: The key of the count of all people, which the lists are compared with.
ALL_PEOPLE: Final = "people"
#: Number of calendar years for which a comparison with the sources stays valid.
CHECK_VALID_YEARS: Final = 1


@dataclass(frozen=True)
class Worklist:
    """A list: its id, its query on a day and the order of its people.

    `gap` is the query field that explains why a person is on the list; empty for `checked`.
    """

    id: str
    text: Callable[[date], str]
    gap: str
    sort: str = "relevance"

    def to_query(self, lang: str, day: date) -> SearchQuery:
        """Return the search query for the people on the list."""
        return SearchQuery(text=self.text(day), lang=lang, sort=self.sort)


def _gap_worklist(list_id: str, gap: str, value: str) -> Worklist:
    return Worklist(list_id, lambda _day: f"{gap}:{value}", gap)


def oldest_valid_check_year(day: date) -> int:
    """Return the first year in which a comparison with the sources is still valid."""
    return day.year - CHECK_VALID_YEARS


WORKLISTS: Final[Mapping[str, Worklist]] = {
    worklist.id: worklist
    for worklist in (
        *(_gap_worklist(f"missing-{lang}", "lacks", lang) for lang in LANGUAGES),
        *(_gap_worklist(f"stale-{lang}", "stale", lang) for lang in LANGUAGES),
        _gap_worklist("unsourced-facts", "unsourced", "fact"),
        _gap_worklist("unsourced-biographies", "unsourced", "biography"),
        _gap_worklist("uncertain-dates", "uncertain", "date"),
        _gap_worklist("dead-ends", "lacks", "relation"),
        Worklist(
            "unchecked",
            lambda day: f"checked:unknown OR checked:<{oldest_valid_check_year(day)}",
            "",
            sort="checked",
        ),
        _gap_worklist("without-portrait", "lacks", "portrait"),
        _gap_worklist("without-identifier", "lacks", "identifier"),
    )
}
