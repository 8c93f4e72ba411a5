"""The context that export formats share, and common texts about a person."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from biobank.i18n import best
from biobank.records.catalogue import Catalogue
from biobank.records.date_words import years_in_words
from biobank.records.people import queries
from biobank.records.people.mapping import Record, preferred_name
from biobank.store.session import Database


@dataclass(frozen=True)
class Edition:
    """The catalogue, language, base URL and date of an export."""

    catalogue: Catalogue
    lang: str
    #: Name of the bank in `lang`.
    bank: str
    #: Build the permanent URL, with scheme and host, from a person's id.
    url: Callable[[str], str]
    day: date
    #: Database for related records; formats write bare ids without it.
    database: Database | None = None

    def name(self, record: Record) -> str:
        return preferred_name(record, self.lang)

    def title(self, record: Record) -> str:
        """Return the name and, if known, the years: `Üzeyir Hacıbəyov (1885–1948)`."""
        years = self.years(record)
        return f"{self.name(record)} ({years})" if years else self.name(record)

    def years(self, record: Record) -> str:
        born, died = date_of(record, "birth"), date_of(record, "death")
        return years_in_words(born, died, self.lang, living="death" not in record)

    def headline(self, record: Record) -> str:
        return best(record.get("headline"), self.lang)

    def professions(self, record: Record) -> list[str]:
        """Return the labels of the professions, most important first."""
        ids = record.get("professions", ())
        return [self.catalogue.term_label("profession", id_, self.lang) for id_ in ids]

    def place(self, record: Record, fact: str) -> str:
        place_id = part(record, fact).get("place")
        return self.catalogue.place_name(place_id, self.lang) if place_id else ""


def part(record: Record, fact: str) -> Mapping[str, str]:
    """Return the birth or death of a record; an empty mapping if unknown."""
    found: Mapping[str, str] = record.get(fact) or {}
    return found


def date_of(record: Record, fact: str) -> str | None:
    return part(record, fact).get("date")


def in_one_line(text: str) -> str:
    """Collapse line breaks and runs of spaces into single spaces."""
    return " ".join(text.split())


def records_of(database: Database, ids: Sequence[str]) -> Iterator[Record]:
    """Iterate over the public records of `ids` in that order, read in chunks.

    No database session stays open between chunks, however slowly the records are consumed. A person
    withdrawn meanwhile is left out.
    """
    for start in range(0, len(ids), queries.CHUNK):
        with database.read() as session:
            found = queries.records(session, ids[start : start + queries.CHUNK])
        yield from found.values()
