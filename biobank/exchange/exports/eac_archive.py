"""EAC-CPF 2.0 export: a ZIP archive with one document per person.

The standard has no container for several descriptions.
"""

import io
import zipfile
from collections.abc import Iterable, Iterator

from biobank.exchange.exports.export_context import ExportContext
from biobank.exchange.exports.related_records import with_related_records
from biobank.exchange.formats.eac.writer import write_document
from biobank.records.people.record import PersonRecord

#: Unix permissions of the files in the archive: readable by all, writable by the owner.
FILE_MODE = 0o644 << 16


def write(records: Iterable[PersonRecord], context: ExportContext) -> Iterator[bytes]:
    """Write the archive in chunks, one per document; the files are named `<id>.xml`."""
    buffer = _ChunkBuffer()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for record, related in with_related_records(records, context.database):
            info = zipfile.ZipInfo(f"{record['id']}.xml", (*context.date.timetuple()[:3], 0, 0, 0))
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, FILE_MODE
            archive.writestr(info, write_document(record, context, related))
            yield buffer.drain()
    yield buffer.drain()


class _ChunkBuffer(io.RawIOBase):
    """A file object for `zipfile` that passes chunks on instead of storing them."""

    def __init__(self) -> None:
        self._chunks: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, chunk: object) -> int:
        data = bytes(chunk)  # type: ignore[call-overload]
        self._chunks.append(data)
        return len(data)

    def drain(self) -> bytes:
        chunks, self._chunks = self._chunks, []
        return b"".join(chunks)
