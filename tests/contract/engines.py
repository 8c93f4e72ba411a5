"""The available engines, and helpers to fill and query them."""

from collections.abc import Callable, Sequence
from pathlib import Path

from biobank.search.document import Document
from biobank.search.port import SearchEngine
from biobank.search.query import SearchQuery
from biobank.search.whoosh_engine import WhooshEngine

#: Engine factories by name, each opening an index folder.
ENGINES: dict[str, Callable[[Path], SearchEngine]] = {
    "whoosh": WhooshEngine,
}

Open = Callable[[Path], SearchEngine]
Filled = Callable[..., SearchEngine]


def serve(engine: SearchEngine, found: Sequence[Document]) -> SearchEngine:
    """Return the engine, serving exactly `documents`."""
    engine.activate(engine.build(found))
    return engine


def ids(engine: SearchEngine, text: str = "", **query: object) -> list[str]:
    return [hit.id for hit in engine.search(SearchQuery(text=text, **query)).hits]  # type: ignore[arg-type]
