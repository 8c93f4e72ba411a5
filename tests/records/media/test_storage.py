"""The media folder stores complete files under validated names only."""

from pathlib import Path

import pytest

from biobank.errors import StoreUnavailable
from biobank.records.media.storage import MediaFolder
from biobank.records.media.urls import SQUARE, picture_file_path, portrait_sha, sha_from_url

SHA = "ab" * 32
FILES: dict[int | str, bytes] = {160: b"small", SQUARE: b"square"}


def test_files_are_stored_by_hash_and_size(tmp_path: Path) -> None:
    media = MediaFolder(tmp_path / "media")
    assert not media.has(SHA)
    media.write(SHA, FILES)
    assert media.has(SHA)
    assert media.read(SHA, "160") == b"small"
    assert media.read(SHA, SQUARE) == b"square"
    assert media.read(SHA, "320") is None
    media.remove(SHA)
    assert not media.has(SHA)
    assert [path for path in (tmp_path / "media").rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(
    ("sha", "size"),
    [
        ("../" * 21 + "x", "160"),
        (SHA, "../160"),
        (SHA, "160/../160"),
        (SHA, "*"),
        (SHA, "١٦٠"),
        (SHA, "9" * 400),
        (SHA.upper(), "160"),
        (SHA + "\n", "160"),
        ("", ""),
    ],
)
def test_invalid_names_do_not_leave_the_folder(tmp_path: Path, sha: str, size: str) -> None:
    media = MediaFolder(tmp_path / "media")
    media.write(SHA, FILES)
    (tmp_path / "media" / "secret.webp").write_bytes(b"secret")
    assert media.read(sha, size) is None


def test_a_failed_write_leaves_no_partial_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    media = MediaFolder(tmp_path)

    def full(*_: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(StoreUnavailable):
        media.write(SHA, FILES)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_urls_identify_pictures_and_records_their_portrait() -> None:
    assert sha_from_url(f"/media/{SHA}") == SHA
    for other_url in (picture_file_path(SHA, 160), f"https://a.az/media/{SHA}", f"/media/{SHA}/", "", SHA):
        assert sha_from_url(other_url) == ""
    foreign = {"type": "image", "url": "https://a.az/1.jpg"}
    film = {"type": "video", "url": f"/media/{'cd' * 32}"}
    own = {"type": "image", "url": f"/media/{SHA}"}
    assert portrait_sha({"media": [foreign, film, own]}) == SHA
    assert portrait_sha({"media": [foreign]}) == portrait_sha({}) == ""
