"""The engine: generations written by Whoosh, one view in memory, answers from the view."""

import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from threading import Lock

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC, FileIndex
from whoosh.reading import SegmentReader

from biobank.errors import SearchUnavailable
from biobank.names.folding import fold_word, tokens
from biobank.search.document import Document
from biobank.search.port import Completion, EngineAnswer, EngineHealth
from biobank.search.query import FACETS, SearchQuery
from biobank.search.whoosh_engine.answering import answer
from biobank.search.whoosh_engine.fields import KEY, entry_of, make_schema
from biobank.search.whoosh_engine.generations import Generations
from biobank.search.whoosh_engine.segment import Segment, Values
from biobank.search.whoosh_engine.view import View

#: Seconds between looks at the disk for a change; a publish must be found within one second.
LOOK_EVERY = 0.2
#: Documents in one segment of a new generation: bounds the memory of a rebuild.
SEGMENT_DOCUMENTS = 20_000
#: A segment may vanish under a reader that is just opening it (once in 2,000, docs/adr/0001).
OPEN_TRIES = 5
#: The name Whoosh gives an index that is alone in its folder.
INDEX_NAME = "MAIN"


class WhooshEngine:
    """Safe to share between threads; processes meet in the index folder only."""

    def __init__(self, folder: Path) -> None:
        self._generations = Generations(folder)
        self._values = {facet: Values() for facet in FACETS}
        self._view: View | None = None
        self._state: tuple[object, ...] = ()
        self._segments: dict[str, Segment] = {}
        self._refreshing = Lock()
        self._looked_at = 0.0

    def search(self, query: SearchQuery) -> EngineAnswer:
        return answer(self._fresh_view(), query)

    def suggest(self, text: str, size: int) -> Sequence[Completion]:
        view = self._fresh_view()
        words = [fold_word(token.text) for token in tokens(text)]
        if not words:
            return []
        mask = view.live.copy()
        for word in words:
            mask &= view.with_name_prefix(word)
        found = np.flatnonzero(mask)
        order = np.lexsort((view.name_rank[found], -view.documented[found]))
        return [Completion(view.ids[number]) for number in found[order][:size]]

    def near_words(self, word: str, size: int) -> Sequence[str]:
        folded = fold_word(word)
        found = process.extract(
            folded,
            self._fresh_view().name_words,
            scorer=DamerauLevenshtein.normalized_similarity,
            # One slip in a word of three letters, two in one of six.
            score_cutoff=0.66,
            limit=size + 1,
        )
        return [near for near, _, _ in found if near != folded][:size]

    def ids(self) -> Mapping[str, float]:
        view = self._fresh_view(look_now=True)
        numbers = np.flatnonzero(view.live)
        return {view.ids[number]: float(view.updated[number]) for number in numbers}

    def apply(self, upserts: Sequence[Document], deletes: Sequence[str]) -> None:
        with self._generations.writing():
            generation = self._generations.current
            if generation is None:
                raise SearchUnavailable("there is no index yet; run: biobank index rebuild")
            self._write(generation, upserts, deletes)
        self._looked_at = 0.0

    def build(self, documents: Iterable[Document]) -> str:
        generation = self._generations.new()
        storage = FileStorage(str(self._generations.path(generation)))
        index = storage.create_index(make_schema())
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
        self._looked_at = 0.0

    def health(self) -> EngineHealth:
        view = self._fresh_view(look_now=True)
        return EngineHealth(view.generation, view.documents)

    def _write(self, generation: str, upserts: Sequence[Document], deletes: Sequence[str]) -> None:
        if not upserts and not deletes:
            return
        storage = FileStorage(str(self._generations.path(generation)))
        writer = storage.open_index().writer(compound=False)
        try:
            for id_ in deletes:
                writer.delete_by_term(KEY, id_)
            for document in upserts:
                writer.update_document(**entry_of(document))
        except BaseException:
            writer.cancel()
            raise
        writer.commit()

    def _fresh_view(self, *, look_now: bool = False) -> View:
        """The view of what is on disk, at most LOOK_EVERY seconds old.

        While one thread makes the new view, the others go on with the one before.
        """
        view = self._view
        due = look_now or time.monotonic() - self._looked_at >= LOOK_EVERY
        if due and self._refreshing.acquire(blocking=view is None or look_now):
            try:
                self._refresh()
                self._looked_at = time.monotonic()
            finally:
                self._refreshing.release()
        if self._view is None:
            raise SearchUnavailable("there is no index yet; run: biobank index rebuild")
        return self._view

    def _refresh(self) -> None:
        for attempt in range(OPEN_TRIES):
            try:
                self._open()
            except FileNotFoundError:
                if attempt == OPEN_TRIES - 1:
                    raise
                time.sleep(0.02)
            else:
                return

    def _open(self) -> None:
        generation = self._generations.current
        if generation is None:
            self._view, self._state, self._segments = None, (), {}
            return
        storage = FileStorage(str(self._generations.path(generation)))
        state = (generation, TOC._latest_generation(storage, INDEX_NAME))
        if state == self._state:
            return
        readers = [leaf for leaf, _ in storage.open_index().reader().leaf_readers()]
        segments: list[tuple[Segment, list[int]]] = []
        kept: dict[str, Segment] = {}
        for reader in readers:
            if not isinstance(reader, SegmentReader):
                continue  # an index without documents has a reader without a segment
            key = f"{generation}/{reader.segment().segment_id()}"
            kept[key] = self._segments.get(key) or Segment(reader, self._values)
            segments.append((kept[key], list(reader.segment().deleted_docs())))
        self._view = View(generation, segments, self._values)
        self._segments, self._state = kept, state


def _append(index: FileIndex, documents: Sequence[Document]) -> None:
    writer = index.writer(compound=False, limitmb=256)
    for document in documents:
        writer.add_document(**entry_of(document))
    writer.commit(merge=False)
