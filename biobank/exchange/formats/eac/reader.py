"""Reader of EAC-CPF: one document, several in one file however wrapped, or an archive of files.

Documents written by Biobank are read back without loss; of others, what the record can hold.
"""

from collections.abc import Iterator
from typing import IO
from xml.etree.ElementTree import Element
from zipfile import ZipFile, ZipInfo

from biobank.exchange.formats.eac import generic_reader, roundtrip_reader
from biobank.exchange.formats.xml import iter_xml_records
from biobank.exchange.imports import decompression
from biobank.exchange.imports.items import WHOLE_FILE, ImportItem
from biobank.exchange.imports.messages import UnreadableFile, import_message
from biobank.records.validation import truncate_for_display

DOCUMENT_TAGS = frozenset((roundtrip_reader.DOCUMENT_TAG, *generic_reader.GENERIC_DOCUMENT_TAGS))
#: Signatures of a ZIP archive; the second is that of an empty one.
ZIP_SIGNATURES = (b"PK\x03\x04", b"PK\x05\x06")
MAX_LABEL_CHARS = 120


def read_eac_cpf(stream: IO[bytes]) -> Iterator[ImportItem]:
    """Yield an item for each person; `label` names the record, and its file in an archive."""
    try:
        with decompression.ensure_seekable(stream) as file:
            signature = file.read(4)
            file.seek(0)
            if signature in ZIP_SIGNATURES:
                yield from _read_archive(file)
            else:
                yield from _read_records(file, "")
    except UnreadableFile as error:
        yield ImportItem(WHOLE_FILE, error=error.reason)


def _read_archive(file: IO[bytes]) -> Iterator[ImportItem]:
    with decompression.open_archive(file) as archive:
        infos = list(decompression.iter_members(archive, ".xml"))
        if not infos:
            raise UnreadableFile(import_message("eac_no_files"))
        for info in infos:
            yield from _read_member(archive, info)


def _read_member(archive: ZipFile, info: ZipInfo) -> Iterator[ImportItem]:
    """Yield the records of one file; an error in it does not affect other files."""
    name = truncate_for_display(info.filename, MAX_LABEL_CHARS)
    try:
        with decompression.open_member(archive, info) as file:
            yield from _read_records(file, name)
    except UnreadableFile as error:
        yield ImportItem(name, error=error.reason)


def _read_records(file: IO[bytes], name: str) -> Iterator[ImportItem]:
    number = 0
    for element in iter_xml_records(file, DOCUMENT_TAGS):
        number += 1
        position = f"record {number}"
        # Biobank writes one person to a file: the name of the file identifies the record.
        label = name if name and number == 1 else f"{name}, {position}" if name else position
        yield _convert(label, element)
    if not number:
        raise UnreadableFile(import_message("eac_none"))


def _convert(label: str, element: Element) -> ImportItem:
    if roundtrip_reader.is_biobank_document(element):
        return ImportItem(label, roundtrip_reader.document_to_record(element))
    return generic_reader.document_to_item(label, element)
