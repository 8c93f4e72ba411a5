"""Malicious XML and archives are refused early and in little memory."""

import io
import itertools
import tracemalloc
import zipfile
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biobank.exchange.formats import xml
from biobank.exchange.formats.eac.reader import read_eac_cpf
from biobank.exchange.formats.xml import MAX_XML_DEPTH
from biobank.exchange.imports.decompression import MAX_ARCHIVE_RATIO
from biobank.records.people.schemas import person_schema
from tests.support import seed
from tests.support.eac import read_eac, write_eac

SMALL = 2_000_000
START = b'<eac xmlns="https://archivists.org/ns/eac/v2">'
GOOD = write_eac(person_schema.load(seed.person_without_relations("niyazi")))
LAUGHS = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10))


def read_error(text: bytes) -> str:
    items = read_eac(text)
    assert len(items) == 1
    assert items[0].data is None
    return str(items[0].error)


def archive(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive_file:
        for name, text in files.items():
            archive_file.writestr(name, text)
    return buffer.getvalue()


class Endless(io.RawIOBase):
    """A file that repeats one text, too large for memory."""

    def __init__(self, start: bytes, text: bytes, size: int) -> None:
        self._texts = start, text * (65_536 // len(text) + 1), size
        self.seek(0)

    def _chunks(self) -> Iterator[bytes]:
        start, block, size = self._texts
        yield start
        yield from itertools.repeat(block, size // len(block))

    def seekable(self) -> bool:
        return True

    def seek(self, *_: int) -> int:
        self._remaining, self.bytes_read = self._chunks(), 0
        return 0

    def read(self, size: int = -1) -> bytes:
        chunk = next(self._remaining, b"")
        self.bytes_read += len(chunk)
        return chunk


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
def test_any_document_type_is_refused(document_type: bytes) -> None:
    text = document_type + START + b"<control>" + b"&x;" * 50_000 + b"</control></eac>"
    assert read_error(text).startswith("The file contains a document type declaration (DOCTYPE)")


def test_an_entity_without_a_document_type_is_no_xml() -> None:
    assert read_error(START + b"&x;</eac>").startswith("This is not valid XML: unknown entity")


def test_invalid_xml_is_reported_with_line_and_column() -> None:
    message = read_error(START + b"\n\n  <a></b></eac>")
    assert (
        message == "This is not valid XML: a closing tag does not match the opening tag at line 3, column 8."
    )
    assert read_error(b"").startswith("This is not valid XML: unexpected end of text")
    assert read_error(b"<a/>") == "The file contains no EAC-CPF records."


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b'<?xml version="1.0" encoding="nonsense"?><eac/>', "encoding"),
        (b'<?xml version="1.0" encoding="UTF-8"?>' + START + b"\xd8\x00</eac>", "This is not valid XML"),
        (b'<?xml version="1.0" encoding="UTF-16"?><eac/>', "This is not valid XML"),
        (b'<?xml version="1.0" encoding="idna"?><eac/>', "encoding"),
    ],
)
def test_a_wrong_encoding_is_reported(text: bytes, message: str) -> None:
    assert message in read_error(text)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "windows-1251"])
def test_a_declared_encoding_is_read(encoding: str) -> None:
    declared = f'<?xml version="1.0" encoding="{encoding}"?>'
    name = "Низами"
    text = (
        f'{declared}<eac-cpf xmlns="urn:isbn:1-931666-33-4"><identity><entityType>person'
        f"</entityType><nameEntry><part>{name}</part></nameEntry></identity></eac-cpf>"
    )
    (item,) = read_eac(text.encode(encoding))
    assert item.data["names"][0]["text"] == name


def test_nesting_is_limited() -> None:
    message = f"Elements are nested more than {MAX_XML_DEPTH} levels deep."
    assert read_error(START + b"<a>" * 1_000_000) == message
    assert read_error(b"<a>" * 1_000_000) == message


def test_elements_of_a_record_are_bounded() -> None:
    assert "has more than" in read_error(START + b"<a/>" * 300_000 + b"</eac>")


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
def test_a_gigabyte_without_a_record_is_refused_early(
    start: bytes, text: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A lower limit makes the test fast.
    monkeypatch.setattr(xml, "MAX_XML_RECORD_BYTES", SMALL)
    file = Endless(start, text, 1_000_000_000)
    tracemalloc.start()
    items = list(read_eac_cpf(file))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(items) == 1
    assert "Split" in str(items[0].error)
    assert file.bytes_read < 2 * SMALL
    assert peak < 6 * SMALL


def test_an_error_in_one_archive_file_does_not_affect_others() -> None:
    items = read_eac(archive({"a.xml": b"<a", "b.xml": GOOD, "c.xml": START, "d.txt": b"", "e.xml": GOOD}))
    assert [(item.label, bool(item.error)) for item in items] == [
        ("a.xml", True),
        ("b.xml", False),
        ("c.xml", True),
        ("e.xml", False),
    ]


def test_a_zip_bomb_is_not_decompressed() -> None:
    bomb = START + b" " * (MAX_ARCHIVE_RATIO * 200_000)
    (item,) = read_eac(archive({"bomb.xml": bomb}))
    assert item.error.message.startswith("This file is much larger")


def test_an_archive_that_lies_about_itself_is_refused() -> None:
    good = archive({"a.xml": GOOD * 1})
    at = good.rindex(b"PK\x01\x02")
    lies = good[: at + 20] + b"\xff\xff\xff\x7f" + good[at + 24 :]
    assert "overlap" in read_error(lies)
    broken = good[: len(good) // 3] + b"\x00" * 40 + good[len(good) // 3 + 40 :]
    assert read_error(broken)
    assert read_error(good[:-10]) == "This is not a ZIP archive, or it is damaged."


def test_an_encrypted_file_is_reported() -> None:
    good = bytearray(archive({"a.xml": GOOD}))
    good[6] |= 1
    good[good.rindex(b"PK\x01\x02") + 8] |= 1
    assert read_error(bytes(good)) == "This file in the archive is encrypted or damaged."


def test_what_systems_hide_in_archives_is_passed_over() -> None:
    items = read_eac(archive({"__MACOSX/a.xml": b"x", ".a.xml": b"x", "d/": b"", "d/A.XML": GOOD}))
    assert [(item.label, item.error) for item in items] == [("d/A.XML", None)]


def test_a_pipe_is_read_as_a_file_is() -> None:
    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

    for text in (GOOD, archive({"a.xml": GOOD})):
        (item,) = list(read_eac_cpf(Pipe(text)))
        assert not item.error


@given(st.binary(max_size=300))
def test_random_bytes_do_not_crash_the_reader(text: bytes) -> None:
    assert all(item.error for item in read_eac(text))


@given(st.integers(0, len(GOOD)), st.binary(min_size=1, max_size=4))
def test_damaged_files_do_not_crash_the_reader(at: int, text: bytes) -> None:
    for item in read_eac(GOOD[:at] + text + GOOD[at + len(text) :]):
        assert item.error or isinstance(person_schema.validate(item.data), dict)
