"""EAC-CPF 2.0 export: a ZIP archive with one document per person.

The standard has no container for several descriptions.
"""

import io
import zipfile
from collections.abc import Iterable, Iterator

from biobank.exchange.answers.edition import Edition
from biobank.exchange.answers.surroundings import with_surroundings
from biobank.exchange.eac.writing import document
from biobank.records.people.mapping import Record

#: Unix permissions of the files in the archive: readable by all, writable by the owner.
MODE = 0o644 << 16


def write(records: Iterable[Record], edition: Edition) -> Iterator[bytes]:
    """Write the archive in chunks, one per document; the files are named `<id>.xml`."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for record, around in with_surroundings(records, edition.database):
            info = zipfile.ZipInfo(f"{record['id']}.xml", (*edition.day.timetuple()[:3], 0, 0, 0))
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, MODE
            archive.writestr(info, document(record, edition, around))
            yield sink.take()
    yield sink.take()


class _Sink(io.RawIOBase):
    """A file object for `zipfile` that passes chunks on instead of storing them."""

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
