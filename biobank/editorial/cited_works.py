"""Search for sources to cite, by author, title or year."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import func, select

from biobank.names.folding import fold
from biobank.records.sources.models import Source
from biobank.store.session import Database

#: Maximum age, in seconds, of the cached sources; they are reloaded earlier if their number
#: changes.
KEPT: Final = 10.0
AUTHORS_MOST: Final = 3


@dataclass(frozen=True)
class CitedWork:
    """A one-line summary of a source; `folded` is the text that is searched."""

    id: str
    title: str
    authors: str
    year: str
    folded: str


@dataclass
class CitedWorks:
    """A cached in-memory list of all sources; small enough for a linear scan per query."""

    database: Database
    _works: list[CitedWork] = field(default_factory=list)
    _at: float = -KEPT

    def find(self, text: str, most: int) -> list[CitedWork]:
        """Return sources with every word of `text`; title or author prefixes first."""
        typed = fold(text)
        words = typed.split()
        found = [
            one
            for one in self._all()
            if one.id == text or all(word in one.folded for word in words)
        ]
        found.sort(key=lambda one: (one.id != text, not _begins(one, typed), one.title, one.id))
        return found[:most]

    def _all(self) -> list[CitedWork]:
        with self.database.read() as session:
            count = session.scalar(select(func.count()).select_from(Source)) or 0
            if count != len(self._works) or time.monotonic() - self._at > KEPT:
                rows = session.execute(select(Source.id, Source.csl))
                self._works = [cited_work(row.id, row.csl) for row in rows]
                self._at = time.monotonic()
        return self._works


def cited_work(id_: str, csl: Mapping[str, Any]) -> CitedWork:
    title, authors, year = str(csl.get("title", "")), _authors(csl), _year(csl)
    container = str(csl.get("container-title", ""))
    folded = fold(" ".join((title, authors, container, year, id_)))
    return CitedWork(id_, title, authors or container, year, folded)


def _begins(work: CitedWork, typed: str) -> bool:
    return fold(work.title).startswith(typed) or fold(work.authors).startswith(typed)


def _authors(csl: Mapping[str, Any]) -> str:
    """Return the surnames of the first authors, or an empty string if the CSL item is malformed."""
    people = csl.get("author")
    if not isinstance(people, list):
        return ""
    names = [
        str(person.get("family") or person.get("literal") or "")
        for person in people
        if isinstance(person, Mapping)
    ]
    return ", ".join(name for name in names[:AUTHORS_MOST] if name)


def _year(csl: Mapping[str, Any]) -> str:
    issued = csl.get("issued")
    parts = issued.get("date-parts") if isinstance(issued, Mapping) else None
    try:
        return str(parts[0][0]) if parts else ""
    except (IndexError, KeyError, TypeError):
        return ""
