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
SOURCES_CACHE_SECONDS: Final = 10.0
MAX_SUMMARY_AUTHORS: Final = 3


@dataclass(frozen=True)
class SourceSummary:
    """A one-line summary of a source; `folded` is the text that is searched."""

    id: str
    title: str
    authors: str
    year: str
    folded: str


@dataclass
class SourceSearch:
    """A cached in-memory list of all sources; small enough for a linear scan per query."""

    database: Database
    _works: list[SourceSummary] = field(default_factory=list)
    _loaded_at: float = -SOURCES_CACHE_SECONDS

    def find(self, text: str, limit: int) -> list[SourceSummary]:
        """Return sources with every word of `text`; title or author prefixes first."""
        query = fold(text)
        words = query.split()
        works = [
            work for work in self._load() if work.id == text or all(word in work.folded for word in words)
        ]
        works.sort(key=lambda work: (work.id != text, not _starts_with(work, query), work.title, work.id))
        return works[:limit]

    def _load(self) -> list[SourceSummary]:
        with self.database.read() as session:
            count = session.scalar(select(func.count()).select_from(Source)) or 0
            if count != len(self._works) or time.monotonic() - self._loaded_at > SOURCES_CACHE_SECONDS:
                rows = session.execute(select(Source.id, Source.csl))
                self._works = [summarize_source(row.id, row.csl) for row in rows]
                self._loaded_at = time.monotonic()
        return self._works


def summarize_source(id_: str, csl: Mapping[str, Any]) -> SourceSummary:
    title, authors, year = str(csl.get("title", "")), _authors(csl), _year(csl)
    container = str(csl.get("container-title", ""))
    folded = fold(" ".join((title, authors, container, year, id_)))
    return SourceSummary(id_, title, authors or container, year, folded)


def _starts_with(work: SourceSummary, query: str) -> bool:
    return fold(work.title).startswith(query) or fold(work.authors).startswith(query)


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
    return ", ".join(name for name in names[:MAX_SUMMARY_AUTHORS] if name)


def _year(csl: Mapping[str, Any]) -> str:
    issued = csl.get("issued")
    parts = issued.get("date-parts") if isinstance(issued, Mapping) else None
    try:
        return str(parts[0][0]) if parts else ""
    except (IndexError, KeyError, TypeError):
        return ""
