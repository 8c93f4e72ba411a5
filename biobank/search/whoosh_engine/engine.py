"""The engine: generations written by Whoosh, one in-memory view that answers searches."""

import errno
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC, FileIndex
from whoosh.writing import NO_MERGE

from biobank.common.files import fsync_folder, fsync_path
from biobank.errors import BiobankError, SearchUnavailable
from biobank.search.document import Document
from biobank.search.engine import (
    EMPTY_CONTEXT,
    EngineHealth,
    EngineResponse,
    NameChanges,
    PeopleByPlace,
    QueryContext,
)
from biobank.search.query import INDEXED_FIELDS, SearchQuery
from biobank.search.whoosh_engine.codec import FastCodec
from biobank.search.whoosh_engine.facets import ValueCodes
from biobank.search.whoosh_engine.fields import ID_FIELD, build_schema, index_entry
from biobank.search.whoosh_engine.generations import ABANDONED_SECONDS, GenerationStore
from biobank.search.whoosh_engine.postings import merge_similar_sizes
from biobank.search.whoosh_engine.response_builder import build_response, people_by_place
from biobank.search.whoosh_engine.segment import DAMAGED_MESSAGE, Segment
from biobank.search.whoosh_engine.spelling import similar_words
from biobank.search.whoosh_engine.view import IndexView, name_changes

#: Seconds between checks of the index files for changes; a publication must be searchable within
#: one second.
INDEX_POLL_SECONDS = 0.2
#: Maximum number of documents per segment of a new generation; bounds the memory of a rebuild.
MAX_SEGMENT_DOCUMENTS = 20_000
#: Megabytes of postings sorted in memory before spilling to files.
WRITER_MEMORY_MB = 256
#: Attempts to open a segment, which may vanish meanwhile (once in 2,000, docs/adr/0001).
MAX_OPEN_ATTEMPTS = 5
#: Whoosh's default name of an index in its own folder.
INDEX_NAME = "MAIN"

#: Errors of the file system that a rebuild would not mend.
WRITE_ERRORS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO})

NO_INDEX_MESSAGE = "there is no index yet; run: biobank index rebuild"


class WhooshEngine:
    """A thread-safe engine; processes share only the index folder."""

    def __init__(self, folder: Path) -> None:
        self._generations = GenerationStore(folder)
        self._value_codes = {facet: ValueCodes() for facet in INDEXED_FIELDS}
        self._view: IndexView | None = None
        self._state: tuple[object, ...] = ()
        self._segments: dict[str, Segment] = {}
        self._refresh_lock = Lock()
        self._checked_at = 0.0
        # Number of writes by this engine, and of those visible in the view.
        self._write_count = 0
        self._visible_writes = 0

    def search(self, query: SearchQuery, context: QueryContext = EMPTY_CONTEXT) -> EngineResponse:
        return build_response(self._current_view(), query, context)

    def people_by_place(self, query: SearchQuery, context: QueryContext = EMPTY_CONTEXT) -> PeopleByPlace:
        return people_by_place(self._current_view(), query, context)

    def similar_words(self, word: str) -> Sequence[str]:
        return similar_words(self._current_view(), word)

    def name_changes(self, mark: object = None) -> NameChanges:
        return name_changes(mark if isinstance(mark, IndexView) else None, self._current_view())

    def ids(self) -> Mapping[str, float]:
        view = self._current_view(force=True)
        numbers = np.flatnonzero(view.live_mask)
        return {view.ids[number]: float(view.updated[number]) for number in numbers}

    def apply(self, upserts: Sequence[Document], deletes: Sequence[str], mark: str = "") -> None:
        with self._generations.write_lock():
            generation = self._generations.current
            if generation is None:
                raise SearchUnavailable(NO_INDEX_MESSAGE)
            with _translate_write_errors():
                self._write(generation, upserts, deletes, mark)
            self._write_count += 1

    def build(self, documents: Iterable[Document]) -> str:
        with _translate_write_errors():
            generation = self._generations.create()
        try:
            with _translate_write_errors():
                index = self._storage(generation).create_index(build_schema())
            self._write_documents(index, documents)
        except BaseException:
            # A half generation would occupy the space that may be what is missing.
            self._generations.delete(generation)
            raise
        return generation

    def activate(
        self,
        generation: str,
        upserts: Sequence[Document] = (),
        deletes: Sequence[str] = (),
        mark: str = "",
    ) -> None:
        with self._generations.write_lock():
            try:
                with _translate_write_errors():
                    self._write(generation, upserts, deletes, mark)
                    self._generations.switch(generation)
            except BaseException:
                if self._generations.current != generation:
                    self._generations.delete(generation)
                raise
            self._generations.delete_old(generation)
            self._write_count += 1

    def health(self) -> EngineHealth:
        view = self._current_view(force=True)
        if any(segment.is_damaged for segment in view.segments):
            raise SearchUnavailable(DAMAGED_MESSAGE)
        return EngineHealth(view.generation, view.documents, self._generations.mark(view.generation))

    def mark(self) -> str:
        generation = self._generations.current
        return self._generations.mark(generation) if generation else ""

    def serving_folder(self) -> Path | None:
        generation = self._generations.current
        return self._generations.path(generation) if generation else None

    def check(self) -> None:
        for segment in self._current_view(force=True).segments:
            segment.check()

    def remove_abandoned(self, min_age_seconds: float = ABANDONED_SECONDS) -> int:
        return self._generations.delete_abandoned(min_age_seconds)

    def _write_documents(self, index: FileIndex, documents: Iterable[Document]) -> None:
        chunk: list[Document] = []
        for document in documents:
            chunk.append(document)
            if len(chunk) == MAX_SEGMENT_DOCUMENTS:
                with _translate_write_errors():
                    _append_segment(index, chunk)
                chunk = []
        with _translate_write_errors():
            _append_segment(index, chunk)

    def _storage(self, generation: str) -> FileStorage:
        return FileStorage(str(self._generations.path(generation)))

    def _write(self, generation: str, upserts: Sequence[Document], deletes: Sequence[str], mark: str) -> None:
        """Write changes, then the mark: after a crash in between, the changes are applied again."""
        if upserts or deletes:
            self._write_changes(generation, upserts, deletes)
        if mark:
            self._generations.save_mark(generation, mark)

    def _write_changes(self, generation: str, upserts: Sequence[Document], deletes: Sequence[str]) -> None:
        entries = [index_entry(document) for document in upserts]
        index = self._storage(generation).open_index()
        with _whoosh_writer(index, merge_similar_sizes) as writer:
            with closing(index.reader()) as reader:
                for id_ in {*deletes, *(document.id for document in upserts)}:
                    _delete(writer, reader, id_)
            for entry in entries:
                writer.add_document(**entry)

    def _current_view(self, *, force: bool = False) -> IndexView:
        """Return the current view: with own changes at once, others' within INDEX_POLL_SECONDS.

        While one thread builds a new view, others use the previous one, unless it lacks a change
        made by this engine.
        """
        view = self._view
        required = force or view is None or self._visible_writes != self._write_count
        due = required or time.monotonic() - self._checked_at >= INDEX_POLL_SECONDS
        if due and self._refresh_lock.acquire(blocking=required):
            try:
                if required or time.monotonic() - self._checked_at >= INDEX_POLL_SECONDS:
                    self._refresh()
                view = self._view
            finally:
                self._refresh_lock.release()
        if view is None:
            raise SearchUnavailable(NO_INDEX_MESSAGE)
        return view

    def _refresh(self) -> None:
        write_count = self._write_count
        for attempt in range(MAX_OPEN_ATTEMPTS):
            try:
                self._open_current()
            except Exception as error:
                # A writer may remove a file meanwhile; damaged bytes may raise anything.
                if attempt == MAX_OPEN_ATTEMPTS - 1:
                    raise SearchUnavailable(DAMAGED_MESSAGE, detail=error) from error
                time.sleep(0.02)
            else:
                break
        self._visible_writes = write_count
        self._checked_at = time.monotonic()

    def _open_current(self) -> None:
        generation = self._generations.current
        if generation is None:
            self._view, self._state, self._segments = None, (), {}
            return
        storage = self._storage(generation)
        state = (generation, TOC._latest_generation(storage, INDEX_NAME))
        if state == self._state:
            return
        contents = TOC.read(storage, INDEX_NAME)
        open_segments: dict[str, Segment] = {}
        segments: list[tuple[Segment, Sequence[int]]] = []
        for stored_segment in contents.segments:
            key = f"{generation}/{stored_segment.segment_id()}"
            segment = self._segments.get(key)
            if segment is None:
                segment = Segment(storage, stored_segment, self._value_codes)
            open_segments[key] = segment
            segments.append((segment, list(stored_segment.deleted_docs())))
        self._view = IndexView(generation, segments, self._value_codes)
        self._segments, self._state = open_segments, state


@contextmanager
def _whoosh_writer(index: FileIndex, merge: Callable[[Any, list[Any]], list[Any]]) -> Iterator[Any]:
    """Open a Whoosh writer that commits on success and leaves nothing behind on failure."""
    # Compound segments would be copied into memory by every reader (docs/adr/0001).
    folder = Path(index.storage.folder)
    _remove_unfinished_tocs(folder)
    existing = {path.name for path in folder.iterdir()}
    writer = index.writer(codec=FastCodec(), compound=False, limitmb=WRITER_MEMORY_MB)
    try:
        yield writer
        writer.commit(mergetype=merge)
        _fsync_new_files(folder, existing)
    except BaseException:
        _cancel(writer)
        raise


def _remove_unfinished_tocs(folder: Path) -> None:
    """Delete tables of contents that failed or killed commits left under a temporary name.

    Whoosh deletes other files that no commit refers to, but not these. Nobody else writes one now.
    """
    for path in folder.glob(f"_{INDEX_NAME}_*.toc.*"):
        with suppress(OSError):
            path.unlink()


def _cancel(writer: Any) -> None:
    """Cancel a writer after an error, which is the one to show.

    Where the disk refuses writes, Whoosh's `cancel` fails as well, and leaves the index locked and its
    files open.
    """
    parts = (writer.perdocwriter.close, writer.fieldwriter.close, writer.temp_storage().destroy)
    for step in (writer.cancel, *parts, writer.writelock.release):
        with suppress(Exception):
            step()


def _fsync_new_files(folder: Path, existing: Collection[str]) -> None:
    """Flush the files of a commit to disk, which Whoosh does not do.

    Changes are marked as applied, and a generation serves, only after this.
    """
    for path in folder.iterdir():
        if path.name not in existing:
            # Another writer's temporary files may vanish; those of this commit do not.
            with suppress(FileNotFoundError):
                fsync_path(path)
    fsync_folder(folder)


@contextmanager
def _translate_write_errors() -> Iterator[None]:
    """Raise SearchUnavailable for a full disk, missing rights or damaged segments."""
    try:
        yield
    except BiobankError:
        raise
    except OSError as error:
        if error.errno in WRITE_ERRORS:
            raise SearchUnavailable("the index cannot be written", detail=error) from error
        raise SearchUnavailable(DAMAGED_MESSAGE, detail=error) from error
    except Exception as error:
        raise SearchUnavailable(DAMAGED_MESSAGE, detail=error) from error


def _delete(writer: Any, reader: Any, id_: str) -> None:
    if (ID_FIELD, id_) in reader:
        for number in reader.postings(ID_FIELD, id_).all_ids():
            writer.delete_document(number)


def _append_segment(index: FileIndex, documents: Sequence[Document]) -> None:
    with _whoosh_writer(index, NO_MERGE) as writer:
        for document in documents:
            writer.add_document(**index_entry(document))
