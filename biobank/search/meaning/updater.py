"""Keeps the vectors of the serving generation in step with its documents, outside the web workers."""

import logging
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from threading import Event

import numpy as np

from biobank.common.progress import ProgressReporter, null_progress
from biobank.errors import SearchUnavailable
from biobank.search.document import Document
from biobank.search.engine import SearchEngine
from biobank.search.meaning.encoder import Encoder, Vectors
from biobank.search.meaning.passages import digest_passages, encoding_name, make_passages
from biobank.search.meaning.vector_store import FILE_NAME, EncodedState, VectorStore, quantize
from biobank.store.outbox import batched

#: People whose documents are read at a time, and passages encoded between two looks whether to stop.
LOADED_PEOPLE = 20
ENCODED_PASSAGES = 8
#: Seconds between two looks for people without vectors.
VECTOR_POLL_SECONDS = 5.0

LoadDocuments = Callable[[Sequence[str]], Sequence[Document]]

log = logging.getLogger(__name__)


def never() -> bool:
    """Return false: encode until everybody is encoded."""
    return False


class VectorUpdater:
    """Deletes vectors with every change of the index and, with an encoder, encodes who has none."""

    def __init__(self, engine: SearchEngine, encoder: Encoder | None, load_documents: LoadDocuments) -> None:
        self._engine = engine
        self._encoder = encoder
        self._load_documents = load_documents

    @property
    def is_enabled(self) -> bool:
        return self._encoder is not None

    def apply(self, upserts: Sequence[Document], deletes: Sequence[str]) -> None:
        """Delete the vectors of `deletes` and of people whose texts changed.

        This needs no encoder: what was removed from a biography must go from every index. Where
        the file cannot be changed, it is deleted; it can be made again.
        """
        store = self._store()
        if store is None or not store.exists or not (upserts or deletes):
            return
        try:
            with store.lock() as writer:
                writer.delete(deletes)
                writer.delete_changed({document.id: _state(document) for document in upserts})
        except sqlite3.Error as error:
            log.warning("the vectors are deleted, because they cannot be changed: %s", error)
            store.delete_file()

    def count(self) -> int:
        """Return the number of people with vectors."""
        store = self._store()
        try:
            return len(store.people()) if store and store.exists else 0
        except sqlite3.Error:
            return 0

    def fill(
        self, progress: ProgressReporter = null_progress, should_stop: Callable[[], bool] = never
    ) -> int:
        """Encode everybody without vectors and return their number.

        Raises:
            SearchUnavailable: If there is no index.
        """
        folder = self._engine.serving_folder()
        if self._encoder is None or folder is None:
            return 0
        published = self._engine.ids()
        store = self._prepare(folder, self._encoder)
        _delete_outdated(store, published)
        missing = sorted(published.keys() - store.people().keys())
        encoded = 0
        for ids in batched(missing, LOADED_PEOPLE):
            for document in self._load_documents(ids):
                if should_stop() or self._engine.serving_folder() != folder:
                    return encoded
                encoded += self._encode(store, document, self._encoder, should_stop)
                progress("encoded", encoded, len(missing))
        return encoded

    def follow(self, stopped: Event) -> None:
        """Encode people as they change, until `stopped` is set."""
        while not stopped.is_set():
            try:
                self.fill(should_stop=stopped.is_set)
            except (SearchUnavailable, sqlite3.Error, OSError) as error:
                log.warning("the vectors are not up to date: %s", error)
            stopped.wait(VECTOR_POLL_SECONDS)

    def _store(self) -> VectorStore | None:
        folder = self._engine.serving_folder()
        return VectorStore(folder) if folder else None

    def _prepare(self, folder: Path, encoder: Encoder) -> VectorStore:
        """Return the store of a generation, with what is valid of the one before it."""
        store = VectorStore(folder)
        others = sorted(path.parent for path in folder.parent.glob(f"*/{FILE_NAME}") if path.parent != folder)
        if others and not store.exists:
            previous = VectorStore(others.pop())
            if previous.matches(encoding_name(encoder), encoder.dimensions):
                # Nobody reads what is outdated in between.
                _delete_outdated(previous, self._engine.ids())
                previous.move_to(folder)
            else:
                previous.delete_file()
        for other in others:
            VectorStore(other).delete_file()
        store.create(encoding_name(encoder), encoder.dimensions)
        return store

    def _encode(
        self, store: VectorStore, document: Document, encoder: Encoder, should_stop: Callable[[], bool]
    ) -> int:
        """Encode a person; return 1, or 0 if the person changed meanwhile or it has to stop."""
        passages = make_passages(document)
        parts: list[Vectors] = [np.zeros((0, encoder.dimensions), dtype=np.float32)]
        for chunk in batched(passages, ENCODED_PASSAGES):
            if should_stop():
                return 0
            parts.append(encoder.encode_passages(chunk))
        quantized = quantize(np.concatenate(parts))
        with store.lock() as writer:
            # Within the lock: a change that the index gets later deletes these vectors again.
            if self._engine.ids().get(document.id) != document.updated:
                return 0
            writer.save(document.id, _state(document, passages), quantized)
        return 1


def _delete_outdated(store: VectorStore, published: Mapping[str, float]) -> None:
    """Delete the vectors of people who are not in the index, or in another state."""
    outdated = [id_ for id_, person in store.people().items() if published.get(id_) != person.updated]
    if outdated:
        with store.lock() as writer:
            writer.delete(outdated)


def _state(document: Document, passages: Sequence[str] | None = None) -> EncodedState:
    passages = make_passages(document) if passages is None else passages
    return EncodedState(document.updated, digest_passages(passages))
