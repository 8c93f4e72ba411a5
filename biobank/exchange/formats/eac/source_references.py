"""Sources of an EAC document: each source of a record, and each cited passage, is a `source`."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any


class SourceReferences:
    """Collects the cited sources and passages of a document and assigns their ids."""

    def __init__(self, sources: Sequence[str]) -> None:
        self._sources = dict.fromkeys(sources)
        self._passages: dict[tuple[str, str], str] = {}

    def for_part(self, part: Mapping[str, Any]) -> str | None:
        """Return the `sourceReference` of a part of a record; None if it cites nothing."""
        citations = part.get("cites")
        if not citations:
            return None
        return self.reference_all((cite["source"], cite.get("locator") or "") for cite in citations)

    def reference_all(self, citations: Iterable[tuple[str, str]]) -> str:
        """Return references to sources and passages, in the given order."""
        return " ".join(self._document_id(source, locator) for source, locator in citations)

    @property
    def sources(self) -> tuple[str, ...]:
        return tuple(self._sources)

    @property
    def passages(self) -> Mapping[tuple[str, str], str]:
        """Return the id within the document by source and locator."""
        return self._passages

    def _document_id(self, source: str, locator: str) -> str:
        self._sources.setdefault(source)
        if not locator:
            return source_id(source)
        passages = self._passages
        return passages.setdefault((source, locator), f"{source_id(source)}.{len(passages) + 1}")


def source_id(source: str) -> str:
    """Return the id of a whole source within the document.

    The prefix is needed because an XML name may not begin with a digit.
    """
    return f"source.{source}"
