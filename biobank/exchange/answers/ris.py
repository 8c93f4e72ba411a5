"""RIS for Zotero, EndNote and Mendeley: each person is an article of an encyclopaedia."""

from collections.abc import Iterable, Iterator

from biobank.exchange.answers.edition import Edition, in_one_line
from biobank.records.people.mapping import Record


def write(records: Iterable[Record], edition: Edition) -> Iterator[str]:
    """An entry a person, its lines ended by CRLF, an empty line between two."""
    for record in records:
        lines = (f"{tag}  - {in_one_line(text)}\r\n" for tag, text in _tags(record, edition))
        yield "".join(lines) + "\r\n"


def _tags(record: Record, edition: Edition) -> Iterator[tuple[str, str]]:
    yield "TY", "ENCYC"
    yield "ID", record["id"]
    yield "TI", edition.title(record)
    yield "T2", edition.bank
    yield "UR", edition.url(record["id"])
    yield "LA", edition.lang
    for profession in edition.professions(record):
        yield "KW", profession
    if headline := edition.headline(record):
        yield "AB", headline
    yield "Y2", f"{edition.day:%Y/%m/%d}"
    yield "ER", ""
