"""Cached counts of the browse pages, valid until published content changes."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import partial
from threading import Lock
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from biobank.records.catalogue import Catalogue
from biobank.records.people import anniversaries, browse_queries, queries, sitemap_queries
from biobank.records.people.browse_queries import CombinationCounts
from biobank.store import outbox

T = TypeVar("T")
#: Key in `Session.info` of the number of changes that the session sees.
CHANGE_COUNT_KEY = "biobank_change_count"


class CountCache:
    """A cache of counts, consistent with the snapshot of the reading session that asks.

    Thread-safe: after a change the first caller counts, the others wait for it. Every change of
    published content adds an outbox row in the same transaction.
    """

    def __init__(self) -> None:
        self._change_count = -1
        self._values: dict[Any, Any] = {}
        self._lock = Lock()

    def people(self, session: Session) -> int:
        """Return the number of published people."""
        return self._get_or_count(session, "people", queries.count)

    def letters(self, session: Session, lang: str) -> Mapping[str, int]:
        """Return the cached `letter_counts`."""
        count = partial(browse_queries.letter_counts, lang=lang)
        return self._get_or_count(session, ("letters", lang), count)

    def centuries(self, session: Session) -> Mapping[int, int]:
        """Return the cached `century_counts`."""
        return self._get_or_count(session, "centuries", browse_queries.century_counts)

    def professions(self, session: Session, catalogue: Catalogue) -> Mapping[str, int]:
        """Return the number of people by profession, including narrower ones."""
        combinations = self._get_or_count(session, "professions", browse_queries.profession_combinations)
        broader = partial(catalogue.broader_terms, "profession")
        return self._rolled_up(session, "profession", catalogue, combinations, broader)

    def places(self, session: Session, catalogue: Catalogue) -> Mapping[str, int]:
        """Return the number of people by place, including the places in it."""
        combinations = self._get_or_count(session, "places", browse_queries.place_combinations)
        return self._rolled_up(session, "place", catalogue, combinations, catalogue.broader_places)

    def sample(self, session: Session, seed: int, size: int) -> list[str]:
        """Return the cached `sample_people`."""
        count = partial(browse_queries.sample_people, seed=seed, size=size)
        return self._get_or_count(session, (seed, size), count)

    def days(self, session: Session) -> list[int]:
        """Return the cached `anniversary_days`."""
        return self._get_or_count(session, "days", anniversaries.anniversary_days)

    def last_changes(self, session: Session, size: int) -> list[datetime | None]:
        """Return the cached `last_changes` of the sitemap."""
        count = partial(sitemap_queries.last_changes, size=size)
        return self._get_or_count(session, ("last changes", size), count)

    def _rolled_up(
        self,
        session: Session,
        kind: str,
        catalogue: Catalogue,
        combinations: CombinationCounts,
        broader: Callable[[Iterable[str]], Iterable[str]],
    ) -> Mapping[str, int]:
        # The cache holds a reference to the catalogue, so that its id() is not reused.
        key = (kind, id(catalogue))
        return self._get_or_count(session, key, lambda _: (catalogue, _roll_up(combinations, broader)))[1]

    def _get_or_count(self, session: Session, key: object, count: Callable[[Session], T]) -> T:
        # A session that reads sees one snapshot, so one query of the number is enough.
        change_count = session.info.get(CHANGE_COUNT_KEY)
        if change_count is None:
            change_count = session.info[CHANGE_COUNT_KEY] = outbox.count_changes(session)
        with self._lock:
            if change_count < self._change_count:
                return count(session)  # an older snapshot: not cached
            if change_count > self._change_count:
                self._change_count, self._values = change_count, {}
            if key not in self._values:
                self._values[key] = count(session)
            value: T = self._values[key]
            return value


def _roll_up(
    combinations: CombinationCounts, broader: Callable[[Iterable[str]], Iterable[str]]
) -> Mapping[str, int]:
    """Return counts by value, with people of narrower values counted once in the broader."""
    ancestors = {value: tuple(broader([value])) for value in frozenset().union(*combinations)}
    counts: dict[str, int] = {}
    for values, people in combinations.items():
        for ancestor_value in {ancestor for value in values for ancestor in ancestors[value]}:
            counts[ancestor_value] = counts.get(ancestor_value, 0) + people
    return counts
