"""Encrypted streams are read back only whole, unchanged and with their passphrase."""

import io

import pytest

from biobank.errors import BackupRefused
from biobank.operations import encryption
from biobank.operations.encryption import CHUNK_BYTES, DecryptingReader, EncryptingWriter

PASSPHRASE = "correct horse battery staple"
#: Length of the header in bytes.
HEADER_BYTES = 53
CONTENT = bytes(range(256)) * (CHUNK_BYTES // 100)


@pytest.fixture(autouse=True)
def _cheap_scrypt(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lower the cost of scrypt, which is not what these tests are about."""
    monkeypatch.setattr(encryption, "SCRYPT_LOG2_COST", 4)


def encrypt(content: bytes) -> bytes:
    target = io.BytesIO()
    writer = EncryptingWriter(target, PASSPHRASE)
    for start in range(0, len(content), 10_000):
        writer.write(content[start : start + 10_000])
    writer.finish()
    return target.getvalue()


def decrypt(data: bytes, passphrase: str = PASSPHRASE) -> bytes:
    return DecryptingReader(io.BytesIO(data), passphrase).readall()


@pytest.mark.parametrize("size", [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 2 * CHUNK_BYTES])
def test_content_is_read_back(size: int) -> None:
    assert decrypt(encrypt(CONTENT[:size])) == CONTENT[:size]


def test_equal_content_is_encrypted_differently_each_time() -> None:
    assert encrypt(CONTENT)[HEADER_BYTES:] != encrypt(CONTENT)[HEADER_BYTES:]


def test_a_wrong_passphrase_is_refused() -> None:
    with pytest.raises(BackupRefused, match="passphrase is wrong"):
        decrypt(encrypt(CONTENT), PASSPHRASE + "!")


@pytest.mark.parametrize("at", [0, 29, 30, 50, HEADER_BYTES, HEADER_BYTES + CHUNK_BYTES, -1])
def test_a_changed_byte_is_refused(at: int) -> None:
    data = bytearray(encrypt(CONTENT))
    data[at] ^= 1
    with pytest.raises(BackupRefused):
        decrypt(bytes(data))


@pytest.mark.parametrize("end", [10, HEADER_BYTES, HEADER_BYTES + CHUNK_BYTES + 16, -1])
def test_a_truncated_file_is_refused(end: int) -> None:
    with pytest.raises(BackupRefused):
        decrypt(encrypt(CONTENT)[:end])


def test_exchanged_chunks_are_refused() -> None:
    data, size = encrypt(CONTENT), CHUNK_BYTES + 16
    start, first, second, rest = (
        data[:HEADER_BYTES],
        data[HEADER_BYTES : HEADER_BYTES + size],
        data[HEADER_BYTES + size : HEADER_BYTES + 2 * size],
        data[HEADER_BYTES + 2 * size :],
    )
    with pytest.raises(BackupRefused):
        decrypt(start + second + first + rest)


def test_an_exorbitant_cost_is_refused() -> None:
    data = bytearray(encrypt(CONTENT))
    data[29] = 40
    with pytest.raises(BackupRefused, match="header"):
        decrypt(bytes(data))
