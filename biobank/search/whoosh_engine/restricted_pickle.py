"""Unpickling of index files that creates only the types an index consists of.

Whoosh stores its schema, segments, stored fields and postings as pickles, which may name any callable
of Python to be called on reading. Here only ALLOWED_TYPES can be named, so a foreign or damaged file
raises an error and runs no code. Importing this module also replaces the readers of Whoosh itself.
"""

import pickle
from io import BytesIO
from types import SimpleNamespace
from typing import IO, Any

import whoosh.codec.whoosh3
import whoosh.columns
import whoosh.filedb.structfile
import whoosh.formats
import whoosh.index

ALLOWED_TYPES = frozenset(
    {
        ("biobank.search.whoosh_engine.codec", "FastCodec"),
        ("biobank.search.whoosh_engine.fields", "NameField"),
        ("biobank.search.whoosh_engine.fields", "PackedPositions"),
        ("biobank.search.whoosh_engine.fields", "TextField"),
        ("builtins", "int"),
        ("builtins", "set"),
        ("collections", "defaultdict"),
        ("whoosh.analysis.tokenizers", "IDTokenizer"),
        ("whoosh.codec.whoosh3", "W3Segment"),
        ("whoosh.fields", "ID"),
        ("whoosh.fields", "STORED"),
        ("whoosh.fields", "Schema"),
        ("whoosh.formats", "Existence"),
    }
)


class ForeignPickle(pickle.UnpicklingError):
    """A pickle names a type that no index contains."""


class RestrictedUnpickler(pickle.Unpickler):
    """An unpickler of ALLOWED_TYPES and plain values."""

    def find_class(self, module: str, name: str) -> Any:
        # A dotted name would reach attributes of an allowed module.
        if (module, name) not in ALLOWED_TYPES:
            raise ForeignPickle(f"the index names {module}.{name}"[:200])
        return super().find_class(module, name)


def load(file: IO[bytes]) -> Any:
    """Read one pickle from a stream."""
    return RestrictedUnpickler(file).load()


def loads(data: bytes) -> Any:
    """Read a pickle from bytes."""
    return load(BytesIO(data))


def _install() -> None:
    """Replace the unpickling functions of Whoosh 2.7.4, which is pinned (docs/adr/0001)."""
    whoosh.index.pickle = SimpleNamespace(loads=loads, dumps=pickle.dumps, PicklingError=pickle.PicklingError)
    # Loaders of formats from before Whoosh 2.7, with an unpickler of their own.
    whoosh.index.toc_loaders.clear()
    whoosh.filedb.structfile.load_pickle = load
    for module in (whoosh.columns, whoosh.formats, whoosh.codec.whoosh3):
        module.loads = loads


_install()
