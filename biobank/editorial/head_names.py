"""What everybody at the desk is called by the newest revision, kept in memory to be looked up."""

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

#: Before anything was done. SQLite looks up a span in an index, but not that something is there.
_EVER: Final = datetime(1, 1, 1, tzinfo=UTC)


@dataclass
class HeadNames:
    """The folded words of names and ids. Safe to share between threads.

    All are read once, which takes seconds in a large bank; later only what was written since.
    """

    #: By person: the newest revision, and each word behind a space.
    _heads: dict[str, tuple[int, str]] = field(default_factory=dict)
    _written: Written = field(default_factory=Written)
    _reading: Lock = field(default_factory=Lock)

    def bearing(self, session: Session, words: str) -> list[int]:
        """The newest revisions of whoever has a word that begins so for each of `words`.

        Last saved first. What was redacted counts by its id alone.
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
    """Every word of them once, each behind a space."""
    words = (word for text in (person_id.replace("-", " "), *names) for word in fold(text).split())
    return "".join(f" {word}" for word in dict.fromkeys(words))


def _emptied(session: Session) -> set[int]:
    """Newest revisions that were redacted: only of people who were taken out can one be."""
    gone = select(Person.id).where(Person.withdrawn_at >= _EVER)
    emptied = Revision.redacted_at.is_not(None)
    return set(session.scalars(select(Revision.id).where(Revision.person_id.in_(gone), emptied)))
