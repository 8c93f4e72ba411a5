"""The folder of uploaded files that wait to be imported."""

import os
from pathlib import Path

import pytest

from biobank.exchange.imports.uploads import UploadStore


def test_concurrent_removal_is_tolerated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    uploads = UploadStore(tmp_path)
    old, removed = uploads.save(b"{}", None), uploads.save(b"{}", None)
    os.utime(tmp_path / old, (0, 0))
    monkeypatch.setattr(uploads, "_names", lambda: [removed, old])
    (tmp_path / removed).unlink()
    assert uploads.remove_expired() == [old]
