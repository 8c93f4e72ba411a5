"""The engines that there are, and short ways to fill and ask one."""

from collections.abc import Callable, Sequence
from pathlib import Path

from biobank.search.document import Document
from biobank.search.port import SearchEngine
from biobank.search.query import SearchQuery
from biobank.search.whoosh_engine import WhooshEngine

#: How to open each engine on a folder of its own. An engine more is a line more.
ENGINES: dict[str, Callable[[Path], SearchEngine]] = {
    "whoosh": WhooshEngine,
}

Open = Callable[[Path], SearchEngine]
Filled = Callable[..., SearchEngine]


def serve(engine: SearchEngine, found: Sequence[Document]) -> SearchEngine:
    """The engine, serving `found` and nothing else."""
    engine.activate(engine.build(found))
    return engine


def ids(engine: SearchEngine, text: str = "", **query: object) -> list[str]:
    return [hit.id for hit in engine.search(SearchQuery(text=text, **query)).hits]  # type: ignore[arg-type]
