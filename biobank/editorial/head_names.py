"""An in-memory index of the names in everybody's latest revision."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Lock
from typing import Final

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from biobank.editorial.heads import Written
from biobank.editorial.models import Revision
from biobank.names.folding import fold
from biobank.records.people.models import Person
from biobank.store.outbox import PORTION, batched

#: Earlier than any timestamp. SQLite uses an index for a range condition, but not for IS NOT NULL.
_EVER: Final = datetime(1, 1, 1, tzinfo=UTC)


@dataclass
class HeadNames:
    """The folded words of names and ids. Safe to share between threads.

    The first call reads all people, which takes seconds in a large bank; later calls read only what
    was written since.
    """

    #: By person id: the id of the latest revision, and its words, each preceded by a space.
    _heads: dict[str, tuple[int, str]] = field(default_factory=dict)
    _written: Written = field(default_factory=Written)
    _reading: Lock = field(default_factory=Lock)

    def bearing(self, session: Session, words: str) -> list[int]:
        """Return latest revisions with a word starting with each of `words`, newest first.

        A redacted revision is matched by its person id only.
        """
        sought = [f" {part}" for part in fold(words).split()]
        emptied = _emptied(session)
        with self._reading:
            self._read_on(session)
            found = [
                id_
                for person_id, (id_, words) in self._heads.items()
                if all(part in (_words(person_id) if id_ in emptied else words) for part in sought)
            ]
        return sorted(found, reverse=True)

    def _read_on(self, session: Session) -> None:
        changed, written = self._written.since(session)
        query = select(Revision.id, Revision.person_id, Revision.record["names"])
        later = aliased(Revision)
        its = (later.person_id == Revision.person_id, later.number > Revision.number)
        query = query.where(~exists().where(*its))
        if changed is None:
            queries = [query]
        else:
            queries = [query.where(Revision.person_id.in_(it)) for it in batched(changed, PORTION)]
        for one in queries:
            for id_, person_id, names in session.execute(one.execution_options(yield_per=PORTION)):
                texts = (name["text"] for name in names or ())
                self._heads[person_id] = (id_, _words(person_id, *texts))
        self._written = written


def _words(person_id: str, *names: str) -> str:
    """Return every distinct word of the id and the names, each preceded by a space."""
    words = (word for text in (person_id.replace("-", " "), *names) for word in fold(text).split())
    return "".join(f" {word}" for word in dict.fromkeys(words))


def _emptied(session: Session) -> set[int]:
    """Return redacted latest revisions; only those of withdrawn people can be redacted."""
    gone = select(Person.id).where(Person.withdrawn_at >= _EVER)
    emptied = Revision.redacted_at.is_not(None)
    return set(session.scalars(select(Revision.id).where(Revision.person_id.in_(gone), emptied)))
