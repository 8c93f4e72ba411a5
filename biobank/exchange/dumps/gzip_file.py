"""Gzip files with a comment in the header: what they hold, their licence and date."""

import gzip
import os
import struct
import zlib
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Self

#: Header flags of RFC 1952 for a name and a comment, and "unknown" as the operating system.
_HAS_NAME, _HAS_COMMENT, _UNKNOWN_OS = 8, 16, 255
#: zlib's default level: one level more takes half as long again to save two per cent.
GZIP_LEVEL = 6


class GzipFile:
    """A writer of gzip files with a comment, which Python's gzip module does not support.

    JSON Lines and CSV have no place for metadata: each line is a record. The same text and mtime
    give the same bytes.
    """

    def __init__(self, file: Path, name: str, comment: str, mtime: int) -> None:
        """Open `file`; `name` is the name of the content, `mtime` its Unix timestamp in seconds."""
        self._out = file.open("wb")
        self._compressor = zlib.compressobj(GZIP_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
        self._crc, self._length = zlib.crc32(b""), 0
        self._hash = sha256()
        self.bytes = 0
        header = struct.pack(
            "<HBBIBB", 0x8B1F, 8, _HAS_NAME | _HAS_COMMENT, mtime & 0xFFFFFFFF, 0, _UNKNOWN_OS
        )
        # RFC 1952 requires both to be Latin-1 and to end with NUL.
        metadata = b"".join(text.encode("latin-1", "replace") + b"\0" for text in (name, comment))
        self._write_raw(header + metadata)

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()

    def write(self, text: str) -> None:
        content = text.encode()
        self._crc, self._length = zlib.crc32(content, self._crc), self._length + len(content)
        self._write_raw(self._compressor.compress(content))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        error: type[BaseException] | None,
        _value: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        if error is None:
            self._write_raw(self._compressor.flush())
            self._write_raw(struct.pack("<II", self._crc, self._length & 0xFFFFFFFF))
            # Flush to disk, so that after a power cut this dump or the previous one is complete.
            self._out.flush()
            os.fsync(self._out.fileno())
        self._out.close()

    def _write_raw(self, content: bytes) -> None:
        self.bytes += len(content)
        self._hash.update(content)
        self._out.write(content)


def read_comment(file: Path) -> str:
    """Return the header comment of a file written by `GzipFile`; empty if it has none."""
    with file.open("rb") as stream:
        header = stream.read(4096)
    if len(header) < 10 or not header[3] & _HAS_COMMENT:
        return ""
    fields = header[10:].split(b"\0")
    return fields[1 if header[3] & _HAS_NAME else 0].decode("latin-1")


def read_text(file: Path) -> str:
    """Return the whole decompressed text, for files that fit in memory."""
    with gzip.open(file, "rt", encoding="utf-8", newline="") as stream:
        return stream.read()
