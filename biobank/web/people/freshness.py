"""Freshness of a record: when it was last checked, and whether a newer text exists."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from biobank.web.core.labels import format_edtf_date, native_language_name
from biobank.web.core.urls import person_url
from biobank.web.people.biography import BiographyView
from biobank.web.people.footnotes import FootnoteMark, Footnotes


@dataclass(frozen=True)
class SourceCheck:
    """The date of the last check against sources, and the sources."""

    day: str
    marks: tuple[FootnoteMark, ...]


@dataclass(frozen=True)
class NewerText:
    """The language of the most recent biography, and its URL."""

    lang: str
    name: str
    url: str


def make_source_check(record: Mapping[str, Any], lang: str, notes: Footnotes) -> SourceCheck | None:
    checked = record.get("checked")
    if not checked:
        return None
    cites = [{"source": source} for source in checked.get("against", ())]
    return SourceCheck(
        format_edtf_date(checked["on"], lang), notes.marks_for_fact({"cites": cites})
    )


def newer_text(
    stale: Mapping[str, str], biography: BiographyView | None, person_id: str
) -> NewerText | None:
    """Return the newer text if the shown one is outdated; `stale` maps a language to the newest."""
    newer = stale.get(biography.lang) if biography else None
    if newer is None:
        return None
    return NewerText(
        newer, native_language_name(newer), f"{person_url(person_id, newer)}#life-title"
    )
