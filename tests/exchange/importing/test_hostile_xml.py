"""Malicious XML and archives are refused early and in little memory."""

import io
import itertools
import tracemalloc
import zipfile
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biobank.exchange.importing import xml_records
from biobank.exchange.importing.eac_cpf import eac_cpf_items
from biobank.exchange.importing.xml_records import DEPTH_MOST
from biobank.exchange.importing.zipped import RATIO_MOST
from biobank.records.people.schemas import person_schema
from tests.support import seed
from tests.support.eac import read, written

SMALL = 2_000_000
START = b'<eac xmlns="https://archivists.org/ns/eac/v2">'
GOOD = written(person_schema.load(seed.alone("niyazi")))
LAUGHS = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10))


def fault(text: bytes) -> str:
    items = read(text)
    assert len(items) == 1
    assert items[0].data is None
    return str(items[0].fault)


def archive(files: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as it:
        for name, text in files.items():
            it.writestr(name, text)
    return made.getvalue()


class Endless(io.RawIOBase):
    """A file that repeats one text, too large for memory."""

    def __init__(self, start: bytes, text: bytes, size: int) -> None:
        self._texts = start, text * (65_536 // len(text) + 1), size
        self.seek(0)

    def _pieces(self) -> Iterator[bytes]:
        start, block, size = self._texts
        yield start
        yield from itertools.repeat(block, size // len(block))

    def seekable(self) -> bool:
        return True

    def seek(self, *_: int) -> int:
        self._left, self.given = self._pieces(), 0
        return 0

    def read(self, size: int = -1) -> bytes:
        piece = next(self._left, b"")
        self.given += len(piece)
        return piece


@pytest.mark.parametrize(
    "document_type",
    [
        b'<!DOCTYPE eac [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        b'<!DOCTYPE eac [<!ENTITY x SYSTEM "http://127.0.0.1/">]>',
        b'<!DOCTYPE eac [<!ENTITY % x SYSTEM "http://127.0.0.1/x.dtd"> %x;]>',
        b'<!DOCTYPE eac [<!ENTITY l0 "ha">' + LAUGHS + b"]>",
        b'<!DOCTYPE eac [<!ENTITY x "' + b"a" * 100_000 + b'">]>',
        b'<!DOCTYPE eac SYSTEM "http://127.0.0.1/eac.dtd">',
        b"<!DOCTYPE eac>",
    ],
)
def test_a_document_type_is_refused_whatever_it_says(document_type: bytes) -> None:
    text = document_type + START + b"<control>" + b"&x;" * 50_000 + b"</control></eac>"
    assert fault(text).startswith("Has a document type (DOCTYPE)")


def test_an_entity_without_a_document_type_is_no_xml() -> None:
    assert fault(START + b"&x;</eac>").startswith("Is no XML: an entity is not known")


def test_what_is_no_xml_is_told_with_line_and_column() -> None:
    told = fault(START + b"\n\n  <a></b></eac>")
    assert told == "Is no XML: a tag ends another one than was begun at line 3, column 8."
    assert fault(b"").startswith("Is no XML: it ends too early")
    assert "No EAC" in fault(b"<a/>") or fault(b"<a/>").startswith("Holds no record of EAC-CPF")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (b'<?xml version="1.0" encoding="nonsense"?><eac/>', "encoding"),
        (b'<?xml version="1.0" encoding="UTF-8"?>' + START + b"\xd8\x00</eac>", "Is no XML"),
        (b'<?xml version="1.0" encoding="UTF-16"?><eac/>', "Is no XML"),
        (b'<?xml version="1.0" encoding="idna"?><eac/>', "encoding"),
    ],
)
def test_a_wrong_encoding_is_told(text: bytes, told: str) -> None:
    assert told in fault(text)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "windows-1251"])
def test_an_encoding_that_is_said_is_read(encoding: str) -> None:
    declared = f'<?xml version="1.0" encoding="{encoding}"?>'
    name = "Низами"
    text = (
        f'{declared}<eac-cpf xmlns="urn:isbn:1-931666-33-4"><identity><entityType>person'
        f"</entityType><nameEntry><part>{name}</part></nameEntry></identity></eac-cpf>"
    )
    (item,) = read(text.encode(encoding))
    assert item.data["names"][0]["text"] == name


def test_elements_in_each_other_are_bounded() -> None:
    told = f"Has more than {DEPTH_MOST} elements in each other."
    assert fault(START + b"<a>" * 1_000_000) == told
    assert fault(b"<a>" * 1_000_000) == told


def test_elements_of_a_record_are_bounded() -> None:
    assert "of more than" in fault(START + b"<a/>" * 300_000 + b"</eac>")


@pytest.mark.parametrize(
    ("start", "text"),
    [
        (START, b"a"),
        (b"<", b"a"),
        (b'<a b="', b"c"),
        (b"<!--", b"-a"),
        (b"<a>", b" " * 100),
        (START, b"<!-- -->"),
        (b"<?a ", b"b"),
    ],
)
def test_a_gigabyte_without_a_record_is_given_up_soon(
    start: bytes, text: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A lower limit makes the test fast.
    monkeypatch.setattr(xml_records, "RECORD_MOST", SMALL)
    file = Endless(start, text, 1_000_000_000)
    tracemalloc.start()
    items = list(eac_cpf_items(file))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(items) == 1
    assert "split it" in str(items[0].fault)
    assert file.given < 2 * SMALL
    assert most < 6 * SMALL


def test_a_fault_in_one_file_of_an_archive_stops_no_other() -> None:
    items = read(
        archive({"a.xml": b"<a", "b.xml": GOOD, "c.xml": START, "d.txt": b"", "e.xml": GOOD})
    )
    assert [(item.label, bool(item.fault)) for item in items] == [
        ("a.xml", True),
        ("b.xml", False),
        ("c.xml", True),
        ("e.xml", False),
    ]


def test_a_file_that_unpacks_to_far_more_than_it_is_packed_is_not_unpacked() -> None:
    bomb = START + b" " * (RATIO_MOST * 200_000)
    (item,) = read(archive({"bomb.xml": bomb}))
    assert item.fault.message.startswith("Unpacks to far more")


def test_an_archive_that_lies_about_itself_is_refused() -> None:
    good = archive({"a.xml": GOOD * 1})
    at = good.rindex(b"PK\x01\x02")
    lies = good[: at + 20] + b"\xff\xff\xff\x7f" + good[at + 24 :]
    assert "upon each other" in fault(lies)
    broken = good[: len(good) // 3] + b"\x00" * 40 + good[len(good) // 3 + 40 :]
    assert fault(broken)
    assert fault(good[:-10]) == "Is no ZIP archive, or one that is broken."


def test_a_locked_file_is_told() -> None:
    good = bytearray(archive({"a.xml": GOOD}))
    good[6] |= 1
    good[good.rindex(b"PK\x01\x02") + 8] |= 1
    assert fault(bytes(good)) == "Is locked or broken within the archive."


def test_what_systems_hide_in_archives_is_passed_over() -> None:
    items = read(archive({"__MACOSX/a.xml": b"x", ".a.xml": b"x", "d/": b"", "d/A.XML": GOOD}))
    assert [(item.label, item.fault) for item in items] == [("d/A.XML", None)]


def test_a_pipe_is_read_as_a_file_is() -> None:
    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

    for text in (GOOD, archive({"a.xml": GOOD})):
        (item,) = list(eac_cpf_items(Pipe(text)))
        assert not item.fault


@given(st.binary(max_size=300))
def test_no_bytes_make_the_reader_fall(text: bytes) -> None:
    assert all(item.fault for item in read(text))


@given(st.integers(0, len(GOOD)), st.binary(min_size=1, max_size=4))
def test_no_damage_makes_the_reader_fall(at: int, text: bytes) -> None:
    for item in read(GOOD[:at] + text + GOOD[at + len(text) :]):
        if not item.fault:
            person_schema.validate(item.data)
