"""Derived keys by which similar people are found: a decade in a town, the title of a work.

They are stored as indexed rows at each publication.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from biobank.names.folding import fold
from biobank.records.dates import EdtfDate, parse_date, parse_vital_date, year_of

#: The fields of a record that its keys depend on.
SIMILARITY_FIELDS = ("birth", "death", "events", "works")
CITY_DECADE, WORK = "city_decade", "work"
#: Width of the column in characters; longer titles are compared by their beginning.
MAX_SIMILARITY_KEY_CHARS = 200


def compute_similarity_keys(record: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the (kind, key) pairs of a record, without repeats, in record order."""
    keys = [(CITY_DECADE, key) for key in city_decades(record)]
    keys += [(WORK, key) for work in record.get("works", ()) for key in title_keys(work["title"])]
    return list(dict.fromkeys(keys))


def city_decades(record: Mapping[str, Any]) -> list[str]:
    """Return the places and decades of the birth and the events: `susa/189X`.

    Events after the death (a reburial, a museum) are ignored.
    """
    birth = record.get("birth") or {}
    died = (record.get("death") or {}).get("date")
    last = parse_vital_date(died)[0].latest if died else None
    keys = []
    for part in (birth, *record.get("events", ())):
        if part.get("place") and part.get("date"):
            # A birth is one day, even if it is given as an interval.
            date = parse_vital_date(part["date"])[0] if part is birth else parse_date(part["date"])
            if last is None or date.earliest is None or date.earliest <= last:
                keys += [f"{part['place']}/{decade}" for decade in decades_of(date)]
    return keys


def decades_of(date: EdtfDate) -> Iterable[str]:
    """Return the EDTF decades that a date certainly touches: all of an interval, else up to one."""
    known = [day for day in (date.earliest, date.latest) if day is not None]
    first, last = _decade(year_of(known[0])), _decade(year_of(known[-1]))
    if date.interval:
        return [_edtf(decade) for decade in range(first, last + 1)]
    return [_edtf(first)] if first == last and len(known) == 2 else []


def title_keys(title: Mapping[str, str]) -> list[str]:
    """Return the folded titles of a work, without repeats; the first represents the work."""
    ordered = (title[lang] for lang in sorted(title))
    return list(dict.fromkeys(key for text in ordered if (key := fold(text)[:MAX_SIMILARITY_KEY_CHARS])))


def _decade(year: int) -> int:
    """Return the decade of a year, counted from the year 0; -1 is written -000X in EDTF."""
    return year // 10 if year >= 0 else -(-year // 10) - 1


def _edtf(decade: int) -> str:
    return f"{decade:03}X" if decade >= 0 else f"-{-decade - 1:03}X"
