"""Cache of the name matcher over all indexed people, updated when the index changes."""

from threading import Lock, Thread

from biobank.names.index import Person
from biobank.names.matcher import Matcher
from biobank.search.port import NameChanges, SearchEngine

#: Maximum number of changed people whose names are indexed synchronously, some 0.2 s; larger
#: updates run in the background, and until they finish the changed names match only as written.
AT_ONCE_MOST = 1000


class KnownNames:
    """A thread-safe cache; one thread applies changes while the others keep reading."""

    def __init__(self, engine: SearchEngine) -> None:
        self._engine = engine
        self._matcher = Matcher()
        self._mark: object = None
        self._updating = Lock()

    def matcher(self) -> Matcher:
        """Return the matcher, updated with the changes that the engine sees."""
        if self._outdated() and self._updating.acquire(blocking=False):
            # Read the changes again: another thread may have applied them meanwhile.
            changes = self._engine.names_since(self._mark)
            upserts = list(changes.upserts)
            if len(upserts) > AT_ONCE_MOST:
                Thread(target=self._update, args=(changes, upserts), daemon=True).start()
            else:
                self._update(changes, upserts)
        return self._matcher

    @property
    def ready(self) -> bool:
        """Return whether all indexed people can be matched by name."""
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
