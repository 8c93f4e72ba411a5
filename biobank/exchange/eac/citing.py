"""Sources of an EAC document: each source of a record, and each cited passage, is a `source`."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any


class Citing:
    """Collects the cited sources and passages of a document and assigns their ids."""

    def __init__(self, sources: Sequence[str]) -> None:
        self._whole = dict.fromkeys(sources)
        self._passages: dict[tuple[str, str], str] = {}

    def of(self, part: Mapping[str, Any]) -> str | None:
        """Return the `sourceReference` of a part of a record; None if it cites nothing."""
        cites = part.get("cites")
        if not cites:
            return None
        return self.those((cite["source"], cite.get("locator") or "") for cite in cites)

    def those(self, cites: Iterable[tuple[str, str]]) -> str:
        """Return references to sources and passages, in the given order."""
        return " ".join(self._id(source, locator) for source, locator in cites)

    @property
    def sources(self) -> tuple[str, ...]:
        return tuple(self._whole)

    @property
    def passages(self) -> Mapping[tuple[str, str], str]:
        """Return the id within the document by source and locator."""
        return self._passages

    def _id(self, source: str, locator: str) -> str:
        self._whole.setdefault(source)
        if not locator:
            return source_id(source)
        known = self._passages
        return known.setdefault((source, locator), f"{source_id(source)}.{len(known) + 1}")


def source_id(source: str) -> str:
    """Return the id of a whole source within the document.

    The prefix is needed because an XML name may not begin with a digit.
    """
    return f"source.{source}"
