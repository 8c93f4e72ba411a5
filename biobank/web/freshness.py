"""How far a record may be relied on today: when it was checked, and whether a newer text exists."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from biobank.web.footnotes import Footnotes, Mark
from biobank.web.life import Life
from biobank.web.links import person_url
from biobank.web.words import date_words, own_name


@dataclass(frozen=True)
class Checked:
    """When the record was last compared with its sources, and with which."""

    day: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class NewerText:
    """The language in which the life was last written anew, and where it is read."""

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
    """Where the text that is shown is older than another: `stale` has by language the newest."""
    newer = stale.get(life.lang) if life else None
    if newer is None:
        return None
    return NewerText(newer, own_name(newer), f"{person_url(person_id, newer)}#life-title")
