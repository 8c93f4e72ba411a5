"""Freshness of a record: when it was last checked, and whether a newer text exists."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from biobank.web.footnotes import Footnotes, Mark
from biobank.web.life import Life
from biobank.web.links import person_url
from biobank.web.words import date_words, own_name


@dataclass(frozen=True)
class Checked:
    """The date of the last check against sources, and the sources."""

    day: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class NewerText:
    """The language of the most recent biography, and its URL."""

    lang: str
    name: str
    url: str


def make_checked(record: Mapping[str, Any], lang: str, notes: Footnotes) -> Checked | None:
    checked = record.get("checked")
    if not checked:
        return None
    cites = [{"source": source} for source in checked.get("against", ())]
    return Checked(date_words(checked["on"], lang), notes.of_fact({"cites": cites}))


def newer_text(stale: Mapping[str, str], life: Life | None, person_id: str) -> NewerText | None:
    """Return the newer text if the shown one is outdated; `stale` maps a language to the newest."""
    newer = stale.get(life.lang) if life else None
    if newer is None:
        return None
    return NewerText(newer, own_name(newer), f"{person_url(person_id, newer)}#life-title")
