"""The available engines, and helpers to fill and query them."""

from collections.abc import Callable, Sequence
from pathlib import Path

from biobank.search.document import Document
from biobank.search.engine import SearchEngine
from biobank.search.query import SearchQuery
from biobank.search.whoosh_engine import WhooshEngine

#: Engine factories by name, each opening an index folder.
ENGINES: dict[str, Callable[[Path], SearchEngine]] = {"whoosh": WhooshEngine}

EngineFactory = Callable[[Path], SearchEngine]
FilledEngineFactory = Callable[..., SearchEngine]


def serve(engine: SearchEngine, documents: Sequence[Document]) -> SearchEngine:
    """Return the engine, serving exactly `documents`."""
    engine.activate(engine.build(documents))
    return engine


def search_ids(engine: SearchEngine, text: str = "", **query: object) -> list[str]:
    return [hit.id for hit in engine.search(SearchQuery(text=text, **query)).hits]  # type: ignore[arg-type]
