"""The engine: generations written by Whoosh, one in-memory view that answers searches."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC, EmptyIndexError, FileIndex
from whoosh.writing import NO_MERGE

from biobank.errors import SearchUnavailable
from biobank.search.document import Document
from biobank.search.port import NOTHING, EngineAnswer, EngineHealth, Knowing, NameChanges, Tied
from biobank.search.query import INDEXED, SearchQuery
from biobank.search.whoosh_engine.answering import answer, ties
from biobank.search.whoosh_engine.codec import Codec
from biobank.search.whoosh_engine.facets import Values
from biobank.search.whoosh_engine.fields import KEY, entry_of, make_schema
from biobank.search.whoosh_engine.generations import Generations
from biobank.search.whoosh_engine.merging import merge_alike
from biobank.search.whoosh_engine.names import changes
from biobank.search.whoosh_engine.segment import Segment
from biobank.search.whoosh_engine.spelling import near_words
from biobank.search.whoosh_engine.view import View

#: Seconds between checks of the index files for changes; a publication must be searchable within
#: one second.
LOOK_EVERY = 0.2
#: Maximum number of documents per segment of a new generation; bounds the memory of a rebuild.
SEGMENT_DOCUMENTS = 20_000
#: Megabytes of postings sorted in memory before spilling to files.
MEMORY = 256
#: Attempts to open a segment, which may vanish meanwhile (once in 2,000, docs/adr/0001).
OPEN_TRIES = 5
#: Whoosh's default name of an index in its own folder.
INDEX_NAME = "MAIN"

NO_INDEX = "there is no index yet; run: biobank index rebuild"


class WhooshEngine:
    """A thread-safe engine; processes share only the index folder."""

    def __init__(self, folder: Path) -> None:
        self._generations = Generations(folder)
        self._values = {facet: Values() for facet in INDEXED}
        self._view: View | None = None
        self._state: tuple[object, ...] = ()
        self._segments: dict[str, Segment] = {}
        self._refreshing = Lock()
        self._looked_at = 0.0
        # Number of writes by this engine, and of those visible in the view.
        self._written = 0
        self._seen = 0

    def search(self, query: SearchQuery, knowing: Knowing = NOTHING) -> EngineAnswer:
        return answer(self._fresh_view(), query, knowing)

    def tied(self, query: SearchQuery, knowing: Knowing = NOTHING) -> Tied:
        return ties(self._fresh_view(), query, knowing)

    def near_words(self, word: str) -> Sequence[str]:
        return near_words(self._fresh_view(), word)

    def names_since(self, since: object = None) -> NameChanges:
        return changes(since if isinstance(since, View) else None, self._fresh_view())

    def ids(self) -> Mapping[str, float]:
        view = self._fresh_view(look_now=True)
        numbers = np.flatnonzero(view.live)
        return {view.ids[number]: float(view.updated[number]) for number in numbers}

    def apply(self, upserts: Sequence[Document], deletes: Sequence[str]) -> None:
        with self._generations.writing():
            generation = self._generations.current
            if generation is None:
                raise SearchUnavailable(NO_INDEX)
            self._write(generation, upserts, deletes)
            self._written += 1

    def build(self, documents: Iterable[Document]) -> str:
        generation = self._generations.new()
        index = self._storage(generation).create_index(make_schema())
        chunk: list[Document] = []
        for document in documents:
            chunk.append(document)
            if len(chunk) == SEGMENT_DOCUMENTS:
                _append(index, chunk)
                chunk = []
        _append(index, chunk)
        return generation

    def activate(
        self, generation: str, upserts: Sequence[Document] = (), deletes: Sequence[str] = ()
    ) -> None:
        with self._generations.writing():
            self._write(generation, upserts, deletes)
            self._generations.switch(generation)
            self._generations.sweep(generation)
            self._written += 1

    def health(self) -> EngineHealth:
        view = self._fresh_view(look_now=True)
        return EngineHealth(view.generation, view.documents)

    def _storage(self, generation: str) -> FileStorage:
        return FileStorage(str(self._generations.path(generation)))

    def _write(self, generation: str, upserts: Sequence[Document], deletes: Sequence[str]) -> None:
        if not upserts and not deletes:
            return
        entries = [entry_of(document) for document in upserts]
        index = self._storage(generation).open_index()
        with _writing(index, merge_alike) as writer:
            with closing(index.reader()) as reader:
                for id_ in {*deletes, *(document.id for document in upserts)}:
                    _delete(writer, reader, id_)
            for entry in entries:
                writer.add_document(**entry)

    def _fresh_view(self, *, look_now: bool = False) -> View:
        """Return the current view: with own changes at once, others' within INDEX_POLL_SECONDS.

        While one thread builds a new view, others use the previous one, unless it lacks a change
        made by this engine.
        """
        view = self._view
        must = look_now or view is None or self._seen != self._written
        due = must or time.monotonic() - self._looked_at >= LOOK_EVERY
        if due and self._refreshing.acquire(blocking=must):
            try:
                if must or time.monotonic() - self._looked_at >= LOOK_EVERY:
                    self._refresh()
                view = self._view
            finally:
                self._refreshing.release()
        if view is None:
            raise SearchUnavailable(NO_INDEX)
        return view

    def _refresh(self) -> None:
        written = self._written
        for attempt in range(OPEN_TRIES):
            try:
                self._open()
            except (FileNotFoundError, EmptyIndexError) as error:
                if attempt == OPEN_TRIES - 1:
                    raise SearchUnavailable("the index cannot be read", why=error) from error
                time.sleep(0.02)
            else:
                break
        self._seen = written
        self._looked_at = time.monotonic()

    def _open(self) -> None:
        generation = self._generations.current
        if generation is None:
            self._view, self._state, self._segments = None, (), {}
            return
        storage = self._storage(generation)
        state = (generation, TOC._latest_generation(storage, INDEX_NAME))
        if state == self._state:
            return
        contents = TOC.read(storage, INDEX_NAME)
        kept: dict[str, Segment] = {}
        segments: list[tuple[Segment, Sequence[int]]] = []
        for stored in contents.segments:
            key = f"{generation}/{stored.segment_id()}"
            segment = self._segments.get(key)
            if segment is None:
                segment = Segment(storage, stored, self._values)
            kept[key] = segment
            segments.append((segment, list(stored.deleted_docs())))
        self._view = View(generation, segments, self._values)
        self._segments, self._state = kept, state


@contextmanager
def _writing(index: FileIndex, merge: Callable[[Any, list[Any]], list[Any]]) -> Iterator[Any]:
    """Open a Whoosh writer that commits on success and leaves nothing behind on failure."""
    # Compound segments would be copied into memory by every reader (docs/adr/0001).
    writer = index.writer(codec=Codec(), compound=False, limitmb=MEMORY)
    try:
        yield writer
        writer.commit(mergetype=merge)
    except BaseException:
        writer.cancel()
        raise


def _delete(writer: Any, reader: Any, id_: str) -> None:
    if (KEY, id_) in reader:
        for number in reader.postings(KEY, id_).all_ids():
            writer.delete_document(number)


def _append(index: FileIndex, documents: Sequence[Document]) -> None:
    with _writing(index, NO_MERGE) as writer:
        for document in documents:
            writer.add_document(**entry_of(document))
