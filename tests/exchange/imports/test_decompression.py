"""Files are read compressed or not, and decompression bombs are refused."""

import gzip
import io
import zlib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biobank.exchange.imports import decompression
from biobank.exchange.imports.decompression import open_decompressed, spool_to_disk
from biobank.exchange.imports.items import UnreadableFile


class Zeros(io.RawIOBase):
    """A generated gzip file of zeros."""

    def __init__(self, size: int) -> None:
        self.left = size
        self.packer = zlib.compressobj(9, wbits=31)
        self.read_bytes = 0

    def read(self, size: int = -1) -> bytes:
        out = b""
        while not out and self.left > 0:
            self.left -= 1 << 20
            out = self.packer.compress(bytes(1 << 20))
            if self.left <= 0:
                out += self.packer.flush()
        self.read_bytes += len(out)
        return out


@given(st.binary(max_size=2_000))
def test_plain_and_packed_bytes_are_the_same(content: bytes) -> None:
    packed = gzip.compress(content)
    assert open_decompressed(io.BytesIO(packed)).read() == content
    if not content.startswith(decompression.GZIP_MAGIC):
        assert open_decompressed(io.BytesIO(content)).read() == content


def test_multiple_gzip_members_and_padding_are_one_file() -> None:
    packed = gzip.compress(b"one\n") + gzip.compress(b"two\n") + bytes(64)
    assert open_decompressed(io.BytesIO(packed)).readlines() == [b"one\n", b"two\n"]


def test_a_gzip_bomb_is_refused_while_it_is_read() -> None:
    bomb = Zeros(1 << 32)
    stream = open_decompressed(bomb)  # type: ignore[arg-type]
    with pytest.raises(UnreadableFile, match="more than 200 times larger"):
        list(iter(lambda: stream.read(1 << 20), b""))
    assert bomb.read_bytes < 100_000


def test_a_file_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decompression, "MAX_GZIP_BYTES", 1_000)
    with pytest.raises(UnreadableFile, match=r"larger than 1,000 bytes. Split it"):
        open_decompressed(io.BytesIO(gzip.compress(bytes(2_000)))).read()


def test_a_truncated_gzip_file_is_reported() -> None:
    packed = gzip.compress(b"abc" * 1_000)
    with pytest.raises(UnreadableFile, match="The compressed file is incomplete"):
        open_decompressed(io.BytesIO(packed[:-12])).read()


@given(st.binary(max_size=200))
def test_what_only_begins_as_gzip_is_refused_or_read(content: bytes) -> None:
    with suppress(UnreadableFile):
        assert isinstance(open_decompressed(io.BytesIO(b"\x1f\x8b" + content)).read(), bytes)


def test_a_spool_is_an_exact_copy_within_its_limit() -> None:
    with spool_to_disk(io.BytesIO(b"abc")) as spool:
        assert spool.read() == b"abc"
    with pytest.raises(UnreadableFile, match="larger than 2 bytes"):
        spool_to_disk(io.BytesIO(b"abc"), 2)
