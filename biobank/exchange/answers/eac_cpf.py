"""EAC-CPF 2.0 for archives: a ZIP archive with a document a person, for the standard has none
for several.
"""

import io
import zipfile
from collections.abc import Iterable, Iterator

from biobank.exchange.answers.edition import Edition
from biobank.exchange.answers.surroundings import with_surroundings
from biobank.exchange.eac.writing import document
from biobank.records.people.mapping import Record

#: Permissions of the files, as of any that one makes: for Unix they stand in the archive.
MODE = 0o644 << 16


def write(records: Iterable[Record], edition: Edition) -> Iterator[bytes]:
    """The archive in pieces, each as soon as a document is in it; `<id>.xml` each."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for record, around in with_surroundings(records, edition.database):
            info = zipfile.ZipInfo(f"{record['id']}.xml", (*edition.day.timetuple()[:3], 0, 0, 0))
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, MODE
            archive.writestr(info, document(record, edition, around))
            yield sink.take()
    yield sink.take()


class _Sink(io.RawIOBase):
    """A file for `zipfile` that hands on what is written instead of keeping it."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece: object) -> int:
        data = bytes(piece)  # type: ignore[call-overload]
        self._pieces.append(data)
        return len(data)

    def take(self) -> bytes:
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)
