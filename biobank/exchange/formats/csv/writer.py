"""CSV for spreadsheets: rows, and the export of people with one row each."""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Literal

from biobank.common.i18n import LANGUAGES
from biobank.exchange.exports.context import ExportContext, date_of
from biobank.records.dates import parse_date
from biobank.records.people.record import PersonRecord
from biobank.records.proleptic_calendar import format_iso

BYTE_ORDER_MARK = "\ufeff"
#: Start of a formula, including the full-width characters that some spreadsheets accept.
FORMULA_START = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
EDTF_DATE = re.compile(r"-[0-9X]{4}[0-9X~?%.,/-]*")

CsvValue = str | int


def write_rows(columns: Sequence[str], rows: Iterable[Iterable[CsvValue]]) -> Iterator[str]:
    """Write the header and the rows; each item is a whole line ending with CRLF."""
    write_row = csv.writer(_LineEcho()).writerow
    yield BYTE_ORDER_MARK + write_row(columns)
    for cells in rows:
        yield write_row(escape_formula(cell) for cell in cells)


def escape_formula(value: CsvValue) -> CsvValue:
    """Escape a cell that a spreadsheet would run as a formula."""
    if isinstance(value, str) and FORMULA_START.match(value) and not EDTF_DATE.fullmatch(value):
        return f"'{value}"
    return value


class _LineEcho:
    """A file object for `csv.writer` that returns each line instead of storing it."""

    def write(self, line: str) -> str:
        return line


#: Separator between the values of a multi-valued cell.
CSV_VALUE_SEPARATOR = " | "

CellWriter = Callable[[PersonRecord, ExportContext], str | int]


def write_csv(records: Iterable[PersonRecord], context: ExportContext) -> Iterator[str]:
    """Write the header and one row per person; each item is a whole line ending with CRLF."""
    rows = ([cell(record, context) for cell in CSV_COLUMNS.values()] for record in records)
    return write_rows(list(CSV_COLUMNS), rows)


def _preferred(lang: str) -> CellWriter:
    return lambda record, _: next(_preferred_in(record, lang), "")


def _preferred_in(record: PersonRecord, lang: str) -> Iterator[str]:
    for name in record["names"]:
        if name["kind"] == "preferred" and name["lang"] == lang:
            yield name["text"]


def _other_names(record: PersonRecord, _context: ExportContext) -> str:
    """Join the distinct names that have no column of their own."""
    column_names = {text for lang in LANGUAGES for text in _preferred_in(record, lang)}
    texts = dict.fromkeys(name["text"] for name in record["names"])
    return CSV_VALUE_SEPARATOR.join(text for text in texts if text not in column_names)


def _day(fact: str, end: str) -> CellWriter:
    """Return a cell with the earliest or latest day of a date; empty if that end is open."""

    def cell(record: PersonRecord, _: ExportContext) -> str:
        text = date_of(record, fact)
        day = getattr(parse_date(text), end) if text else None
        return "" if day is None else format_iso(day)

    return cell


def _date_columns(fact: str) -> dict[str, CellWriter]:
    return {
        f"{fact}_date": lambda record, _: date_of(record, fact) or "",
        f"{fact}_earliest": _day(fact, "earliest"),
        f"{fact}_latest": _day(fact, "latest"),
        f"{fact}_place": lambda record, context: context.place(record, fact),
    }


def _id_list(key: Literal["professions", "countries", "sources"]) -> CellWriter:
    return lambda record, _: CSV_VALUE_SEPARATOR.join(record.get(key, ()))


def _text(key: Literal["id", "gender"]) -> CellWriter:
    return lambda record, _: record.get(key) or ""


def _identifier(scheme: str) -> CellWriter:
    def cell(record: PersonRecord, _: ExportContext) -> Any:
        return record.get("identifiers", {}).get(scheme, "")

    return cell


#: Column names and the functions that fill them.
CSV_COLUMNS: dict[str, CellWriter] = {
    "id": _text("id"),
    "url": lambda record, edition: edition.url(record["id"]),
    "name": lambda record, edition: edition.name(record),
    **{f"name_{lang}": _preferred(lang) for lang in LANGUAGES},
    "other_names": _other_names,
    "gender": _text("gender"),
    **_date_columns("birth"),
    **_date_columns("death"),
    "professions": lambda record, edition: CSV_VALUE_SEPARATOR.join(edition.professions(record)),
    "profession_ids": _id_list("professions"),
    "countries": _id_list("countries"),
    "headline": lambda record, edition: edition.headline(record),
    "wikidata": _identifier("wikidata"),
    "sources": lambda record, _: len(record.get("sources", ())),
}
