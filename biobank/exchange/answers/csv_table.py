"""CSV export for spreadsheets, one row per person."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from biobank.exchange.answers.edition import Edition, date_of
from biobank.exchange.csv_rows import csv_rows
from biobank.i18n import LANGUAGES
from biobank.records.dates import parse_date
from biobank.records.days import iso_day
from biobank.records.people.mapping import Record

#: Separator between the values of a multi-valued cell.
AND = " | "

Cell = Callable[[Record, Edition], str | int]


def write(records: Iterable[Record], edition: Edition) -> Iterator[str]:
    """Write the header and one row per person; each item is a whole line ending with CRLF."""
    rows = ([cell(record, edition) for cell in COLUMNS.values()] for record in records)
    return csv_rows(list(COLUMNS), rows)


def _preferred(lang: str) -> Cell:
    return lambda record, _: next(_preferred_in(record, lang), "")


def _preferred_in(record: Record, lang: str) -> Iterator[str]:
    for name in record["names"]:
        if name["kind"] == "preferred" and name["lang"] == lang:
            yield name["text"]


def _other_names(record: Record, _edition: Edition) -> str:
    """Join the distinct names that have no column of their own."""
    own = {text for lang in LANGUAGES for text in _preferred_in(record, lang)}
    texts = dict.fromkeys(name["text"] for name in record["names"])
    return AND.join(text for text in texts if text not in own)


def _day(fact: str, end: str) -> Cell:
    """Return a cell with the earliest or latest day of a date; empty if that end is open."""

    def cell(record: Record, _: Edition) -> str:
        text = date_of(record, fact)
        day = getattr(parse_date(text), end) if text else None
        return "" if day is None else iso_day(day)

    return cell


def _moment(fact: str) -> dict[str, Cell]:
    return {
        f"{fact}_date": lambda record, _: date_of(record, fact) or "",
        f"{fact}_earliest": _day(fact, "earliest"),
        f"{fact}_latest": _day(fact, "latest"),
        f"{fact}_place": lambda record, edition: edition.place(record, fact),
    }


def _listed(key: str) -> Cell:
    return lambda record, _: AND.join(record.get(key, ()))


def _text(key: str) -> Cell:
    return lambda record, _: record.get(key) or ""


def _identifier(scheme: str) -> Cell:
    def cell(record: Record, _: Edition) -> Any:
        return record.get("identifiers", {}).get(scheme, "")

    return cell


#: Column names and the functions that fill them.
COLUMNS: dict[str, Cell] = {
    "id": _text("id"),
    "url": lambda record, edition: edition.url(record["id"]),
    "name": lambda record, edition: edition.name(record),
    **{f"name_{lang}": _preferred(lang) for lang in LANGUAGES},
    "other_names": _other_names,
    "gender": _text("gender"),
    **_moment("birth"),
    **_moment("death"),
    "professions": lambda record, edition: AND.join(edition.professions(record)),
    "profession_ids": _listed("professions"),
    "countries": _listed("countries"),
    "headline": lambda record, edition: edition.headline(record),
    "wikidata": _identifier("wikidata"),
    "sources": lambda record, _: len(record.get("sources", ())),
}
