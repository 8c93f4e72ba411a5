"""An in-memory index of the names in everybody's latest revision."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Lock
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from biobank.editorial.models import Revision
from biobank.editorial.revisions.latest_revisions import RevisionCursor, is_latest
from biobank.names.folding import fold
from biobank.records.people.models import Person
from biobank.store.outbox import MAX_STATEMENT_VALUES, batched

#: Earlier than any timestamp. SQLite uses an index for a range condition, but not for IS NOT NULL.
_EARLIEST: Final = datetime(1, 1, 1, tzinfo=UTC)


@dataclass
class LatestNameIndex:
    """The folded words of names and ids. Safe to share between threads.

    The first call reads all people, which takes seconds in a large bank; later calls read only what
    was written since.
    """

    #: By person id: the id of the latest revision, and its words, each preceded by a space.
    _entries: dict[str, tuple[int, str]] = field(default_factory=dict)
    _cursor: RevisionCursor = field(default_factory=RevisionCursor)
    _update_lock: Lock = field(default_factory=Lock)

    def search(self, session: Session, words: str) -> list[int]:
        """Return latest revisions with a word starting with each of `words`, newest first.

        A redacted revision is matched by its person id only.
        """
        prefixes = [f" {prefix}" for prefix in fold(words).split()]
        redacted = _redacted_latest(session)
        with self._update_lock:
            self._update(session)
            ids = [
                id_
                for person_id, (id_, words) in self._entries.items()
                if all(
                    prefix in (_index_words(person_id) if id_ in redacted else words) for prefix in prefixes
                )
            ]
        return sorted(ids, reverse=True)

    def _update(self, session: Session) -> None:
        changed, cursor = self._cursor.advance(session)
        query = select(Revision.id, Revision.person_id, Revision.record["names"])
        query = query.where(is_latest())
        if changed is None:
            queries = [query]
        else:
            queries = [
                query.where(Revision.person_id.in_(batch)) for batch in batched(changed, MAX_STATEMENT_VALUES)
            ]
        for statement in queries:
            for id_, person_id, names in session.execute(
                statement.execution_options(yield_per=MAX_STATEMENT_VALUES)
            ):
                texts = (name["text"] for name in names or ())
                self._entries[person_id] = (id_, _index_words(person_id, *texts))
        self._cursor = cursor


def _index_words(person_id: str, *names: str) -> str:
    """Return every distinct word of the id and the names, each preceded by a space."""
    words = (word for text in (person_id.replace("-", " "), *names) for word in fold(text).split())
    return "".join(f" {word}" for word in dict.fromkeys(words))


def _redacted_latest(session: Session) -> set[int]:
    """Return redacted latest revisions; only those of withdrawn people can be redacted."""
    withdrawn = select(Person.id).where(Person.withdrawn_at >= _EARLIEST)
    is_redacted = Revision.redacted_at.is_not(None)
    return set(session.scalars(select(Revision.id).where(Revision.person_id.in_(withdrawn), is_redacted)))
