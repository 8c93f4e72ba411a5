"""Reader of EAC-CPF: one document, several in one file however wrapped, or an archive of files.

Documents written by Biobank are read back without loss; of others, what the record can hold.
"""

from collections.abc import Iterator
from typing import IO
from xml.etree.ElementTree import Element
from zipfile import ZipFile, ZipInfo

from biobank.exchange.importing import eac_foreign, eac_own, zipped
from biobank.exchange.importing.reading import THE_FILE, Item
from biobank.exchange.importing.said import UnreadableFile, say
from biobank.exchange.importing.xml_records import records_in
from biobank.records.problems import shown

DOCUMENTS = frozenset((eac_own.DOCUMENT, *eac_foreign.DOCUMENTS))
#: Signatures of a ZIP archive; the second is that of an empty one.
ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06")
LABEL_MOST = 120


def eac_cpf_items(stream: IO[bytes]) -> Iterator[Item]:
    """Yield an item for each person; `label` names the record, and its file in an archive."""
    try:
        with zipped.seekable(stream) as file:
            start = file.read(4)
            file.seek(0)
            if start in ARCHIVES:
                yield from _archived(file)
            else:
                yield from _items(file, "")
    except UnreadableFile as error:
        yield Item(THE_FILE, fault=error.said)


def _archived(file: IO[bytes]) -> Iterator[Item]:
    with zipped.opened(file) as archive:
        infos = list(zipped.files(archive, ".xml"))
        if not infos:
            raise UnreadableFile(say("eac_no_files"))
        for info in infos:
            yield from _of_file(archive, info)


def _of_file(archive: ZipFile, info: ZipInfo) -> Iterator[Item]:
    """Yield the records of one file; an error in it does not affect other files."""
    name = shown(info.filename, LABEL_MOST)
    try:
        with zipped.unpacked(archive, info) as file:
            yield from _items(file, name)
    except UnreadableFile as error:
        yield Item(name, fault=error.said)


def _items(file: IO[bytes], name: str) -> Iterator[Item]:
    number = 0
    for element in records_in(file, DOCUMENTS):
        number += 1
        place = f"record {number}"
        # Biobank writes one person to a file: the name of the file identifies the record.
        label = name if name and number == 1 else f"{name}, {place}" if name else place
        yield _read(label, element)
    if not number:
        raise UnreadableFile(say("eac_none"))


def _read(label: str, element: Element) -> Item:
    if eac_own.is_ours(element):
        return Item(label, eac_own.record_of(element))
    return eac_foreign.item_of(label, element)
