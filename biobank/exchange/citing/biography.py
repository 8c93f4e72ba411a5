"""Biographies of the bank as cited works: encyclopaedia entries in one of their revisions.

They have no author, since the bank does not name its writers. Styles then put the title first, as
for other collaborative encyclopaedias.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from biobank.exchange.answers.edition import Edition, in_one_line
from biobank.exchange.citing.item import Day, Item
from biobank.exchange.citing.work import CitedWork
from biobank.records.people.mapping import Record

#: Separator of keywords, which no label of a term contains.
BETWEEN = "; "


@dataclass(frozen=True)
class Stamp:
    """The cited revision: its number, date of publication and permanent URL."""

    number: int
    day: date
    url: str


def biography(record: Record, edition: Edition, stamp: Stamp | None = None) -> Item:
    """Return the biography in the context's language; without a revision, the current state."""
    return Item(
        type="entry-encyclopedia",
        title=in_one_line(edition.title(record)),
        container=edition.bank,
        version=str(stamp.number) if stamp else "",
        issued=_day(stamp.day) if stamp else None,
        accessed=_day(edition.day),
        url=stamp.url if stamp else edition.url(record["id"]),
        lang=edition.lang,
        abstract=in_one_line(edition.headline(record)),
        keywords=BETWEEN.join(edition.professions(record)),
        is_name=True,
    )


def entries(records: Iterable[Record], edition: Edition) -> Iterator[CitedWork]:
    """Return the entries of many people in their current state, for exports."""
    return (CitedWork(record["id"], biography(record, edition)) for record in records)


def _day(day: date) -> Day:
    return Day(day.year, day.month, day.day)
