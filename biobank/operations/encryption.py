"""Encryption of backups with a passphrase: scrypt, then AES-256-GCM in chunks.

A file is a header (magic, cost of scrypt, salt, nonce prefix) and chunks of CHUNK_BYTES, each with
its tag. The nonce of a chunk is the prefix, the chunk number and a flag on the last chunk (the
STREAM construction of Hoang et al., 2015), so chunks cannot be reordered, repeated or cut off. The
header is authenticated with every chunk.
"""

import io
import secrets
from struct import Struct
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from biobank.errors import BackupRefused

MAGIC = b"biobank backup, encrypted, 1\n"
#: Magic, binary logarithm of scrypt's cost, salt, nonce prefix.
_HEADER = Struct(f"!{len(MAGIC)}sB16s7s")
_NONCE = Struct("!7sIB")
#: Cost of scrypt: 128 MB and a third of a second for a guess (OWASP Password Storage, 2025).
SCRYPT_LOG2_COST = 17
#: Highest cost accepted from a file: 1 GB of memory.
MAX_SCRYPT_LOG2_COST = 20
_SCRYPT_BLOCKS, _SCRYPT_LANES = 8, 1
_KEY_BYTES = 32
CHUNK_BYTES = 64 * 1024
_TAG_BYTES = 16
#: The chunk number has 32 bits: 256 TB.
_MAX_CHUNKS = 2**32


class EncryptingWriter(io.RawIOBase):
    """A binary stream that encrypts what is written to it; `finish` completes the file."""

    def __init__(self, target: IO[bytes], passphrase: str) -> None:
        self._target = target
        salt, self._prefix = secrets.token_bytes(16), secrets.token_bytes(7)
        self._header = _HEADER.pack(MAGIC, SCRYPT_LOG2_COST, salt, self._prefix)
        self._cipher = _cipher(passphrase, salt, SCRYPT_LOG2_COST)
        self._pending = bytearray()
        self._number = 0
        target.write(self._header)

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self._pending += data
        # The last chunk carries a flag, so a full chunk waits until more follows.
        while len(self._pending) > CHUNK_BYTES:
            self._write_chunk(bytes(self._pending[:CHUNK_BYTES]), is_last=False)
            del self._pending[:CHUNK_BYTES]
        return len(data)

    def finish(self) -> None:
        """Write the last chunk; without it the file is incomplete and cannot be read."""
        self._write_chunk(bytes(self._pending), is_last=True)

    def _write_chunk(self, data: bytes, *, is_last: bool) -> None:
        if self._number >= _MAX_CHUNKS:
            raise BackupRefused("the backup is larger than the format allows")
        nonce = _NONCE.pack(self._prefix, self._number, is_last)
        self._target.write(self._cipher.encrypt(nonce, data, self._header))
        self._number += 1


class DecryptingReader(io.RawIOBase):
    """A binary stream of the content of an encrypted file."""

    def __init__(self, source: IO[bytes], passphrase: str) -> None:
        """Read the header.

        Raises:
            BackupRefused: the header is damaged.
        """
        self._source = source
        self._header = source.read(_HEADER.size)
        if len(self._header) != _HEADER.size or not self._header.startswith(MAGIC):
            raise BackupRefused("the header of the encrypted backup is damaged")
        _, cost, salt, self._prefix = _HEADER.unpack(self._header)
        if not SCRYPT_LOG2_COST <= cost <= MAX_SCRYPT_LOG2_COST:
            raise BackupRefused("the header of the encrypted backup is damaged")
        self._cipher = _cipher(passphrase, salt, cost)
        self._number = 0
        self._next = source.read(CHUNK_BYTES + _TAG_BYTES)
        if not self._next:
            # Even empty content has a chunk.
            raise BackupRefused("the backup is damaged or incomplete")
        self._data = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        """Fill `buffer` with decrypted content.

        Raises:
            BackupRefused: wrong passphrase, or the file is damaged or incomplete.
        """
        while not self._data and self._next:
            self._data = memoryview(self._read_chunk())
        size = min(len(buffer), len(self._data))
        buffer[:size] = self._data[:size]
        self._data = self._data[size:]
        return size

    def _read_chunk(self) -> bytes:
        chunk, self._next = self._next, self._source.read(CHUNK_BYTES + _TAG_BYTES)
        nonce = _NONCE.pack(self._prefix, self._number, not self._next)
        try:
            data = self._cipher.decrypt(nonce, chunk, self._header)
        except InvalidTag as error:
            if self._number == 0:
                raise BackupRefused("the passphrase is wrong, or the backup is damaged") from error
            raise BackupRefused("the backup is damaged or incomplete") from error
        self._number += 1
        return data


def is_encrypted(start: bytes) -> bool:
    """Return whether a file that starts with these bytes is an encrypted backup."""
    return start.startswith(MAGIC)


def _cipher(passphrase: str, salt: bytes, log2_cost: int) -> AESGCM:
    scrypt = Scrypt(salt, _KEY_BYTES, 2**log2_cost, _SCRYPT_BLOCKS, _SCRYPT_LANES)
    return AESGCM(scrypt.derive(passphrase.encode()))
