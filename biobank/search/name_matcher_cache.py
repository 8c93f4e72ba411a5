"""Cache of the name matcher over all indexed people, updated when the index changes."""

from threading import Lock, Thread

from biobank.names.index import PersonNames
from biobank.names.matcher import NameMatcher
from biobank.search.engine import NameChanges, SearchEngine

#: Maximum number of changed people whose names are indexed synchronously, some 0.2 s; larger
#: updates run in the background, and until they finish the changed names match only as written.
MAX_SYNC_UPDATES = 1000


class NameMatcherCache:
    """A thread-safe cache; one thread applies changes while the others keep reading."""

    def __init__(self, engine: SearchEngine) -> None:
        self._engine = engine
        self._matcher = NameMatcher()
        self._mark: object = None
        self._updating = Lock()

    def matcher(self) -> NameMatcher:
        """Return the matcher, updated with the changes that the engine sees."""
        if self._is_outdated() and self._updating.acquire(blocking=False):
            # Read the changes again: another thread may have applied them meanwhile.
            changes = self._engine.name_changes(self._mark)
            upserts = list(changes.upserts)
            if len(upserts) > MAX_SYNC_UPDATES:
                Thread(target=self._apply_changes, args=(changes, upserts), daemon=True).start()
            else:
                self._apply_changes(changes, upserts)
        return self._matcher

    @property
    def is_ready(self) -> bool:
        """Return whether all indexed people can be matched by name."""
        self.matcher()
        return not self._is_outdated()

    def _is_outdated(self) -> bool:
        return self._engine.name_changes(self._mark).mark is not self._mark

    def _apply_changes(self, changes: NameChanges, upserts: list[PersonNames]) -> None:
        try:
            deletes = list(changes.deletes)
            if changes.is_complete:
                current_ids = {person[0] for person in upserts}
                deletes = [id_ for id_ in self._matcher.ids() if id_ not in current_ids]
            self._matcher.apply(upserts, deletes)
            self._mark = changes.mark
        finally:
            self._updating.release()
