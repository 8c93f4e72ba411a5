"""The matcher of everybody in the serving index, kept up to date as the index changes."""

from threading import Lock, Thread

from biobank.names.index import Person
from biobank.names.matcher import Matcher
from biobank.search.port import NameChanges, SearchEngine

#: People whose names are put in order while the question waits, some .2 s; more are behind its
#: back, and until they are there their names are found as they are written only.
AT_ONCE_MOST = 1000


class KnownNames:
    """Safe to share between threads; one of them brings in what changed, the others go on."""

    def __init__(self, engine: SearchEngine) -> None:
        self._engine = engine
        self._matcher = Matcher()
        self._mark: object = None
        self._updating = Lock()

    def matcher(self) -> Matcher:
        """With all that this process published, and what others did as the engine sees it."""
        if self._outdated() and self._updating.acquire(blocking=False):
            # Looked at again: another thread may have been here since.
            changes = self._engine.names_since(self._mark)
            upserts = list(changes.upserts)
            if len(upserts) > AT_ONCE_MOST:
                Thread(target=self._update, args=(changes, upserts), daemon=True).start()
            else:
                self._update(changes, upserts)
        return self._matcher

    @property
    def ready(self) -> bool:
        """Whether everybody who is in the index is found by name."""
        self.matcher()
        return not self._outdated()

    def _outdated(self) -> bool:
        return self._engine.names_since(self._mark).mark is not self._mark

    def _update(self, changes: NameChanges, upserts: list[Person]) -> None:
        try:
            deletes = list(changes.deletes)
            if changes.everybody:
                there = {person[0] for person in upserts}
                deletes = [id_ for id_ in self._matcher.ids() if id_ not in there]
            self._matcher.apply(upserts, deletes)
            self._mark = changes.mark
        finally:
            self._updating.release()
