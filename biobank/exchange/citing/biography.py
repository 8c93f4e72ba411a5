"""A biography of the bank as a cited work: an entry of an encyclopaedia, in one of its revisions.

It has no author: the bank names nobody who wrote, and styles put the title first then, as for
other encyclopaedias that many write.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from biobank.exchange.answers.edition import Edition, in_one_line
from biobank.exchange.citing.item import Day, Item
from biobank.exchange.citing.work import CitedWork
from biobank.records.people.mapping import Record

#: Between two keywords; no label of a term holds it.
BETWEEN = "; "


@dataclass(frozen=True)
class Stamp:
    """Which revision is cited: its number, when it was published, its permanent address."""

    number: int
    day: date
    url: str


def biography(record: Record, edition: Edition, stamp: Stamp | None = None) -> Item:
    """The biography in the language of the edition; without a stamp, as it is whenever read."""
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
    """Many people as they are now, for an answer that is taken away whole."""
    return (CitedWork(record["id"], biography(record, edition)) for record in records)


def _day(day: date) -> Day:
    return Day(day.year, day.month, day.day)
