"""Export of people to a file in any export format."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import IO

from biobank.accounts.letters import words
from biobank.editorial.publishing import walk_with_drafts
from biobank.exchange.answers.edition import Edition
from biobank.exchange.answers.formats import Format
from biobank.exchange.importing.importer import Progress, silent
from biobank.records.catalogue import Catalogue
from biobank.records.people import queries
from biobank.records.people.mapping import Record
from biobank.store.session import Database


def everybody(database: Database, *, with_drafts: bool = False) -> Iterator[Record]:
    """Iterate over every published person by id, read in chunks.

    With `with_drafts`, a draft or a revision under review replaces the published record.
    """
    with database.read() as session:
        walk = walk_with_drafts(session) if with_drafts else queries.walk(session)
        for chunk in walk:
            yield from chunk.values()


def make_edition(
    database: Database, catalogue: Catalogue, lang: str, base_url: str, day: date
) -> Edition:
    """Build the context of an export made outside a request, with public URLs."""
    bank = words(lang).gettext("Azerbaijani Biography Bank")
    return Edition(catalogue, lang, bank, lambda id_: f"{base_url}/people/{id_}", day, database)


def export(
    records: Iterable[Record],
    format_: Format,
    edition: Edition,
    out: IO[bytes],
    progress: Progress = silent,
) -> int:
    """Write `records` to `out` as they are read; return their number."""
    counted = _Counted(records, progress)
    for piece in format_.write(counted, edition):
        out.write(piece.encode() if isinstance(piece, str) else piece)
    progress("exported", counted.number, counted.number)
    return counted.number


class _Counted:
    """An iterable that counts records and reports progress."""

    def __init__(self, records: Iterable[Record], progress: Progress) -> None:
        self.number = 0
        self._records = records
        self._progress = progress

    def __iter__(self) -> Iterator[Record]:
        for record in self._records:
            yield record
            self.number += 1
            if self.number % queries.CHUNK == 0:
                self._progress("exported", self.number, None)
