"""What two lives may share that no field of a record names: a decade in one town, a title.

Kept as rows of their own at each publish, so that those who share one are found by an index.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from biobank.names.folding import fold
from biobank.records.dates import EdtfDate, moment, parse_date, year_of

CITY_DECADE, WORK = "city_decade", "work"
#: The width of the column; titles that are alike so far are taken for one.
KEY_MOST = 200


def likenesses(record: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Kind and key of each, once, in the order of the record."""
    found = [(CITY_DECADE, key) for key in city_decades(record)]
    found += [(WORK, key) for work in record.get("works", ()) for key in title_keys(work["title"])]
    return list(dict.fromkeys(found))


def city_decades(record: Mapping[str, Any]) -> list[str]:
    """Where the person was in which decade, by the birth and the events: `susa/189X`.

    What came after the death (a reburial, a museum) is of no use for it.
    """
    birth = record.get("birth") or {}
    died = (record.get("death") or {}).get("date")
    last = moment(died)[0].latest if died else None
    found = []
    for part in (birth, *record.get("events", ())):
        if part.get("place") and part.get("date"):
            # A birth is one day, even where it is written as a span.
            date = moment(part["date"])[0] if part is birth else parse_date(part["date"])
            if last is None or date.earliest is None or date.earliest <= last:
                found += [f"{part['place']}/{decade}" for decade in decades(date)]
    return found


def decades(date: EdtfDate) -> Iterable[str]:
    """The decades, as EDTF, that a date is surely in: all of an interval, else one or none."""
    known = [day for day in (date.earliest, date.latest) if day is not None]
    first, last = _decade(year_of(known[0])), _decade(year_of(known[-1]))
    if date.interval:
        return [_edtf(decade) for decade in range(first, last + 1)]
    return [_edtf(first)] if first == last and len(known) == 2 else []


def title_keys(title: Mapping[str, str]) -> list[str]:
    """A work's titles as they are compared, each once; the first stands for the work."""
    ordered = (title[lang] for lang in sorted(title))
    return list(dict.fromkeys(key for text in ordered if (key := fold(text)[:KEY_MOST])))


def _decade(year: int) -> int:
    """Decades count from the year 0; -1 is the one before, which EDTF writes -000X."""
    return year // 10 if year >= 0 else -(-year // 10) - 1


def _edtf(decade: int) -> str:
    return f"{decade:03}X" if decade >= 0 else f"-{-decade - 1:03}X"
