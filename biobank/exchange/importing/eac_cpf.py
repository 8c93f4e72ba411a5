"""EAC-CPF: one document, many in one file whatever wraps them, or an archive of such files.

What the bank wrote is read back as it was; of others what can be taken over, the rest is told.
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
#: How an archive begins; the second is an empty one.
ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06")
LABEL_MOST = 120


def eac_cpf_items(stream: IO[bytes]) -> Iterator[Item]:
    """An item a person; `label` says which record, and of which file of an archive."""
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
    """The records of one file; a fault in it stops no other file."""
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
        # One person a file, as we write them: the name of the file says all.
        label = name if name and number == 1 else f"{name}, {place}" if name else place
        yield _read(label, element)
    if not number:
        raise UnreadableFile(say("eac_none"))


def _read(label: str, element: Element) -> Item:
    if eac_own.is_ours(element):
        return Item(label, eac_own.record_of(element))
    return eac_foreign.item_of(label, element)
